BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Repair-Plugin' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp, deploy@corp @at
        $file = Join-Path (Get-InstalledPlugin notes @at).Path 'skills/notes-skill/SKILL.md'
        $content = Get-Content -Raw $file
        Add-Content $file 'evil'
    }

    It 'puts back what was changed and leaves the rest' {
        $results = Repair-Plugin @at
        ($results | Where-Object Name -EQ notes).Status | Should -Be 'Updated'
        ($results | Where-Object Name -EQ deploy).Status | Should -Be 'Unchanged'
        $results.Action | Should -Be 'Repair', 'Repair'
        Get-Content -Raw $file | Should -Be $content
        Test-PluginIntegrity -Quiet @at | Should -BeTrue
    }

    It 'takes what Test-PluginIntegrity found' {
        (Test-PluginIntegrity @at | Where-Object { -not $_.IsIntact } | Repair-Plugin).Id | Should -Be 'notes@corp'
        Get-Content -Raw $file | Should -Be $content
    }

    It 'says once what to do about a receipt that cannot be read' {
        Clear-Content (Join-Path $at.CodexHome 'plugins/.pluginmarket/receipts/corp/notes.json')
        $record = $null
        $null = Repair-Plugin notes @at -WarningVariable warned -WarningAction SilentlyContinue -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'StateCorrupt'
        $record[0].Exception.Message | Should -Match 'Run Install-Plugin \S+ -Reinstall to install the plugin again\.$'
        $warned.Count | Should -Be 1
        (Install-Plugin notes@corp -Reinstall @at -WarningAction SilentlyContinue).Status | Should -Be 'Updated'
    }

    It 'changes nothing under -WhatIf' {
        $before = Get-FolderState $at.CodexHome
        (Repair-Plugin -WhatIf @at).Status | Sort-Object -Unique | Should -Be 'WhatIf'
        Get-FolderState $at.CodexHome | Should -Be $before
    }

    It 'refuses where the source holds other bytes' {
        Add-Content (Join-Path $root 'plugins/notes/skills/notes-skill/SKILL.md') 'new'
        $result = Repair-Plugin notes @at -ErrorAction SilentlyContinue -ErrorVariable record
        $result.Status | Should -Be 'Failed'
        Get-ErrorCode $record[0] | Should -Be 'IntegrityMismatch'
        Get-Content -Raw $file | Should -Not -Be $content
    }

    It 'says what is not installed' {
        Repair-Plugin nots @at -ErrorAction SilentlyContinue -ErrorVariable record | Should -BeNullOrEmpty
        Get-ErrorCode $record[0] | Should -Be 'PluginNotInstalled'
    }
}
