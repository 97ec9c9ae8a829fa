BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Undo-PluginUpdate' {
    BeforeEach {
        $at = New-TestHome
        $root = New-Folder
        $null = New-TestPlugin $root tool
        Set-Catalog $root shop @(New-Entry tool)
        Add-PluginMarketplace $root @at
        $first = Install-Plugin tool@shop @at
        $null = New-TestPlugin $root tool '2.0.0'
        $null = Update-Plugin tool @at
    }

    It 'brings the replaced version back, and that one again' {
        $result = Undo-PluginUpdate tool @at
        $result.PSTypeNames[0] | Should -Be 'PluginMarket.PluginOperationResult'
        "$($result.Action) $($result.Status) $($result.Version)" | Should -Be 'Rollback Updated 1.0.0'
        $result.TreeHash | Should -Be $first.TreeHash
        (Get-InstalledPlugin tool @at).Version | Should -Be '1.0.0'
        (Get-InstalledPlugin tool @at | Undo-PluginUpdate -Version 2.0.0 @at).Version | Should -Be '2.0.0'
    }

    It 'says which versions there are' {
        { Undo-PluginUpdate tool -Version 5.0.0 @at -ErrorAction Stop } | Should -Throw -ErrorId 'VersionNotFound,*' -ExpectedMessage '*kept versions: 1.0.0 (????????????).'
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-FolderState $at.CodexHome
        (Undo-PluginUpdate tool -WhatIf @at).Status | Should -Be 'WhatIf'
        Get-FolderState $at.CodexHome | Should -Be $before
    }
}
