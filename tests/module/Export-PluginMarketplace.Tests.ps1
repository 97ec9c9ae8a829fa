BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Export-PluginMarketplace' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp, deploy@corp @at
        $folder = New-Folder
        $lock = Join-Path $folder 'plugins.lock.json'
        $null = Export-PluginLockFile $lock @at
    }

    It 'writes a local marketplace whose bytes are the lock file''s' {
        $market = Export-PluginMarketplace (Join-Path $folder frozen) -LockFile $lock -Frozen @at
        $market.PSTypeNames[0] | Should -Be 'PluginMarket.Marketplace'
        $market.Name | Should -Be 'corp'
        $market.Plugins | Should -Be 2
        $other = New-TestHome
        Add-PluginMarketplace $market.Root @other
        (Find-Plugin @other).SourceType | Sort-Object -Unique | Should -Be 'Local'
        (Install-Plugin -LockFile $lock @other).Status | Should -Be 'Installed', 'Installed'
        (Get-InstalledPlugin @other).HeldAgainstCodex | Should -Be $true, $true
    }

    It 'writes a folder each for plugins of several marketplaces' {
        Add-PluginMarketplace (New-SampleMarketplace second) @at
        $null = Install-Plugin notes@second @at
        $null = Export-PluginLockFile $lock @at
        $markets = Export-PluginMarketplace (Join-Path $folder frozen) -LockFile $lock -Frozen @at
        $markets.Name | Should -Be 'corp', 'second'
        Join-Path $folder 'frozen/second/plugins/notes/.codex-plugin/plugin.json' | Should -Exist
    }

    It 'writes over nothing, and nothing under -WhatIf' {
        $target = Join-Path $folder frozen
        (Export-PluginMarketplace $target -LockFile $lock -Frozen -WhatIf @at).Status | Should -Be 'WhatIf'
        $target | Should -Not -Exist
        'x' | Set-Content (Join-Path (New-Item -ItemType Directory $target) file)
        Export-PluginMarketplace $target -LockFile $lock -Frozen @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'MarketplaceAlreadyExists'
        (Get-ChildItem $target).Name | Should -Be 'file'
    }

    It 'leaves nothing when a source holds other bytes' {
        Add-Content (Join-Path $root 'plugins/notes/skills/notes-skill/SKILL.md') 'new'
        Export-PluginMarketplace (Join-Path $folder frozen) -LockFile $lock -Frozen @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'LockFileMismatch'
        (Get-ChildItem $folder).Name | Should -Be 'plugins.lock.json'
    }
}
