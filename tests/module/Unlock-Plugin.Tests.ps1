BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Unlock-Plugin' {
    It 'lets held plugins go' {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp @at
        Lock-Plugin notes @at
        Unlock-Plugin notes -WhatIf @at
        (Get-InstalledPlugin notes @at).Held | Should -BeTrue
        $plugin = Get-InstalledPlugin notes @at | Unlock-Plugin -PassThru @at
        $plugin.Held | Should -BeFalse
        $null = New-TestPlugin $root notes '9.0.0'
        (Update-Plugin notes @at).Status | Should -Be 'Updated'
        Unlock-Plugin notes @at
    }
}
