BeforeDiscovery {
    # Every cmdlet that changes something: how it is called, how many results with a status its real run outputs, and how many objects it
    # gives under -WhatIf where that is another number.
    $changers = @(
        @{ Name = 'Add-PluginMarketplace'; Results = 0; Planned = 1; Command = { Add-PluginMarketplace $other @at @more } }
        @{ Name = 'Add-PluginMarketplaceEntry'; Results = 0; Planned = 1; Command = { Add-PluginMarketplaceEntry $root spare ./plugins/spare @at @more } }
        @{ Name = 'Approve-Plugin'; Results = 0; Planned = 1; Command = { Get-PluginUpdate deploy @at | Approve-Plugin -ApprovalFile (Join-Path $empty a.json) @at @more } }
        @{ Name = 'Clear-PluginCache'; Results = 1; Command = { Clear-PluginCache @at @more } }
        @{ Name = 'Disable-Plugin'; Results = 0; Planned = 1; Command = { Disable-Plugin notes @at @more } }
        @{ Name = 'Enable-Plugin'; Results = 0; Planned = 1; Command = { Enable-Plugin notes @at @more } }
        @{ Name = 'Export-PluginDirectory'; Results = 0; Planned = 1; Command = { Export-PluginDirectory (Join-Path $empty p.html) @at @more } }
        @{ Name = 'Export-PluginInventory'; Results = 0; Planned = 1; Command = { Export-PluginInventory $empty @at @more } }
        @{ Name = 'Export-PluginLockFile'; Results = 1; Command = { Export-PluginLockFile (Join-Path $empty l.json) @at @more } }
        @{ Name = 'Export-PluginMarketplace'; Results = 0; Planned = 1; Command = { Export-PluginMarketplace (Join-Path $empty m) -LockFile $lock -Frozen @at @more } }
        @{ Name = 'Export-PluginPolicy'; Results = 0; Command = { Export-PluginPolicy CodexRequirements -Path (Join-Path $empty r.toml) -AllowPartial -PolicyPath $policy @at @more } }
        @{ Name = 'Export-PluginState'; Results = 0; Planned = 1; Command = { Export-PluginState (Join-Path $empty s.json) @at @more } }
        @{ Name = 'Install-Plugin'; Results = 1; Command = { Install-Plugin base@corp @at @more } }
        @{ Name = 'New-Plugin'; Results = 0; Planned = 1; Command = { New-Plugin kit -MarketplacePath $root @at @more } }
        @{ Name = 'New-PluginMarketplace'; Results = 0; Planned = 1; Command = { New-PluginMarketplace (Join-Path $empty m) mine @at @more } }
        @{ Name = 'New-PluginPolicy'; Results = 0; Planned = 1; Command = { New-PluginPolicy (Join-Path $empty p.json) -Id corp @at @more } }
        @{ Name = 'Remove-PluginMarketplace'; Results = 0; Planned = 1; Command = { Remove-PluginMarketplace served @at @more } }
        @{ Name = 'Remove-PluginMarketplaceEntry'; Results = 0; Planned = 1; Command = { Remove-PluginMarketplaceEntry $root notes @at @more } }
        @{ Name = 'Repair-Plugin'; Results = 1; Command = { Repair-Plugin notes @at @more } }
        @{ Name = 'Repair-PluginManifest'; Results = 0; Planned = 1; Command = { Repair-PluginManifest (Join-Path $other faulty) @at @more } }
        @{ Name = 'Resume-PluginUpdate'; Results = 0; Planned = 1; Command = { Resume-PluginUpdate old-one @at @more } }
        @{ Name = 'Save-Plugin'; Results = 1; Command = { Save-Plugin base@corp $empty @at @more } }
        @{ Name = 'Set-PluginMarketplace'; Results = 0; Planned = 1; Command = { Set-PluginMarketplace served -Ref v1 @at @more } }
        @{ Name = 'Set-PluginMarketplaceEntry'; Results = 0; Planned = 1; Command = { Set-PluginMarketplaceEntry $root notes -Category x @at @more } }
        @{ Name = 'Suspend-PluginUpdate'; Results = 0; Planned = 1; Command = { Suspend-PluginUpdate notes @at @more } }
        @{ Name = 'Sync-Plugin'; Results = 0; Command = { Sync-Plugin -RequiredPlugin @{ plugins = @(@{ id = 'notes@corp'; enabled = $false }) } @at @more } }
        @{ Name = 'Undo-PluginUpdate'; Results = 1; Command = { Undo-PluginUpdate mail @at @more } }
        @{ Name = 'Uninstall-Plugin'; Results = 1; Command = { Uninstall-Plugin notes @at @more } }
        @{ Name = 'Update-Plugin'; Results = 1; Command = { Update-Plugin deploy -AcceptCapability All @at @more } }
        @{ Name = 'Update-PluginMarketplace'; Results = 1; Command = { Update-PluginMarketplace served @at @more } }
    )
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Every command that changes something' {
    It 'is in the table of this file' -ForEach @{ Names = $changers.Name } {
        $known = (Get-Module PluginMarket).ExportedCmdlets.Values | Where-Object { $_.Parameters.ContainsKey('WhatIf') }
        $known.Name | Sort-Object | Should -Be ($Names | Sort-Object)
    }

    It 'changes nothing under -WhatIf and tells a status where it gives one: <Name>' -ForEach $changers {
        $at = New-TestHome
        $root = New-SampleMarketplace
        $null = New-TestPlugin $root spare
        $served = New-SampleMarketplace served
        $null = Save-Repository $served
        $null = Invoke-Git $served tag v1
        $other = New-SampleMarketplace other
        [IO.File]::WriteAllText((Join-Path (New-Item -ItemType Directory (Join-Path $other 'faulty/.codex-plugin')) plugin.json), ([char]0xFEFF + '{"name":"faulty"}'))
        $empty = New-Folder
        Add-PluginMarketplace $root @at
        Add-PluginMarketplace (Get-FileUrl $served) @at
        $null = Install-Plugin notes@corp, deploy@corp, old-one@corp, mail@corp @at
        $lock = Join-Path (New-Folder) plugins.lock.json
        $null = Get-InstalledPlugin notes @at | Export-PluginLockFile $lock @at
        Suspend-PluginUpdate old-one @at
        $policy = Join-Path (New-Folder) policy.json
        $null = New-PluginPolicy $policy -Id corp @at
        $null = New-TestPlugin $root mail '2.0.0' -Component App
        $null = Update-Plugin mail @at
        $null = New-TestPlugin $root deploy '3.0.0' -Component Skill, Hook, McpServer
        $places = $root, $served, $other, $empty, $at.HomePath
        $before = $places | ForEach-Object { Get-FolderState $_ }

        $more = @{ WhatIf = $true }
        $dry = @(& $Command)
        $places | ForEach-Object { Get-FolderState $_ } | Should -Be $before
        # A plan also names what the state does not list.
        @($dry | Where-Object { $_.Status -cne 'WhatIf' -and ($Name -ne 'Sync-Plugin' -or $_.Status -cne 'Skipped') }) | Should -BeNullOrEmpty
        if ($Name -ne 'Sync-Plugin') { $dry.Count | Should -Be ($Planned ?? $Results) }
        # What was not done is not told as done.
        $dry.Reason | Where-Object { $_ } | Should -Not -Match '\b(is|was|were|has been|have been) (now|renamed|removed|installed|updated|turned)\b'

        $more = @{ Confirm = $false }
        # Plugins and marketplaces have a status too, which is not one of a change.
        @(& $Command | Where-Object { $_.PSObject.TypeNames[0] -match 'Result$|#|PluginCacheItem|PluginLockFile' }).Count | Should -Be $Results
        if ($Name -ne 'Repair-Plugin' -and $Name -ne 'Update-PluginMarketplace' -and $Name -ne 'Enable-Plugin') {
            ($places | ForEach-Object { Get-FolderState $_ }) -join "`n" | Should -Not -Be ($before -join "`n")
        }
    }
}

