BeforeAll {
    . $PSScriptRoot/Common.ps1

    function Add-Hook([string] $Folder, [string] $Command) {
        Set-Json (Join-Path $Folder 'hooks/hooks.json') @{ hooks = @{ SessionStart = @(@{ hooks = @(@{ type = 'command'; command = $Command }) }) } }
    }

    function New-Shop([string[]] $Plugin = 'kit') {
        $root = New-Folder
        foreach ($name in $Plugin) { $null = New-TestPlugin $root $name }
        Set-Catalog $root mk @($Plugin | ForEach-Object { New-Entry $_ })
        $root
    }
}

Describe 'Approvals' {
    BeforeEach {
        $root = New-Shop
        Add-Hook "$root/plugins/kit" 'echo one'
        $null = Save-Repository $root
        $a = New-TestHome
        $b = New-TestHome
        foreach ($at in $a, $b) { Add-PluginMarketplace (Get-FileUrl $root) @at; $null = Install-Plugin kit @at }
        Add-Hook "$root/plugins/kit" 'echo two'
        $null = Save-Repository $root
        $file = Join-Path (New-Folder) approvals.json
        $null = Get-PluginUpdate -Refresh @a | Approve-Plugin -ApprovalFile $file @a
        $approved = ((Get-Content $file -Raw) | ConvertFrom-Json).approvals[0].treeHash

        # An approval is dated in whole seconds: what was added within its second is not older.
        $snapshot = "$($b.CodexHome)/.tmp/marketplaces/mk"
        foreach ($path in $snapshot, "$snapshot/.codex-marketplace-install.json") {
            if (Test-Path -LiteralPath $path) { [IO.Directory]::SetLastWriteTimeUtc($path, [datetime]::UtcNow.AddMinutes(-1)) }
        }
    }

    It 'are compared with what is installed: <Command>' -ForEach @(
        @{ Command = 'Update-Plugin'; Run = { param($file, $at) Update-Plugin -ApprovalFile $file @at -ErrorAction SilentlyContinue } }
        @{ Command = 'Install-Plugin'; Run = { param($file, $at) Install-Plugin kit -ApprovalFile $file @at -ErrorAction SilentlyContinue } }
    ) {
        $old = & $Run $file $b
        $old.Status, $old.ReasonCode | Should -Be 'Failed', 'NotRefreshed'
        (Get-InstalledPlugin kit @b).TreeHash | Should -Not -Be $approved
        $null = Update-PluginMarketplace @b
        $new = & $Run $file $b
        $new.Status, $new.TreeHash | Should -Be 'Updated', $approved
        $again = & $Run $file $b
        $again.Status, $again.TreeHash, $again.RestartRequired | Should -Be 'Unchanged', $approved, $false
    }

    It 'are fetched for with -Refresh' {
        (Update-Plugin -Refresh -ApprovalFile $file @b).Status | Should -Be 'Updated'
    }

    It 'refuse what they do not list, installed or not' {
        $none = Join-Path (New-Folder) none.json
        '{"format":1,"approvals":[]}' | Set-Content $none
        foreach ($result in @(Update-Plugin -ApprovalFile $none @a -ErrorAction SilentlyContinue), @(Install-Plugin kit -ApprovalFile $none @a -ErrorAction SilentlyContinue)) {
            $result.Status, $result.Error | Should -Be 'Failed', 'CapabilityNotAccepted'
        }
    }

    It 'cover the manifest that is created from the catalog entry' {
        $at = New-TestHome
        $market = New-Folder
        foreach ($name in 'good', 'docs') {
            $null = New-Item -ItemType Directory -Force "$market/plugins/p/$name/s"
            "---`nname: $name`ndescription: d`n---`nx`n" | Set-Content "$market/plugins/p/$name/s/SKILL.md"
        }

        $entry = { param($skills) Set-Catalog $market bare @([ordered]@{ name = 'p'; source = './plugins/p'; version = '1.0.0'; skills = $skills }) }
        & $entry './good'
        Add-PluginMarketplace $market @at
        $null = Install-Plugin p @at
        'x' | Set-Content "$market/plugins/p/v.txt"
        $approvals = Join-Path (New-Folder) a.json
        $null = Get-PluginUpdate p @at | Approve-Plugin -ApprovalFile $approvals @at
        & $entry './good', './docs'
        (Update-Plugin p -ApprovalFile $approvals @at -ErrorAction SilentlyContinue).Error | Should -Be 'UpdateChangedSinceReview'
        @(Get-PluginUpdate p @at).Count | Should -Be 1
    }
}

