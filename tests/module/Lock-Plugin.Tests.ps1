BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Lock-Plugin' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp, mail@corp @at
    }

    It 'holds plugins, by name with wildcards and from the pipeline' {
        Lock-Plugin no* @at | Should -BeNullOrEmpty
        $held = Get-InstalledPlugin mail @at | Lock-Plugin -Note 'CHG-7' -PassThru @at
        $held.PSTypeNames[0] | Should -Be 'PluginMarket.InstalledPlugin'
        $held.Held | Should -BeTrue
        $held.HoldNote | Should -Be 'CHG-7'
        (Get-InstalledPlugin notes @at).Held | Should -BeTrue
        (Get-InstalledPlugin notes @at).Version | Should -Be '1.0.0'
        { Lock-Plugin nothing @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNotInstalled,*'
    }

    It 'keeps a held plugin from being updated' {
        Lock-Plugin notes -Note 'CHG-7' @at
        $null = New-TestPlugin $root notes '9.0.0'
        (Get-PluginUpdate notes @at).IsHeld | Should -BeTrue
        { Update-Plugin notes @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginHeld,*'
        (Get-InstalledPlugin notes @at).Version | Should -Be '1.0.0'
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-FolderState $at.CodexHome
        Lock-Plugin * -WhatIf @at
        Get-FolderState $at.CodexHome | Should -Be $before
    }
}