Describe 'What -WhatIf gives' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
    }

    It 'is the marketplace as it would be' {
        $place = Join-Path (New-Folder) new
        $new = New-PluginMarketplace $place mine -DisplayName Mine @at -WhatIf
        $new.Name, $new.DisplayName, $new.Status, $new.Plugins, $new.Root | Should -Be 'mine', 'Mine', 'WhatIf', 0, $place
        $new | Should -BeOfType ([PluginMarket.Marketplace])
        $added = Add-PluginMarketplace $root @at -WhatIf
        $added.Name, $added.Status, $added.Plugins, $added.IsRegistered | Should -Be 'corp', 'WhatIf', 6, $false
        $remote = Add-PluginMarketplace https://git.example.com/acme/tools.git -Ref v1 @at -WhatIf
        $remote.Name, $remote.Plugins, $remote.Root | Should -Be @($null, $null, $null)
        $remote.Source, $remote.Ref, $remote.Status | Should -Be 'https://git.example.com/acme/tools.git', 'v1', 'WhatIf'
        "$remote" | Should -Be 'https://git.example.com/acme/tools.git'
        (Add-PluginMarketplace https://git.example.com/acme/tools.git -Name tools @at -WhatIf).Name | Should -Be 'tools'

        Add-PluginMarketplace $root @at
        $other = New-SampleMarketplace
        $set = Set-PluginMarketplace corp -Source $other @at -WhatIf
        $set.Name, $set.Source, $set.Status, $set.Plugins | Should -Be 'corp', $other, 'WhatIf', $null
        $set = Set-PluginMarketplace corp -AutoUpdate $true @at -WhatIf
        $set.AutoUpdate, $set.Plugins, $set.Status | Should -Be $true, 6, 'WhatIf'
        (Get-PluginMarketplace corp @at).AutoUpdate | Should -BeNullOrEmpty
    }

    It 'is the entry as it would be' {
        $null = New-TestPlugin $root spare '3.1.0'
        $entry = Add-PluginMarketplaceEntry $root spare ./plugins/spare -Category Tools @at -WhatIf
        $entry.Id, $entry.Version, $entry.Category, $entry.Status | Should -Be 'spare@corp', '3.1.0', 'Tools', 'WhatIf'
        $entry = Set-PluginMarketplaceEntry $root notes -Category Other @at -WhatIf
        $entry.Category, $entry.Status | Should -Be 'Other', 'WhatIf'
        (Remove-PluginMarketplaceEntry $root notes @at -WhatIf).Id | Should -Be 'notes@corp'
        (Find-Plugin notes -Path $root @at).Status | Should -Be 'Available'
    }

    It 'is each plugin that would go with its marketplace' {
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes, mail @at
        $all = Remove-PluginMarketplace corp -UninstallPlugin @at -WhatIf
        $all.Status | Should -Be 'WhatIf', 'WhatIf', 'WhatIf'
        ($all | ForEach-Object { "$_" }) | Should -Be 'mail@corp', 'notes@corp', 'corp'
    }

    It 'says that a hold would rename the folder' {
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes @at
        (Suspend-PluginUpdate notes @at -WhatIf).Reason | Should -Be "It would be held, and its cache folder would be renamed from 'local' to '1.0.0'."
    }
}

