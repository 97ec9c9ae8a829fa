BeforeAll {
    . $PSScriptRoot/Common.ps1

    function Get-Page([string] $Path) {
        $null = (Get-Content -Raw -LiteralPath $Path) -match '(?s)<script type="application/json" id="index">(.*?)</script>'
        $Matches[1] | ConvertFrom-Json
    }
}

Describe 'Export-PluginDirectory' {
    BeforeAll {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        Add-PluginMarketplace (New-SampleMarketplace 'extra') @at
    }

    BeforeEach {
        $path = Join-Path (New-Folder) 'plugins.html'
    }

    It 'writes all marketplaces in view as one file' {
        $file = Export-PluginDirectory $path @at
        $file | Should -BeOfType System.IO.FileInfo
        $file.FullName | Should -Be $path
        $page = Get-Page $path
        $page.marketplaces.name | Sort-Object | Should -Be 'corp', 'extra'
        $page.title | Should -Be 'Plugin directory'
        $page.plugins.Count | Should -Be 14
        ($page.plugins | Where-Object skipped).name | Should -Be 'broken', 'broken'
    }

    It 'takes names with wildcards' {
        $null = Export-PluginDirectory $path ext* -Title 'Ours & theirs' @at
        (Get-Page $path).marketplaces.name | Should -Be 'extra'
        (Get-Page $path).title | Should -Be 'Ours & theirs'
    }

    It 'takes marketplaces from the pipeline, also one that is not registered' {
        $other = New-SampleMarketplace 'elsewhere'
        $null = Get-PluginMarketplace extra @at | Export-PluginDirectory $path @at
        (Get-Page $path).marketplaces.name | Should -Be 'extra'
        $null = Get-PluginMarketplace -Path $other @at | Export-PluginDirectory $path @at
        (Get-Page $path).marketplaces.name | Should -Be 'elsewhere'
        $null = 'corp' | Export-PluginDirectory $path @at
        (Get-Page $path).marketplaces.name | Should -Be 'corp'
    }

    It 'writes nothing for an empty pipeline' {
        @() | Export-PluginDirectory $path @at | Should -BeNullOrEmpty
        Get-PluginMarketplace nothing* @at | Export-PluginDirectory $path @at | Should -BeNullOrEmpty
        $path | Should -Not -Exist
    }

    It 'writes nothing with -WhatIf' {
        (Export-PluginDirectory $path -WhatIf @at).FullName | Should -Be $path
        $path | Should -Not -Exist
    }

    It 'replaces a page that is there' {
        'old' | Set-Content -LiteralPath $path
        $null = Export-PluginDirectory $path @at
        Get-Content -Raw -LiteralPath $path | Should -Match '</html>\s*$'
    }

    It 'takes a path relative to the location' {
        Push-Location (New-Folder)
        try { (Export-PluginDirectory page.html @at).FullName | Should -Be (Join-Path $PWD.ProviderPath 'page.html') } finally { Pop-Location }
    }

    It 'reports <id>' -ForEach @(
        @{ id = 'MarketplaceNotFound'; with = @{ Marketplace = 'typo' } }
        @{ id = 'SourceInvalid'; with = @{ Path = '.' } }
        @{ id = 'InputNotAMarketplace'; with = @{ InputObject = @{ Name = 'corp' } } }
    ) {
        $arguments = @{ Path = $path } + $at
        foreach ($key in $with.Keys) { $arguments[$key] = $with[$key] }
        Export-PluginDirectory @arguments -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Get-ErrorCode $failures[0] | Should -Be $id
        $path | Should -Not -Exist
    }
}
