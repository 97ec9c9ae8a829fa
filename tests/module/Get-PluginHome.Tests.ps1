BeforeDiscovery {
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $manifest = if ($env:PLUGINMARKET_TEST_MANIFEST) { $env:PLUGINMARKET_TEST_MANIFEST } else { Join-Path $repository 'PluginMarket.psd1' }
    $takesHomes = (Import-PowerShellDataFile $manifest).CmdletsToExport | Where-Object { $_ -ne 'Get-PluginManifestRule' }
    # Other accounts are made and removed again, which only root can do.
    $isRoot = -not $IsWindows -and (id -u) -eq '0' -and (Get-Command useradd -CommandType Application -ErrorAction SilentlyContinue)
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Get-PluginHome' {
    It 'describes the home of this call' {
        $at = New-TestHome
        $root = New-Folder
        Set-Catalog $root corp (New-Entry notes)
        $null = New-TestPlugin $root notes
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp @at
        $found = Get-PluginHome @at
        $found.PSTypeNames[0] | Should -Be 'PluginMarket.PluginHome'
        $found.UserName, $found.CodexHome, $found.HomePath, $found.Exists, $found.Plugins, $found.Problem |
            Should -Be ([Environment]::UserName), $at.CodexHome, $at.HomePath, $true, 1, $null
        $null = Uninstall-Plugin notes@corp -Confirm:$false @at
        ($found | Get-PluginHome).Plugins | Should -Be 0 -Because 'a home that was found before is described as it is now'
    }

    It 'lists the accounts of people, and others only where they are asked for' -Skip:$IsWindows {
        $people = Get-PluginHome -AllUsers
        $all = Get-PluginHome -AllUsers -IncludeSystem
        $all.UserName | Should -Contain 'daemon'
        $people.UserName | Should -Not -Contain 'daemon'
        (Get-PluginHome -UserName daemo* -IncludeSystem).UserName | Sort-Object -Unique | Should -Be 'daemon'
        Get-PluginHome -Path /nowhere/* | Should -BeNullOrEmpty
    }

    It 'is not an object that a script can make up' {
        $fake = [pscustomobject]@{ UserName = 'root'; HomePath = '/root'; CodexHome = '/root/.codex'; ComputerName = [Environment]::MachineName }
        { Get-PluginInventory -PluginHome $fake } | Should -Throw -ErrorId 'CannotConvertArgument*'
    }
}

Describe 'A command that is given homes' {
    It 'has -PluginHome, of which it takes none besides another home: <_>' -ForEach $takesHomes {
        $parameter = (Get-Command $_).Parameters['PluginHome']
        $parameter.ParameterSets.Keys | Should -Be '__AllParameterSets'
        $parameter.ParameterSets['__AllParameterSets'].ValueFromPipeline | Should -BeTrue
    }

    It 'does nothing where no home comes: <_>' -ForEach 'Get-InstalledPlugin', 'Get-PluginInventory', 'Clear-PluginCache', 'Update-Plugin', 'Test-PluginEnvironment', 'Update-PluginMarketplace', 'Get-PluginHistory' {
        @() | & $_ -CodexHome (Join-Path (New-Folder) missing) | Should -BeNullOrEmpty
    }

    It 'refuses a second home beside it' {
        $at = New-TestHome
        { Get-PluginHome @at | Get-InstalledPlugin @at -ErrorAction Stop } | Should -Throw -ErrorId 'HomeConflict,*'
    }

    It 'refuses the home of another computer' {
        $foreign = [System.Management.Automation.PSSerializer]::Deserialize(([System.Management.Automation.PSSerializer]::Serialize((Get-PluginHome)) -replace "(<S N=`"ComputerName`">)[^<]*", '$1elsewhere'))
        { $foreign | Get-InstalledPlugin -ErrorAction Stop } | Should -Throw -ErrorId 'ForeignComputer,*'
    }
}

Describe 'The homes of other accounts' -Skip:(-not $isRoot) {
    BeforeAll {
        function Invoke-Tool([string] $Tool, [string[]] $Argument) {
            # The user database is locked while another test changes it.
            foreach ($attempt in 1..600) {
                $said = & $Tool @Argument 2>&1
                if ($LASTEXITCODE -eq 0) { return }
                Start-Sleep -Milliseconds 200
            }

            throw "$Tool $Argument`: $said"
        }

        function Get-Stranger([string] $Path, [string] $Name) { & find $Path -not -user $Name }

        $prefix = "pm$([guid]::NewGuid().ToString('n').Substring(0, 8))"
        $folder = New-Folder
        $names = 'a', 'b', 'c' | ForEach-Object { "$prefix$_" }
        foreach ($name in $names) { Invoke-Tool useradd @('--home-dir', "$folder/$name", '--create-home', '--shell', '/bin/sh', $name) }
        $root = New-SampleMarketplace
        $saved = $env:HOME, $env:CODEX_HOME
        $env:HOME = New-Folder
        $env:CODEX_HOME = $null
        $homes = Get-PluginHome -UserName "$prefix*"
    }

    AfterAll {
        $env:HOME, $env:CODEX_HOME = $saved
        foreach ($name in $names) { Invoke-Tool userdel @($name) }
    }

    It 'are listed before they exist' {
        $homes.UserName | Should -Be $names
        $homes.Exists | Should -Be $false, $false, $false
        $homes.Problem | Where-Object { $_ } | Should -BeNullOrEmpty
    }

    It 'are changed one after the other, each object with its home, and all that is made is their own' {
        ($homes | Add-PluginMarketplace $root -PassThru).CodexHome | Should -Be $homes.CodexHome
        $results = $homes | Install-Plugin notes@corp, mail@corp
        $results.Status | Sort-Object -Unique | Should -Be 'Installed'
        ($results | Group-Object UserName).Name | Should -Be $names
        ($homes | Get-InstalledPlugin notes).UserName | Should -Be $names
        ($homes | Get-InstalledPlugin notes | Disable-Plugin -PassThru).CodexHome | Should -Be $homes.CodexHome
        ($homes | Enable-Plugin notes -PassThru).EffectiveEnabled | Should -Be $true, $true, $true
        $null = $homes | Suspend-PluginUpdate notes
        ($homes | Resume-PluginUpdate notes -PassThru).Held | Should -Be $false, $false, $false
        ($homes | Repair-Plugin notes).Status | Should -Be 'Unchanged', 'Unchanged', 'Unchanged'
        ($homes | Update-Plugin notes).Status | Sort-Object -Unique | Should -Be 'Unchanged'
        ($homes | Uninstall-Plugin mail -Confirm:$false).Status | Should -Be 'Removed', 'Removed', 'Removed'
        $homes | Test-PluginIntegrity -Quiet | Should -Be $true, $true, $true
        ($homes | Get-PluginInventory).UserName | Should -Be $names
        ($homes | Get-PluginMarketplace corp).UserName | Should -Be $names
        ($homes | Find-Plugin notes).CodexHome | Should -Be $homes.CodexHome
        ($homes | Get-PluginHistory -Action Uninstall).UserName | Should -Be $names
        ($homes | Get-PluginHistory -Action Uninstall).By | Sort-Object -Unique | Should -Be ([Environment]::UserName)
        ($homes | Get-PluginHome).Plugins | Should -Be 1, 1, 1
        foreach ($name in $names) { Get-Stranger "$folder/$name" $name | Should -BeNullOrEmpty }
    }

    It 'are taken as a parameter beside what comes through the pipeline' {
        ('mail@corp', 'notes@corp' | Install-Plugin -PluginHome $homes).Count | Should -Be 6
        @() | Install-Plugin -PluginHome $homes | Should -BeNullOrEmpty
    }

    It 'are compared as one fleet' {
        $state = (Export-PluginState -Path (Join-Path (New-Folder) state.json) -PluginHome $homes[0]).FullName
        $homes | Get-PluginDrift -RequiredPluginFile $state -Quiet | Should -BeTrue
        ($homes | Get-PluginDrift -RequiredPluginFile $state -Summary).Reporting | Should -Be 3
        ($homes | Sync-Plugin $state).Status | Sort-Object -Unique | Should -Be 'Unchanged'
    }

    It 'get no file that would replace that of another' {
        $file = Join-Path (New-Folder) plugins.lock.json
        $null = $homes | Export-PluginLockFile $file -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures.FullyQualifiedErrorId | Sort-Object -Unique | Should -BeLike 'HomeConflict,*'
        @($failures).Count | Should -Be 2
        ($homes | Export-PluginInventory (New-Folder)).Count | Should -Be 3
    }

    It 'say in a preview where something would happen, and change nothing' {
        ($homes | Uninstall-Plugin notes -WhatIf).Status | Should -Be 'WhatIf', 'WhatIf', 'WhatIf'
        ($homes | Get-InstalledPlugin notes).Count | Should -Be 3
    }

    It 'fail one by one' {
        $config = Join-Path $homes[1].CodexHome config.toml
        $text = [IO.File]::ReadAllText($config)
        [IO.File]::WriteAllText($config, '[[[')
        $found = $homes | Get-InstalledPlugin notes -ErrorAction SilentlyContinue -ErrorVariable failures
        [IO.File]::WriteAllText($config, $text)
        $found.UserName | Should -Be $names[0], $names[2]
        $failures.FullyQualifiedErrorId | Should -BeLike 'ConfigInvalid,*'
        { $homes | Get-InstalledPlugin missing -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNotInstalled,*'
    }

    It 'are left so that every command of the command line succeeds for their owners' {
        . (Join-Path $PSScriptRoot SampleScripts.ps1)
        $program = Join-Path (Get-CommandLineFolder) pluginmarket.dll
        $null = New-TestPlugin $root notes '9.0.0'
        ($homes | Update-Plugin notes).Status | Should -Be 'Updated', 'Updated', 'Updated'
        ($homes | Test-PluginEnvironment).CodexHome | Sort-Object -Unique | Should -Be ($homes.CodexHome | Sort-Object)
        $commands = 'verify', 'list', 'inventory', 'history', 'marketplace list', 'outdated', 'rollback notes@corp', 'add mail@corp',
            'disable notes@corp', 'enable notes@corp', 'hold notes@corp', 'release notes@corp', 'update', 'repair notes@corp',
            'marketplace upgrade', 'remove mail@corp', 'remove notes@corp', 'marketplace remove corp', "marketplace add $root",
            'add notes@corp', 'add mail@corp'
        foreach ($name in $names) {
            foreach ($command in $commands) {
                $said = & setpriv --reuid $name --regid $name --init-groups env "HOME=$folder/$name" dotnet $program $command.Split(' ') 2>&1
                # 3 tells of updates, which is not a failure.
                $LASTEXITCODE | Should -BeIn @(0; if ($command -eq 'outdated') { 3 }) -Because "${name}: ${command}: $said"
            }

            Get-Stranger "$folder/$name" $name | Should -BeNullOrEmpty
        }
    }

    It 'are refused where they belong to somebody else than their account' {
        & chown root $homes[2].CodexHome
        ($homes[2] | Get-PluginHome).Problem | Should -BeLike 'It belongs to root, not to*'
        { $homes[2] | Install-Plugin mail@corp -ErrorAction Stop } | Should -Throw -ErrorId 'HomeNotOwned,*'
        & chown $names[2] $homes[2].CodexHome
        & chown $names[0] $homes[2].CodexHome
        { $homes[2] | Disable-Plugin notes -ErrorAction Stop } | Should -Throw -ErrorId 'HomeNotOwned,*'
        & chown $names[2] $homes[2].CodexHome
        ($homes[2] | Disable-Plugin notes -PassThru).Enabled | Should -BeFalse
    }
}
