BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Remove-PluginMarketplaceEntry' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        $file = Join-Path $root '.agents/plugins/marketplace.json'
    }

    It 'removes entries, usable or not, and leaves the folders' {
        $removed = Remove-PluginMarketplaceEntry $root notes, broken @at
        $removed.Name | Should -Be 'notes', 'broken'
        $removed[0].PSTypeNames[0] | Should -Be 'PluginMarket.Plugin'
        $removed[0].Version | Should -Be '1.0.0'
        (Find-Plugin -Path $root -IncludeSkipped @at).Name | Should -Not -Contain 'notes'
        Join-Path $root 'plugins/notes' | Should -Exist
    }

    It 'undoes what was added, byte for byte' {
        $before = Get-FolderState $root
        $null = Add-PluginMarketplaceEntry $root web @{ source = 'url'; url = 'owner/repo' } -Category X @at
        $null = Remove-PluginMarketplaceEntry $root web @at
        Get-FolderState $root | Should -Be $before
    }

    It 'removes a name that is listed twice with -Force only' {
        Set-Catalog $root corp @((New-Entry notes), (New-Entry notes), (New-Entry mail))
        { Remove-PluginMarketplaceEntry $root notes @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNameAmbiguous,*'
        @(Remove-PluginMarketplaceEntry $root notes -Force @at).Count | Should -Be 2
        (Find-Plugin -Path $root @at).Name | Should -Be 'mail'
    }

    It 'names the nearest where there is none' {
        { Remove-PluginMarketplaceEntry $root nots @at -ErrorAction Stop } | Should -Throw '*notes*' -ErrorId 'PluginNotFound,*'
    }

    It 'does nothing under -WhatIf' {
        $before = Get-FolderState $root
        (Remove-PluginMarketplaceEntry $root notes @at -WhatIf).Status | Should -Be 'WhatIf'
        Get-FolderState $root | Should -Be $before
    }
}
