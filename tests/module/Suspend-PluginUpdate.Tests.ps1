BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Suspend-PluginUpdate' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp, mail@corp @at
    }

    It 'holds plugins, by name with wildcards and from the pipeline' {
        Suspend-PluginUpdate no* @at | Should -BeNullOrEmpty
        $held = Get-InstalledPlugin mail @at | Suspend-PluginUpdate -Note 'CHG-7' -PassThru @at
        $held.PSTypeNames[0] | Should -Be 'PluginMarket.InstalledPlugin'
        $held.Held | Should -BeTrue
        $held.HoldNote | Should -Be 'CHG-7'
        (Get-InstalledPlugin notes @at).Held | Should -BeTrue
        (Get-InstalledPlugin notes @at).Version | Should -Be '1.0.0'
        { Suspend-PluginUpdate nothing @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNotInstalled,*'
    }

    It 'keeps a held plugin from being updated' {
        Suspend-PluginUpdate notes -Note 'CHG-7' @at
        $null = New-TestPlugin $root notes '9.0.0'
        (Get-PluginUpdate notes @at).IsHeld | Should -BeTrue
        { Update-Plugin notes @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginHeld,*'
        (Get-InstalledPlugin notes @at).Version | Should -Be '1.0.0'
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-FolderState $at.CodexHome
        Suspend-PluginUpdate * -WhatIf @at
        Get-FolderState $at.CodexHome | Should -Be $before
    }
}
