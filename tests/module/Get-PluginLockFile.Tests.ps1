BeforeAll {
    . $PSScriptRoot/Common.ps1
    $at = New-TestHome
    $root = New-SampleMarketplace
    Add-PluginMarketplace $root @at
    $null = Install-Plugin deploy@corp @at
    $path = Join-Path (New-Folder) 'plugins.lock.json'
    $null = Export-PluginLockFile $path @at
}

Describe 'Get-PluginLockFile' {
    It 'shows each plugin with where its bytes come from' {
        $entry = Get-PluginLockFile $path @at
        $entry.PSTypeNames[0] | Should -Be 'PluginMarket.PluginLockEntry'
        $entry.Id | Should -Be 'deploy@corp'
        $entry.Version | Should -Be '2.1.0'
        $entry.SourceType | Should -Be 'Local'
        $entry.Source | Should -Be (Join-Path $root 'plugins/deploy')
        $entry.TreeHash | Should -Match '^sha256:[0-9a-f]{64}$'
        ($entry.Capabilities | Where-Object Component -EQ Hook).Command | Should -Be 'echo checked'
        $entry.HeldAgainstCodex | Should -BeTrue
        $entry.HeldReason | Should -Not -BeNullOrEmpty
        $entry.LockFile | Should -Be $path
    }

    It 'expands wildcards and reports a file that is not a lock file' {
        (Get-PluginLockFile (Join-Path (Split-Path $path) '*.json') @at).Id | Should -Be 'deploy@corp'
        $broken = Join-Path (New-Folder) 'broken.json'
        '{}' | Set-Content $broken
        Get-PluginLockFile $broken @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'StateCorrupt'
        Get-PluginLockFile (Join-Path (New-Folder) 'none.json') @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'SourceUnreachable'
    }
}

Describe 'Install-Plugin -LockFile' {
    It 'installs the same bytes elsewhere, and asks no catalog with -Frozen' {
        $other = New-TestHome
        $refused = Install-Plugin -LockFile $path @other -ErrorAction SilentlyContinue -ErrorVariable record
        $refused.Status | Should -Be 'Failed'
        Get-ErrorCode $record[0] | Should -Be 'MarketplaceNotFound'
        $result = Install-Plugin -LockFile $path -Frozen @other -WarningAction SilentlyContinue
        $result.Status | Should -Be 'Installed'
        $result.Version | Should -Be '2.1.0'
        (Get-InstalledPlugin -IncludeHash @other).TreeHash | Should -Be (Get-InstalledPlugin @at).TreeHash
        (Install-Plugin -LockFile $path -Frozen @other -WarningAction SilentlyContinue).Status | Should -Be 'Unchanged'
        Test-PluginIntegrity -LockFile $path -Quiet @other | Should -BeTrue
    }

    It 'shows its plan under -WhatIf and changes nothing' {
        $other = New-TestHome
        $before = Get-FolderState $other.CodexHome
        (Install-Plugin -LockFile $path -Frozen -WhatIf @other -WarningAction SilentlyContinue).Status | Should -Be 'WhatIf'
        Get-FolderState $other.CodexHome | Should -Be $before
    }

    It 'goes with no plugin names' {
        { Install-Plugin deploy -LockFile $path @at } | Should -Throw -ErrorId 'PositionalParameterNotFound*'
    }
}
