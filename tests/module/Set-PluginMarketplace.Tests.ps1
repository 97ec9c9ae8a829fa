BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Set-PluginMarketplace' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        $first = Save-Repository $root
        $null = Invoke-Git $root tag v1
        Set-Catalog $root corp @(New-Entry notes)
        $second = Save-Repository $root
        Add-PluginMarketplace (Get-FileUrl $root) @at
    }

    It 'pins to a tag, a sha, and goes back to the default branch' {
        (Set-PluginMarketplace corp -Ref v1 @at -PassThru).Commit | Should -Be $first
        $pinned = Set-PluginMarketplace corp -Sha $second @at -PassThru
        $pinned.Ref | Should -Be $second
        $pinned.Plugins | Should -Be 1
        $back = Set-PluginMarketplace corp -Ref '' @at -PassThru
        $back.Ref | Should -BeNullOrEmpty
        $back.Commit | Should -Be $second
    }

    It 'takes marketplaces and names from the pipeline' {
        (Get-PluginMarketplace corp @at | Set-PluginMarketplace -Ref v1 @at -PassThru).Ref | Should -Be 'v1'
        ('corp' | Set-PluginMarketplace -Sha $second @at -PassThru).Ref | Should -Be $second
    }

    It 'changes nothing where the ref is missing' {
        $before = Get-Content -Raw (Join-Path $at.CodexHome 'config.toml')
        { Set-PluginMarketplace corp -Ref nope @at -ErrorAction Stop } | Should -Throw -ErrorId 'GitRefNotFound,*'
        Get-Content -Raw (Join-Path $at.CodexHome 'config.toml') | Should -Be $before
        (Get-PluginMarketplace corp @at).Commit | Should -Be $second
    }

    It 'names the nearest where the marketplace is not there' {
        { Set-PluginMarketplace crop -Ref v1 @at -ErrorAction Stop } | Should -Throw -ErrorId 'MarketplaceNotFound,*'
    }

    It 'does nothing under -WhatIf' {
        $before = Get-FolderState $at.CodexHome
        (Set-PluginMarketplace corp -Ref v1 @at -WhatIf).Status | Should -Be 'WhatIf'
        Get-FolderState $at.CodexHome | Should -Be $before
    }
}

Describe 'Set-PluginMarketplace -AutoUpdate' {
    It 'writes what Codex knows since 0.171.0 and shows it' {
        $at = New-TestHome
        Add-PluginMarketplace (New-SampleMarketplace) @at
        (Get-PluginMarketplace corp @at).AutoUpdate | Should -BeNullOrEmpty
        (Set-PluginMarketplace corp -AutoUpdate $true -PassThru @at).AutoUpdate | Should -BeTrue
        (Get-PluginMarketplace corp @at).AutoUpdate | Should -BeTrue
        Set-PluginMarketplace corp -AutoUpdate $false @at
        (Get-PluginMarketplace corp @at).AutoUpdate | Should -BeFalse
        Get-Content -Raw (Join-Path $at.CodexHome 'config.toml') | Should -Match '(?m)^auto_update = false$'
        (Set-PluginMarketplace corp -AutoUpdate $true @at -WhatIf).Status | Should -Be 'WhatIf'
        (Get-PluginMarketplace corp @at).AutoUpdate | Should -BeFalse
    }
}
