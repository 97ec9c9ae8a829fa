BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Clear-PluginCache' {
    BeforeEach {
        $at = New-TestHome
        $root = New-Folder
        $null = New-TestPlugin $root tool
        Set-Catalog $root shop @(New-Entry tool)
        Add-PluginMarketplace $root @at
        $null = Install-Plugin tool@shop @at
        foreach ($version in '2.0.0', '3.0.0') {
            $null = New-TestPlugin $root tool $version
            $null = Update-Plugin tool @at
        }
    }

    It 'removes kept versions but for the newest asked for' {
        $items = Clear-PluginCache -KeepVersion 1 -Confirm:$false @at
        $items.PSTypeNames[0] | Should -Be 'PluginMarket.PluginCacheItem'
        "$($items.Name) $($items.Version) $($items.Kind) $($items.Status)" | Should -Be 'tool 1.0.0 Kept Removed'
        Test-Path $items.Path | Should -BeFalse
        Clear-PluginCache other* -Confirm:$false @at | Should -BeNullOrEmpty
        (Clear-PluginCache tool -Confirm:$false @at).Version | Should -Be '2.0.0'
        { Undo-PluginUpdate tool @at -ErrorAction Stop } | Should -Throw -ErrorId 'VersionNotFound,*'
        (Get-InstalledPlugin tool @at).Version | Should -Be '3.0.0'
    }

    It 'removes what ended commands left with -Staging, and no kept version' {
        $trash = New-Item -ItemType Directory (Join-Path $at.CodexHome 'plugins/.pluginmarket/trash/0123.dead')
        'x' | Set-Content (Join-Path $trash 'file')
        $items = @(Clear-PluginCache -Staging -Confirm:$false @at)
        "$($items.Kind) $($items.Status) $($items.Path)" | Should -Be "Staging Removed $trash"
        Test-Path $trash | Should -BeFalse
        (Clear-PluginCache -Confirm:$false @at).Count | Should -Be 2
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-FolderState $at.CodexHome
        (Clear-PluginCache -WhatIf @at).Status | Sort-Object -Unique | Should -Be 'WhatIf'
        Get-FolderState $at.CodexHome | Should -Be $before
    }
}