Describe '-WhatIf' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        $empty = New-Folder
        $full = New-Folder
        'x' | Set-Content (Join-Path $full 'x')
        $null = New-TestPlugin $root 'spare'
    }

    It 'fails as the real run fails: <Name>' -ForEach @(
        @{ Name = 'New-PluginMarketplace, a catalog is there'; Command = { New-PluginMarketplace $root corp @at @more } }
        @{ Name = 'New-PluginMarketplace, a bad name'; Command = { New-PluginMarketplace (Join-Path $empty m) 'a b' @at @more } }
        @{ Name = 'New-PluginMarketplace, a reserved name'; Command = { New-PluginMarketplace (Join-Path $empty m) 'openai-curated' @at @more } }
        @{ Name = 'New-Plugin, a bad name'; Command = { New-Plugin 'Bad Name' -Path $empty @at @more } }
        @{ Name = 'New-Plugin, the folder holds something'; Command = { New-Plugin notes -Path (Join-Path $root plugins) @at @more } }
        @{ Name = 'New-Plugin, no such marketplace'; Command = { New-Plugin kit -MarketplacePath (Join-Path $empty nowhere) @at @more } }
        @{ Name = 'New-Plugin, outside of its marketplace'; Command = { New-Plugin kit -Path $empty -MarketplacePath $root @at @more } }
        @{ Name = 'Add-PluginMarketplaceEntry, listed already'; Command = { Add-PluginMarketplaceEntry $root notes ./plugins/notes @at @more } }
        @{ Name = 'Add-PluginMarketplaceEntry, no folder'; Command = { Add-PluginMarketplaceEntry $root gone ./plugins/gone @at @more } }
        @{ Name = 'Add-PluginMarketplaceEntry, another name'; Command = { Add-PluginMarketplaceEntry $root other ./plugins/spare @at @more } }
        @{ Name = 'Set-PluginMarketplaceEntry, no such entry'; Command = { Set-PluginMarketplaceEntry $root gone -Category x @at @more } }
        @{ Name = 'Remove-PluginMarketplaceEntry, no such entry'; Command = { Remove-PluginMarketplaceEntry $root gone @at @more } }
        @{ Name = 'Add-PluginMarketplace, no catalog'; Command = { Add-PluginMarketplace $empty @at @more } }
        @{ Name = 'Add-PluginMarketplace, another name'; Command = { Add-PluginMarketplace $root -Name other @at @more } }
        @{ Name = 'Add-PluginMarketplace, no such folder'; Command = { Add-PluginMarketplace (Join-Path $empty gone) @at @more } }
        @{ Name = 'Remove-PluginMarketplace, unknown'; Command = { Remove-PluginMarketplace gone @at @more } }
        @{ Name = 'Set-PluginMarketplace, unknown'; Command = { Set-PluginMarketplace gone -Ref main @at @more } }
        @{ Name = 'Disable-Plugin, not installed'; Command = { 'gone@corp' | Disable-Plugin @at @more } }
        @{ Name = 'Enable-Plugin, not installed'; Command = { 'gone@corp' | Enable-Plugin @at @more } }
        @{ Name = 'Uninstall-Plugin, not installed'; Command = { 'gone@corp' | Uninstall-Plugin @at @more } }
        @{ Name = 'Suspend-PluginUpdate, not installed'; Command = { 'gone@corp' | Suspend-PluginUpdate @at @more } }
        @{ Name = 'Resume-PluginUpdate, not installed'; Command = { 'gone@corp' | Resume-PluginUpdate @at @more } }
        @{ Name = 'Undo-PluginUpdate, not installed'; Command = { 'gone@corp' | Undo-PluginUpdate @at @more } }
        @{ Name = 'Save-Plugin, the folder contains something'; Command = { Save-Plugin notes@corp (Join-Path $root plugins) @at @more } }
        @{ Name = 'Repair-Plugin, not installed'; Command = { 'gone@corp' | Repair-Plugin @at @more } }
        @{ Name = 'Update-PluginMarketplace, unknown'; Command = { Update-PluginMarketplace gone @at @more } }
        @{ Name = 'Export-PluginLockFile, no folder'; Command = { Export-PluginLockFile (Join-Path $empty gone/l.json) @at @more } }
        @{ Name = 'Approve-Plugin, a file that is not one'; Command = { Approve-Plugin notes@corp -ApprovalFile (Join-Path $full x) @at @more } }
        @{ Name = 'Approve-Plugin, no folder'; Command = { Approve-Plugin notes@corp -ApprovalFile (Join-Path $empty gone/a.json) @at @more } }
        @{ Name = 'Export-PluginMarketplace, other bytes than locked'; Command = {
                if (-not (Test-Path ($lock = Join-Path $at.HomePath l.json))) {
                    Add-PluginMarketplace $root @at
                    $null = Install-Plugin notes @at
                    $null = Export-PluginLockFile $lock @at
                    $null = New-TestPlugin $root notes '2.0.0'
                }
                Export-PluginMarketplace (Join-Path $empty m) -LockFile $lock -Frozen @at @more
            }
        }
        @{ Name = 'Export-PluginDirectory, a folder'; Command = { Export-PluginDirectory $empty @at @more } }
        @{ Name = 'Export-PluginDirectory, no such marketplace'; Command = { Export-PluginDirectory (Join-Path $empty p.html) -Marketplace gone @at @more } }
    ) {
        $more = @{ WhatIf = $true }
        $dry = { & $Command } | Should -Throw -PassThru
        $more = @{ Confirm = $false }
        $real = { & $Command } | Should -Throw -PassThru
        $dry.FullyQualifiedErrorId | Should -Be $real.FullyQualifiedErrorId
        $dry.Exception.Message | Should -Be $real.Exception.Message
    }

    It 'changes nothing' {
        $before = Get-ChildItem -Recurse -Force $root, $empty, $at.CodexHome | ForEach-Object { "$($_.FullName) $($_.LastWriteTimeUtc.Ticks)" }
        New-PluginMarketplace (Join-Path $empty m) corp @at -WhatIf
        New-Plugin kit -MarketplacePath $root @at -WhatIf
        Add-PluginMarketplaceEntry $root spare ./plugins/spare @at -WhatIf
        Set-PluginMarketplaceEntry $root notes -Category x @at -WhatIf
        Remove-PluginMarketplaceEntry $root notes @at -WhatIf
        Add-PluginMarketplace $root @at -WhatIf
        Get-ChildItem -Recurse -Force $root, $empty, $at.CodexHome | ForEach-Object { "$($_.FullName) $($_.LastWriteTimeUtc.Ticks)" } | Should -Be $before
    }
}
