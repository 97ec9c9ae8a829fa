BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Update-PluginMarketplace' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        $first = Save-Repository $root
        Add-PluginMarketplace (Get-FileUrl $root) @at
    }

    It 'says Unchanged where nothing changed' {
        $result = Update-PluginMarketplace @at
        $result.PSTypeNames[0] | Should -Be 'PluginMarket.MarketplaceUpdateResult'
        $result.Status | Should -Be 'Unchanged'
        $result.NewCommit | Should -Be $first
    }

    It 'brings a new commit and says what is in it' {
        $null = New-TestPlugin $root fresh
        $null = New-TestPlugin $root notes '2.0.0'
        Set-Catalog $root corp @(New-Entry notes -Category Productivity; New-Entry deploy -Category 'Dev Tools'; New-Entry fresh)
        $second = Save-Repository $root
        $result = Update-PluginMarketplace corp @at
        $result.Status | Should -Be 'Updated'
        $result.OldCommit | Should -Be $first
        $result.NewCommit | Should -Be $second
        $result.Added | Should -Be 'fresh'
        $result.Removed | Should -Contain 'mail'
        $result.Changed | Should -Contain 'notes'
        $result.Changed | Should -Not -Contain 'deploy'
        (Find-Plugin notes @at).Version | Should -Be '2.0.0'
    }

    It 'works on several at once, and one that fails stops no other' {
        $gone = New-SampleMarketplace 'gone'
        $null = Save-Repository $gone
        Add-PluginMarketplace (Get-FileUrl $gone) @at
        Add-PluginMarketplace (New-SampleMarketplace 'folder') @at
        Remove-Item -Recurse -Force $gone
        $record = $null
        $results = Update-PluginMarketplace @at -ThrottleLimit 2 -ErrorAction SilentlyContinue -ErrorVariable record
        $results.Name | Should -Be 'corp', 'folder', 'gone'
        $results.Status | Should -Be 'Unchanged', 'Skipped', 'Failed'
        $results[2].Error | Should -Be 'RepositoryNotFound'
        @($record).Count | Should -Be 1
        Get-ErrorCode $record[0] | Should -Be 'RepositoryNotFound'
        $record[0].TargetObject | Should -Not -BeNullOrEmpty
        (Find-Plugin -Marketplace gone @at).Count | Should -Be 6
    }

    It 'takes marketplaces, plugins and names from the pipeline' {
        (Get-PluginMarketplace corp @at | Update-PluginMarketplace @at).Name | Should -Be 'corp'
        (Find-Plugin notes @at | Update-PluginMarketplace @at).Name | Should -Be 'corp'
        ('corp' | Update-PluginMarketplace @at).Name | Should -Be 'corp'
    }

    It 'takes the home from the object' {
        (Get-PluginMarketplace corp @at | Update-PluginMarketplace).CodexHome | Should -Be $at.CodexHome
    }

    It 'fails for a name that is not there, and not for a pattern' {
        { Update-PluginMarketplace nope @at -ErrorAction Stop } | Should -Throw -ErrorId 'MarketplaceNotFound,*'
        Update-PluginMarketplace 'z*' @at -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'fetches a snapshot that is missing' {
        Remove-Item -Recurse -Force (Join-Path $at.CodexHome '.tmp/marketplaces/corp')
        (Update-PluginMarketplace corp @at).Status | Should -Be 'Updated'
        (Find-Plugin @at).Count | Should -Be 6
    }

    It 'does nothing under -WhatIf' {
        Set-Catalog $root corp @(New-Entry notes)
        $null = Save-Repository $root
        $before = Get-FolderState $at.CodexHome
        (Update-PluginMarketplace @at -WhatIf).Status | Should -Be 'WhatIf'
        Get-FolderState $at.CodexHome | Should -Be $before
    }
}
