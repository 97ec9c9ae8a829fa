BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Resume-PluginUpdate' {
    It 'lets held plugins go' {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp @at
        Suspend-PluginUpdate notes @at
        Resume-PluginUpdate notes -WhatIf @at
        (Get-InstalledPlugin notes @at).Held | Should -BeTrue
        $plugin = Get-InstalledPlugin notes @at | Resume-PluginUpdate -PassThru @at
        $plugin.Held | Should -BeFalse
        $null = New-TestPlugin $root notes '9.0.0'
        (Update-Plugin notes @at).Status | Should -Be 'Updated'
        Resume-PluginUpdate notes @at
    }

    It 'keeps why in the history, and only what changed something' {
        $at = New-TestHome
        Add-PluginMarketplace (New-SampleMarketplace) @at
        $null = Install-Plugin notes@corp @at
        Suspend-PluginUpdate notes -Note 'CHG-1' @at
        Resume-PluginUpdate notes -Note 'CHG-2 is done' @at
        Resume-PluginUpdate notes -Note 'CHG-3' @at
        $lines = Get-Content (Join-Path $at.CodexHome 'plugins/.pluginmarket/history') | ConvertFrom-Json | Where-Object action -In 'Hold', 'Release'
        $lines | ForEach-Object { "$($_.action) $($_.plugin) $($_.note)" } | Should -Be 'Hold notes@corp CHG-1', 'Release notes@corp CHG-2 is done'
        $lines[1].by | Should -Be ([Environment]::UserName)
        Test-PluginIntegrity @at -Quiet | Should -BeTrue
    }
}