Describe 'Lock files' {
    BeforeEach {
        $root = New-Shop kit, extra
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        $null = Install-Plugin kit @at
        $lock = Join-Path (New-Folder) plugins.lock.json
        $null = Export-PluginLockFile $lock @at
    }

    It 'rename a folder without calling it an update' {
        $result = Install-Plugin -LockFile $lock -Frozen @at
        $result.Status, $result.ReasonCode, $result.RestartRequired | Should -Be 'Unchanged', 'FolderRenamed', $false
        $result.Version, $result.CacheVersion, $result.PreviousCacheVersion | Should -Be '1.0.0', '1.0.0', 'local'
        (Install-Plugin -LockFile $lock -Frozen @at).ReasonCode | Should -BeNullOrEmpty
    }

    It 'leave disabled plugins disabled, and say so' {
        Disable-Plugin kit @at
        $result = Install-Plugin -LockFile $lock -Frozen @at
        $result.Status, $result.Enabled | Should -Be 'Unchanged', $false
        $result.Reason | Should -BeLike '*disabled*'
        (Install-Plugin -LockFile $lock -Frozen @at).ReasonCode | Should -Be 'LeftDisabled'
        (Get-InstalledPlugin kit @at).Enabled | Should -BeFalse
        (Install-Plugin -LockFile $lock -Frozen -Enable @at).Enabled | Should -BeTrue
        (Get-InstalledPlugin kit @at).Enabled | Should -BeTrue
    }

    It 'take -Name as a filter' {
        $null = Install-Plugin extra @at
        $null = Export-PluginLockFile $lock @at
        $there = New-TestHome
        (Install-Plugin -LockFile $lock -Frozen -Name 'ki*' @there -WarningAction SilentlyContinue).Name | Should -Be 'kit'
        { Install-Plugin -LockFile $lock -Frozen -Name nothing @there -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNotFound,*'
    }

    It 'keep their bytes through the pipeline, <How>' -ForEach @(
        @{ How = 'live'; Pass = { $input } }
        @{ How = 'as CliXml'; Pass = { $xml = Join-Path $TestDrive x.xml; $input | Export-Clixml $xml; Import-Clixml $xml } }
        @{ How = 'as JSON'; Pass = { $input | ConvertTo-Json -Depth 9 | ConvertFrom-Json } }
    ) {
        $null = New-TestPlugin $root kit '2.0.0'
        $there = New-TestHome
        Add-PluginMarketplace $root @there
        $entry = Get-PluginLockFile $lock @at | & $Pass
        $result = $entry | Install-Plugin @there -ErrorAction SilentlyContinue
        $result.Status, $result.Error | Should -Be 'Failed', 'LockFileMismatch'
        $null = New-TestPlugin $root kit
        ($entry | Install-Plugin @there).Status | Should -Be 'Installed'
    }

    It 'are compared in both directions with -Exact' {
        $null = Install-Plugin extra @at
        Test-PluginIntegrity -LockFile $lock -Quiet @at | Should -BeTrue
        Test-PluginIntegrity -LockFile $lock -Exact -Quiet @at | Should -BeFalse
        $rows = Test-PluginIntegrity -LockFile $lock -Exact @at
        ($rows | Where-Object Name -EQ extra).State | Should -Be 'NotLocked'
        ($rows | Where-Object Name -EQ kit).IsIntact | Should -BeTrue
        $null = Uninstall-Plugin extra @at -Confirm:$false
        Test-PluginIntegrity -LockFile $lock -Exact -Quiet @at | Should -BeTrue
        Disable-Plugin kit @at
        (Test-PluginIntegrity -LockFile $lock -Exact @at).State | Should -Be 'Disabled'
        Enable-Plugin kit @at
        Remove-PluginMarketplace mk @at -Confirm:$false
        (Test-PluginIntegrity -LockFile $lock -Exact @at).State | Should -Be 'MarketplaceRemoved'
    }

    It 'are what a reader sees: <Field>' -ForEach @(
        @{ Field = 'command'; From = 'echo checked'; To = 'echo hello' }
        @{ Field = 'event'; From = 'PreToolUse"'; To = 'SessionStart"' }
        @{ Field = 'matcher'; From = '"Bash"'; To = '"Never"' }
    ) {
        $null = New-TestPlugin $root kit '1.1.0' -Component Hook
        $null = Update-Plugin kit -AcceptCapability Hook @at
        $null = Export-PluginLockFile $lock @at
        $text = Get-Content $lock -Raw
        $text | Should -BeLike "*$From*"
        $text.Replace($From, $To) | Set-Content $lock
        $there = New-TestHome
        (Install-Plugin -LockFile $lock -Frozen @there -ErrorAction SilentlyContinue -WarningAction SilentlyContinue).Error | Should -Be 'LockFileMismatch'
        Test-PluginIntegrity -LockFile $lock -Quiet @at | Should -BeFalse
    }
}

Describe 'Holds' {
    BeforeEach {
        $root = New-Shop
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        $null = Install-Plugin kit @at
    }

    It 'are not undone by -Reinstall' {
        $held = Suspend-PluginUpdate kit -PassThru @at
        $result = Install-Plugin kit -Reinstall @at
        $result.Status | Should -Be 'Unchanged'
        $now = Get-InstalledPlugin kit @at
        $now.Path, $now.HeldAgainstCodex | Should -Be $held.Path, $held.HeldAgainstCodex
    }

    It 'are skipped by updating everything, and an error for who names the plugin' {
        Suspend-PluginUpdate kit @at
        $null = New-TestPlugin $root kit '2.0.0'
        $result = Update-Plugin @at -ErrorVariable problem
        $result.Status, $result.ReasonCode | Should -Be 'Skipped', 'Held'
        $problem | Should -BeNullOrEmpty
        { Update-Plugin kit @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginHeld,*'
        (Get-InstalledPlugin kit @at).Version | Should -Be '1.0.0'
    }
}

Describe 'What cannot be compared' {
    It 'is a row of its own' {
        $root = New-Shop kit, old
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        $null = 'kit', 'old' | Install-Plugin @at
        Set-Catalog $root mk @(New-Entry kit)
        $row = Get-PluginUpdate @at
        $row.Name, $row.Change, $row.Risk | Should -Be 'old', 'NoLongerListed', $null
        $results = Update-Plugin @at -ErrorVariable problem
        ($results | Where-Object Name -EQ old).Status, ($results | Where-Object Name -EQ old).ReasonCode | Should -Be 'Skipped', 'NoLongerListed'
        $problem | Should -BeNullOrEmpty
        (Get-PluginUpdate @at | Update-Plugin @at).Status | Should -Be 'Skipped'
    }

    It 'says of when the snapshot is' {
        $root = New-Shop
        $null = Save-Repository $root
        $at = New-TestHome
        Add-PluginMarketplace (Get-FileUrl $root) @at
        $null = Install-Plugin kit @at
        $null = New-TestPlugin $root kit '2.0.0'
        $null = Save-Repository $root
        $result = Update-Plugin @at
        $result.Status, $result.ReasonCode | Should -Be 'Unchanged', 'NotRefreshed'
        $result.SnapshotOn | Should -BeOfType ([DateTimeOffset])
        (Update-Plugin -Refresh @at).Version | Should -Be '2.0.0'
    }
}

Describe 'Claims' {
    It 'name the manifest version and the folder apart' {
        $root = New-Folder
        $null = New-TestPlugin $root kit '1.2.0'
        Set-Catalog $root mk @(New-Entry kit)
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        $result = Install-Plugin kit @at
        $result.Version, $result.CacheVersion | Should -Be '1.2.0', 'local'
        $plugin = Get-InstalledPlugin kit @at
        $plugin.Version, $plugin.CacheVersion | Should -Be '1.2.0', 'local'
        $check = Test-PluginIntegrity @at
        $check.Version, $check.CacheVersion | Should -Be '1.2.0', 'local'
        (Find-Plugin kit @at).IsAllowedByPolicy | Should -BeTrue
    }

    It 'can be named as types while the module is imported' {
        [scriptblock]::Create('[PluginMarket.Plugin], [PluginMarket.PluginMarketException], [PluginMarket.PluginOperationResult]').Invoke().Count | Should -Be 3
        $at = New-TestHome
        try { Install-Plugin nothing @at -ErrorAction Stop } catch { $_.Exception.GetType().FullName | Should -Be 'PluginMarket.PluginMarketException' }
    }
}

Describe '-WhatIf' {
    It 'gives a result and changes nothing' {
        $root = New-Shop
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        $before = Get-FolderState $at.CodexHome
        (Install-Plugin kit @at -WhatIf).Status | Should -Be 'WhatIf'
        Get-FolderState $at.CodexHome | Should -Be $before
    }

    It 'fails where the real run does' {
        $root = New-Shop
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        $null = Install-Plugin kit @at
        Suspend-PluginUpdate kit @at
        $null = New-TestPlugin $root kit '2.0.0'
        (Update-Plugin kit @at -WhatIf -ErrorAction SilentlyContinue).Error | Should -Be 'PluginHeld'
        (Update-Plugin @at -WhatIf).Status | Should -Be 'Skipped'
        (Uninstall-Plugin kit @at -WhatIf).Status | Should -Be 'WhatIf'
    }
}

Describe 'Pipelines' {
    BeforeEach {
        $root = New-Shop kit, other
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        $null = Install-Plugin kit @at
    }

    It 'find the one plugin that an input names: <What>' -ForEach @(
        @{ What = 'an installed plugin'; Get = { param($at) Get-InstalledPlugin kit @at } }
        @{ What = 'a catalog entry'; Get = { param($at) Find-Plugin kit @at } }
        @{ What = 'a name'; Get = { 'kit' } }
        @{ What = 'an id'; Get = { 'kit@mk' } }
        @{ What = 'a row with a column Name'; Get = { "Name`nkit" | ConvertFrom-Csv } }
        @{ What = 'JSON of an installed plugin'; Get = { param($at) Get-InstalledPlugin kit @at | ConvertTo-Json | ConvertFrom-Json } }
    ) {
        (& $Get $at | Find-Plugin @at).Id | Should -Be 'kit@mk'
    }

    It 'list everything in a marketplace for a marketplace alone' {
        (Get-PluginMarketplace mk @at | Find-Plugin @at).Count | Should -Be 2
    }

    It 'install from a table with the one column Name' {
        ("Name`nother" | ConvertFrom-Csv | Install-Plugin @at).Status | Should -Be 'Installed'
        { Get-PluginMarketplace mk @at | Install-Plugin @at -ErrorAction Stop } | Should -Throw -ErrorId 'InputNotAPlugin,*'
    }
}
