BeforeAll {
    . $PSScriptRoot/Common.ps1
    $root = New-SampleMarketplace
}

Describe 'Uninstall-Plugin' {
    BeforeEach {
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp, deploy@corp, old-one@corp @at
    }

    It 'removes by name' {
        $result = Uninstall-Plugin notes @at -Confirm:$false
        $result.PSTypeNames[0] | Should -Be 'PluginMarket.PluginOperationResult'
        $result.Action | Should -Be 'Uninstall'
        $result.Status | Should -Be 'Removed'
        $result.Id | Should -Be 'notes@corp'
        (Get-InstalledPlugin @at).Name | Should -Be 'deploy', 'old-one'
        Join-Path $at.CodexHome 'plugins/cache/corp/notes' | Should -Not -Exist
        Get-Content -Raw (Join-Path $at.CodexHome 'config.toml') | Should -Not -Match 'notes'
    }

    It 'asks nobody with -Force, and does with -Confirm' {
        (Uninstall-Plugin notes @at -Force).Status | Should -Be 'Removed'
        Uninstall-Plugin deploy @at -Force -WhatIf | ForEach-Object Status | Should -Be 'WhatIf'
        Get-InstalledPlugin deploy @at | Should -Not -BeNullOrEmpty
    }

    It 'takes wildcards, ids and -Marketplace' {
        (Uninstall-Plugin 'old-*' @at -Confirm:$false).Name | Should -Be 'old-one'
        (Uninstall-Plugin deploy@corp @at -Confirm:$false).Name | Should -Be 'deploy'
        (Uninstall-Plugin notes -Marketplace corp @at -Confirm:$false).Name | Should -Be 'notes'
    }

    It 'changes nothing where everyone can write' -Skip:$IsWindows {
        [IO.File]::SetUnixFileMode((Join-Path $at.CodexHome 'plugins/cache'), [IO.UnixFileMode]511)
        $record = $null
        Uninstall-Plugin notes @at -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'HomeWritableByOthers'
        $record[0].CategoryInfo.Category | Should -Be 'SecurityError'
        (Get-InstalledPlugin notes @at).State | Should -Be 'Installed'
    }

    It 'goes on behind a plugin whose record is a folder' {
        $receipt = Join-Path $at.CodexHome 'plugins/.pluginmarket/receipts/corp/deploy.json'
        Remove-Item $receipt
        $null = New-Item -ItemType Directory $receipt
        $record = $null
        $results = Uninstall-Plugin deploy, notes @at -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable record -WarningAction SilentlyContinue
        Get-ErrorCode $record[0] | Should -Be 'StateCorrupt'
        ($results | Where-Object Status -EQ Removed).Name | Should -Be 'notes'
    }

    It 'refuses a name that is installed twice' {
        Add-PluginMarketplace (New-SampleMarketplace 'extra') @at
        $null = Install-Plugin notes@extra @at
        { Uninstall-Plugin notes @at -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNameAmbiguous,*'
        (Get-InstalledPlugin notes@* @at).Count | Should -Be 2
    }

    It 'says what is not installed, and goes on' {
        $record = $null
        $results = Uninstall-Plugin mail, notes @at -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'PluginNotInstalled'
        @($results | Where-Object Status -EQ Removed).Name | Should -Be 'notes'
    }

    It 'removes a piped plugin only in the version it was piped with' {
        $changing = New-SampleMarketplace 'moving'
        Add-PluginMarketplace $changing @at
        $null = Install-Plugin notes@moving -CacheVersion Manifest @at
        $seen = Get-InstalledPlugin notes@moving @at
        $null = New-TestPlugin $changing notes '1.1.0'
        $null = Install-Plugin notes@moving -Reinstall -CacheVersion Manifest -AcceptCapability All @at
        $record = $null
        $seen | Uninstall-Plugin -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable record
        $record.Count | Should -BeGreaterThan 0
        (Get-InstalledPlugin notes@moving @at).Version | Should -Be '1.1.0'
        (Get-InstalledPlugin notes@moving @at | Uninstall-Plugin -Confirm:$false).Status | Should -Be 'Removed'
    }

    It 'keeps the data folder, and removes it with -Purge' {
        $data = Join-Path $at.CodexHome 'plugins/data/notes-corp'
        $null = New-Item -ItemType Directory -Force $data
        'x' | Set-Content (Join-Path $data 'state')
        $null = Uninstall-Plugin notes @at -Confirm:$false
        $data | Should -Exist
        $null = Install-Plugin notes@corp @at
        $null = Uninstall-Plugin notes -Purge -Force @at -Confirm:$false
        $data | Should -Not -Exist
    }

    It 'needs confirmation, and says how to give it in a host that is not interactive, with <_.Keys>' -ForEach @{}, @{ Confirm = $true }, @{ Confirm = $true; Force = $true } {
        $record = $null
        $ConfirmPreference = 'High'
        $asked = $_
        Uninstall-Plugin notes @at @asked -ErrorAction SilentlyContinue -ErrorVariable record
        $record[0].FullyQualifiedErrorId | Should -Be 'ConfirmationRequired,PluginMarket.Cmdlets.UninstallPluginCommand'
        (Get-InstalledPlugin notes @at).State | Should -Be 'Installed'
    }

    It 'does nothing under -WhatIf' {
        $before = Get-FolderState $at.CodexHome
        (Uninstall-Plugin * -Purge @at -WhatIf).Status | Sort-Object -Unique | Should -Be 'WhatIf'
        Get-FolderState $at.CodexHome | Should -Be $before
    }
}
