BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Get-PluginMarketplace' {
    BeforeAll {
        $at = New-TestHome
        $root = New-SampleMarketplace
        $other = New-SampleMarketplace 'extra'
        Add-PluginMarketplace $root @at
        Add-PluginMarketplace $other @at
    }

    It 'gives every marketplace with its columns' {
        $found = Get-PluginMarketplace @at
        $found.Name | Sort-Object | Should -Be 'corp', 'extra'
        $corp = $found | Where-Object Name -EQ corp
        $corp.PSTypeNames[0] | Should -Be 'PluginMarket.Marketplace'
        $corp.SourceType | Should -Be 'local'
        $corp.Source | Should -Be $root
        $corp.Root | Should -Be $root
        $corp.Plugins | Should -Be 6
        $corp.SkippedEntries | Should -Be 1
        $corp.SkipReasons | Should -Match '^\S+: .'
        $corp.Scope | Should -Be 'User'
        $corp.ConfigurationSource | Should -Be 'User'
        $corp.IsAllowedByPolicy | Should -BeTrue -Because 'no policy says otherwise'
        $corp.CodexHome | Should -Be $at.CodexHome
        $corp.ComputerName | Should -Be ([Environment]::MachineName)
        $corp.UserName | Should -Be ([Environment]::UserName)
        "$corp" | Should -Be 'corp'
    }

    It 'gives a marketplace that cannot be read as an object with its reason, and what is not known as null' {
        $here = New-TestHome
        $gone = New-SampleMarketplace 'gone'
        $broken = New-SampleMarketplace 'broken'
        Add-PluginMarketplace $gone @here
        Add-PluginMarketplace $broken @here
        Move-Item $gone "$gone-elsewhere"
        '{' | Set-Content (Join-Path $broken '.agents/plugins/marketplace.json')
        $record = $null
        $found = Get-PluginMarketplace @here -ErrorAction SilentlyContinue -ErrorVariable record | Sort-Object Name
        $found.Name | Should -Be 'broken', 'gone'
        $found.Status | Should -Be 'Unreadable', 'Unreadable'
        $found.Source | Should -Be $broken, $gone
        $found[1].Root | Should -Be $gone
        $found | ForEach-Object { $_.Reason | Should -Not -BeNullOrEmpty; $_.Plugins | Should -BeNullOrEmpty; $_.SkippedEntries | Should -BeNullOrEmpty; $_.CatalogPath | Should -BeNullOrEmpty }
        $record.Count | Should -Be 2
        ($found | Remove-PluginMarketplace -Force -Confirm:$false -PassThru @here).Name | Should -Be 'broken', 'gone'
    }

    It 'takes wildcards and several names' {
        (Get-PluginMarketplace 'c*' @at).Name | Should -Be 'corp'
        (Get-PluginMarketplace corp, extra @at).Count | Should -Be 2
    }

    It 'names the nearest for a name that is not there' {
        $record = $null
        Get-PluginMarketplace copr @at -ErrorAction SilentlyContinue -ErrorVariable record
        $record.FullyQualifiedErrorId | Should -Be 'MarketplaceNotFound,PluginMarket.Cmdlets.GetPluginMarketplaceCommand'
        "$($record.CategoryInfo.Category)" | Should -Be 'ObjectNotFound'
        $record.TargetObject | Should -Be 'copr'
        "$record" | Should -Match "'corp'"
    }

    It 'says nothing for a pattern that fits none' {
        Get-PluginMarketplace 'z*' @at | Should -BeNullOrEmpty
    }

    It 'filters by scope' {
        Set-Json (Join-Path $at.HomePath '.agents/plugins/marketplace.json') @{ name = 'personal'; plugins = @() }
        (Get-PluginMarketplace @at -Scope Personal).Name | Should -Be 'personal'
        (Get-PluginMarketplace @at -Scope User).Name | Sort-Object | Should -Be 'corp', 'extra'
    }

    It 'sees the catalog of the repository it is called in' {
        $repository = New-SampleMarketplace 'here'
        $null = Save-Repository $repository
        Push-Location (Join-Path $repository 'plugins')
        try { (Get-PluginMarketplace @at -Scope Repository).Name | Should -Be 'here' } finally { Pop-Location }
    }

    It 'reads a path that is not registered, a folder or a file' {
        $loose = New-SampleMarketplace 'loose'
        foreach ($path in $loose, (Join-Path $loose '.agents/plugins/marketplace.json')) {
            $marketplace = Get-PluginMarketplace -Path $path @at
            $marketplace.Name | Should -Be 'loose'
            $marketplace.Scope | Should -Be 'Path'
        }
    }

    It 'resolves a path from the PowerShell location' {
        $loose = New-SampleMarketplace 'loose'
        Push-Location $loose
        try { (Get-PluginMarketplace -Path . @at).Root | Should -Be $loose } finally { Pop-Location }
    }

    It 'refuses a path of another provider' {
        $record = $null
        Get-PluginMarketplace -Path Env:PATH @at -ErrorAction SilentlyContinue -ErrorVariable record
        $record.FullyQualifiedErrorId | Should -Be 'SourceInvalid,PluginMarket.Cmdlets.GetPluginMarketplaceCommand'
    }

    It 'lists the others where one cannot be read' {
        $bad = New-TestHome
        $broken = New-SampleMarketplace 'broken'
        Add-PluginMarketplace $root @bad
        Add-PluginMarketplace $broken @bad
        '{ "name": "broken", "plugins": [ }' | Set-Content (Join-Path $broken '.agents/plugins/marketplace.json')
        $record = $null
        (Get-PluginMarketplace @bad -ErrorAction SilentlyContinue -ErrorVariable record).Name | Should -Be 'corp', 'broken'
        Get-ErrorCode $record[0] | Should -Be 'CatalogUnreadable'
        "$($record[0].CategoryInfo.Category)" | Should -Be 'ParserError'
        "$($record[0])" | Should -Match '1,34'
    }

    It 'fails for a home that is missing, and makes none' {
        $folder = New-Folder
        $missing = Join-Path $folder 'no'
        { Get-PluginMarketplace -CodexHome $missing -HomePath $folder -Scope User } | Should -Throw -ErrorId 'HomeNotFound,*'
        $missing | Should -Not -Exist
    }

    It 'stops where the configuration cannot be read' {
        $bad = New-TestHome
        'this is = = no toml' | Set-Content (Join-Path $bad.CodexHome 'config.toml')
        { Get-PluginMarketplace @bad } | Should -Throw -ErrorId 'ConfigInvalid,PluginMarket.Cmdlets.GetPluginMarketplaceCommand'
    }
}
