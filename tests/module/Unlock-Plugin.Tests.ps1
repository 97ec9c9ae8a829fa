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

    It 'keeps why in the history, and only what changed something' {
        $at = New-TestHome
        Add-PluginMarketplace (New-SampleMarketplace) @at
        $null = Install-Plugin notes@corp @at
        Lock-Plugin notes -Note 'CHG-1' @at
        Unlock-Plugin notes -Note 'CHG-2 is done' @at
        Unlock-Plugin notes -Note 'CHG-3' @at
        $lines = Get-Content (Join-Path $at.CodexHome 'plugins/.pluginmarket/history') | ConvertFrom-Json | Where-Object action -In 'Lock', 'Unlock'
        $lines | ForEach-Object { "$($_.action) $($_.plugin) $($_.note)" } | Should -Be 'Lock notes@corp CHG-1', 'Unlock notes@corp CHG-2 is done'
        $lines[1].by | Should -Be ([Environment]::UserName)
        Test-PluginIntegrity @at -Quiet | Should -BeTrue
    }
}
