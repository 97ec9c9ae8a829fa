BeforeAll {
    . $PSScriptRoot/Common.ps1
    $root = New-SampleMarketplace
}

Describe 'Install-Plugin' {
    BeforeEach {
        $at = New-TestHome
        Add-PluginMarketplace $root @at
    }

    It 'installs by name, and says what the plugin brings' {
        $result = Install-Plugin deploy@corp @at
        $result.PSTypeNames[0] | Should -Be 'PluginMarket.PluginOperationResult'
        $result.Action | Should -Be 'Install'
        $result.Status | Should -Be 'Installed'
        $result.RestartRequired | Should -BeTrue
        $result.CacheVersion | Should -Be 'local'
        $result.Version | Should -Be '2.1.0'
        $result.Path | Should -Exist
        $result.Capabilities.Component | Sort-Object -Unique | Should -Be 'Hook', 'McpServer', 'Skill'
        ($result.Capabilities | Where-Object Component -EQ Hook).Command | Should -Be 'echo checked'
        ($result.Capabilities | Where-Object Component -EQ Hook).Event | Should -Be 'PreToolUse'
        ($result.Capabilities | Where-Object Url).Url | Should -Be 'https://mcp.example.com/api'
        $result | ConvertTo-Json -Depth 6 | Should -Not -Match 'topsecret'
        Get-Content -Raw (Join-Path $at.CodexHome 'config.toml') | Should -Match '\[plugins\."deploy@corp"\]\r?\nenabled = true'
    }

    It 'takes a name and -Marketplace, and a name alone where only one marketplace has it' {
        (Install-Plugin notes -Marketplace corp @at).Id | Should -Be 'notes@corp'
        (Install-Plugin deploy @at).Id | Should -Be 'deploy@corp'
    }

    It 'refuses a name that two marketplaces have' {
        Add-PluginMarketplace (New-SampleMarketplace 'extra') @at
        $record = $null
        $result = Install-Plugin notes @at -ErrorAction SilentlyContinue -ErrorVariable record
        $result.Status | Should -Be 'Failed'
        $record[0].FullyQualifiedErrorId | Should -Be 'PluginNameAmbiguous,PluginMarket.Cmdlets.InstallPluginCommand'
        "$($record[0])" | Should -Match 'notes@corp'
    }

    It 'names the folder of the manifest version where asked' {
        (Install-Plugin deploy@corp -CacheVersion Manifest @at).Version | Should -Be '2.1.0'
    }

    It 'says Unchanged the second time, and changes nothing' {
        $null = Install-Plugin notes@corp @at
        $before = Get-FolderState $at.CodexHome
        $result = Install-Plugin notes@corp @at
        $result.Status | Should -Be 'Unchanged'
        Get-FolderState $at.CodexHome | Should -Be $before
    }

    It 'skips what changed, and replaces it with -Reinstall' {
        $changing = New-SampleMarketplace 'moving'
        Add-PluginMarketplace $changing @at
        $null = Install-Plugin notes@moving @at
        $null = New-TestPlugin $changing notes '1.1.0'
        $result = Install-Plugin notes@moving @at
        $result.Status | Should -Be 'Skipped'
        $result.ReasonCode | Should -Be 'UpdateAvailable'
        (Install-Plugin notes@moving -Reinstall -AcceptCapability All @at).Status | Should -Be 'Updated'
        (Get-InstalledPlugin notes@moving @at).Version | Should -Be '1.1.0'
    }

    It 'installs the defaults' {
        (Install-Plugin -Default @at).Id | Should -Be 'base@corp'
    }

    It 'leaves it disabled with -Disabled' {
        $null = Install-Plugin notes@corp -Disabled @at
        (Get-InstalledPlugin notes @at).Enabled | Should -BeFalse
    }

    It 'refuses what the catalog does not make available, whatever the object says' {
        $record = $null
        $forged = Find-Plugin locked@corp @at | Select-Object *
        $forged.Installation = 'AVAILABLE'
        $results = $forged, 'locked@corp' | Install-Plugin @at -ErrorAction SilentlyContinue -ErrorVariable record
        $results.Status | Should -Be 'Failed', 'Failed'
        $record | ForEach-Object { Get-ErrorCode $_ | Should -Be 'PluginNotAvailable' }
        $record[0].TargetObject | Should -Be 'locked@corp'
        Get-InstalledPlugin @at | Should -BeNullOrEmpty
    }

    It 'goes on after one that fails' {
        $record = $null
        $results = Install-Plugin nope@corp, notes@corp @at -ErrorAction SilentlyContinue -ErrorVariable record
        $results.Status | Should -Be 'Failed', 'Installed'
        Get-ErrorCode $record[0] | Should -Be 'PluginNotFound'
        $results[0].Error | Should -Be 'PluginNotFound'
    }

    It 'ignores blank lines and comments of a list, and nothing else' {
        $results = '# wanted', '', 'notes@corp', "  `t", '  # not yet: base@corp', 'deploy@corp' | Install-Plugin @at -ErrorAction Stop
        $results.Id | Sort-Object | Should -Be 'deploy@corp', 'notes@corp'
        '', '#' | Install-Plugin @at -ErrorAction Stop | Should -BeNullOrEmpty
        { '!x' | Install-Plugin @at -ErrorAction Stop } | Should -Throw -ErrorId 'InputNotAPlugin,*'
        { Install-Plugin '# x' @at -ErrorAction Stop } | Should -Throw -ErrorId 'NameInvalid,*'
    }

    It 'reports a name that is none' {
        { Install-Plugin 'bad name!' @at -ErrorAction Stop } | Should -Throw -ErrorId 'NameInvalid,*'
    }

    It 'does nothing under -WhatIf, and shows each plugin' {
        $before = Get-FolderState $at.CodexHome
        (Install-Plugin notes@corp, deploy@corp @at -WhatIf).Status | Should -Be 'WhatIf', 'WhatIf'
        Get-FolderState $at.CodexHome | Should -Be $before
    }

    It 'demands the version asked for' {
        (Install-Plugin deploy@corp -Version 2.1.0 @at).Status | Should -Be 'Installed'
        { Install-Plugin notes@corp -Version 9.0.0 @at -ErrorAction Stop } | Should -Throw -ErrorId 'VersionNotFound,*'
    }

    It 'leaves nothing but the home behind' {
        $null = Install-Plugin notes@corp @at
        (Get-ChildItem -Force $at.HomePath).Name | Should -Be '.codex'
    }

    Context 'from git' {
        BeforeAll {
            $repository = New-Folder
            $null = New-TestPlugin $repository one
            $null = New-TestPlugin $repository two
            $first = Save-Repository $repository
            $null = New-TestPlugin $repository one '2.0.0'
            $second = Save-Repository $repository
            $null = Invoke-Git $repository tag newest
            $catalog = New-Folder
            Set-Catalog $catalog 'git' @('one', 'two' | ForEach-Object { New-Entry $_ -Source @{ source = 'git-subdir'; url = (Get-FileUrl $repository); path = "plugins/$_" } })
        }

        BeforeEach {
            Add-PluginMarketplace $catalog @at
        }

        It 'records the commit' {
            $results = Install-Plugin one@git, two@git @at
            $results.Status | Should -Be 'Installed', 'Installed'
            $results.Commit | Should -Be $second, $second
            (Get-InstalledPlugin one @at).Commit | Should -Be $second
            Get-ChildItem -Recurse -Force (Join-Path $at.CodexHome 'plugins/cache') -Filter .git | Should -BeNullOrEmpty
        }

        It 'takes a sha or a ref instead of the newest' {
            (Install-Plugin one@git -Sha $first @at).Version | Should -Be '1.0.0'
            (Install-Plugin two@git -Ref newest @at).Commit | Should -Be $second
        }

        It 'fails for a ref that is missing, nothing installed' {
            { Install-Plugin one@git -Ref nope @at -ErrorAction Stop } | Should -Throw -ErrorId 'GitRefNotFound,*'
            Get-InstalledPlugin @at | Should -BeNullOrEmpty
        }
    }

    Context 'from a catalog that is not registered' {
        BeforeAll {
            $loose = New-SampleMarketplace 'loose'
        }

        It 'refuses in a host that is not interactive' {
            $record = $null
            $result = Find-Plugin notes -Path $loose @at | Install-Plugin @at -ErrorAction SilentlyContinue -ErrorVariable record
            $result.Status | Should -Be 'Failed'
            $record[0].FullyQualifiedErrorId | Should -Be 'MarketplaceNotTrusted,PluginMarket.Cmdlets.InstallPluginCommand'
            "$($record[0].CategoryInfo.Category)" | Should -Be 'SecurityError'
            Get-InstalledPlugin @at | Should -BeNullOrEmpty
            (Get-PluginMarketplace @at -Scope User).Name | Should -Be 'corp'
        }

        It 'registers it with -TrustMarketplace' {
            (Find-Plugin notes -Path $loose @at | Install-Plugin -TrustMarketplace @at).Status | Should -Be 'Installed'
            (Get-PluginMarketplace loose @at).Scope | Should -Be 'User'
        }

        It 'asks nothing and registers nothing under -WhatIf' {
            (Find-Plugin notes -Path $loose @at | Install-Plugin -TrustMarketplace @at -WhatIf -ErrorAction Stop).Status | Should -Be 'WhatIf'
            { Find-Plugin notes -Path $loose @at | Install-Plugin @at -WhatIf -ErrorAction Stop } | Should -Throw -ErrorId 'MarketplaceNotTrusted*'
            (Get-PluginMarketplace @at -Scope User).Name | Should -Be 'corp'
        }
    }

    Context 'objects of other homes and computers' {
        It 'takes the home from the object' {
            $plugin = Find-Plugin notes@corp @at
            ($plugin | Install-Plugin).CodexHome | Should -Be $at.CodexHome
            (Get-InstalledPlugin @at).Name | Should -Be 'notes'
        }

        It 'refuses another explicit home' {
            $other = New-TestHome
            $record = $null
            Find-Plugin notes@corp @at | Install-Plugin @other -ErrorAction SilentlyContinue -ErrorVariable record
            $record[0].FullyQualifiedErrorId | Should -Be 'HomeConflict,PluginMarket.Cmdlets.InstallPluginCommand'
            Get-FolderState $other.CodexHome | Should -BeNullOrEmpty
        }

        It 'refuses an object of another computer' {
            $plugin = Find-Plugin notes@corp @at | Select-Object *
            $plugin.ComputerName = 'elsewhere'
            { $plugin | Install-Plugin @at -ErrorAction Stop } | Should -Throw -ErrorId 'ForeignComputer,*'
        }
    }

    It 'installs what a desired state lists, and removes nothing' {
        $null = Install-Plugin mail@corp @at
        $state = Join-Path (New-Folder) 'state.json'
        Set-Json $state ([ordered]@{ format = 1; id = 'dev'; revision = '1'; plugins = @(@{ id = 'notes@corp'; enabled = $false }, @{ id = 'mail@corp'; exist = $false }); unlisted = 'remove' })
        Install-Plugin -RequiredPluginFile $state -WhatIf @at | ForEach-Object { "$($_.Id) $($_.Action) $($_.Status)" } | Sort-Object | Should -Be 'mail@corp Install Skipped', 'notes@corp Install WhatIf'
        $result = Install-Plugin -RequiredPluginFile $state @at
        $result[0].PSTypeNames[0] | Should -Be 'PluginMarket.PluginOperationResult'
        $result | ForEach-Object { "$($_.Id) $($_.Status) $($_.ReasonCode)" } | Sort-Object | Should -Be 'mail@corp Skipped AddsOnly', 'notes@corp Installed '
        (Get-InstalledPlugin @at | Sort-Object Id).EffectiveEnabled | Should -Be $true, $false
        (Install-Plugin -RequiredPlugin @{ plugins = @(@{ id = 'notes@corp'; enabled = $false; hold = 'CHG-1' }) } @at).Action | Should -Be 'Hold'
        (Install-Plugin -RequiredPlugin @{ plugins = @(@{ id = 'notes@corp'; enabled = $false; hold = 'CHG-1' }) } @at).Status | Should -Be 'Unchanged'
        { Install-Plugin -RequiredPluginFile $state -Reinstall @at } | Should -Throw -ErrorId 'SourceInvalid,PluginMarket.Cmdlets.InstallPluginCommand'
        Install-Plugin -RequiredPlugin @{ plugins = @(@{ id = 'gone@corp' }) } @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'PluginNotFound'
    }
}
