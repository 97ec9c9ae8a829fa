BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'New-PluginMarketplace' {
    BeforeEach {
        $at = New-TestHome
        $root = Join-Path (New-Folder) 'market'
    }

    It 'makes a marketplace that can be added' {
        $made = New-PluginMarketplace -Path $root -Name corp -DisplayName 'Corp & Söhne' @at
        $made.PSTypeNames[0] | Should -Be 'PluginMarket.Marketplace'
        $made.Name | Should -Be 'corp'
        $made.DisplayName | Should -Be 'Corp & Söhne'
        $made.Root | Should -Be $root
        (Add-PluginMarketplace $root -PassThru @at).Plugins | Should -Be 0
    }

    It 'takes a path relative to the location' {
        Push-Location (New-Folder)
        try { (New-PluginMarketplace here corp @at).Root | Should -Be (Join-Path $PWD.ProviderPath 'here') } finally { Pop-Location }
    }

    It 'keeps a catalog that is there unless -Force' {
        $null = New-PluginMarketplace $root first @at
        { New-PluginMarketplace $root second @at -ErrorAction Stop } | Should -Throw -ErrorId 'MarketplaceAlreadyExists,*'
        (Get-PluginMarketplace -Path $root @at).Name | Should -Be 'first'
        (New-PluginMarketplace $root second -Force @at).Name | Should -Be 'second'
    }

    It 'refuses the name <name> as <id>' -ForEach @(
        @{ name = 'openai-curated'; id = 'NameReserved' }
        @{ name = 'a b'; id = 'NameInvalid' }
        @{ name = 'con'; id = 'NameInvalid' }
    ) {
        { New-PluginMarketplace $root $name @at -ErrorAction Stop } | Should -Throw -ErrorId "$id,*"
        $root | Should -Not -Exist
    }

    It 'does nothing under -WhatIf' {
        (New-PluginMarketplace $root corp @at -WhatIf).Status | Should -Be 'WhatIf'
        $root | Should -Not -Exist
    }
}
