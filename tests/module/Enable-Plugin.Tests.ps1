BeforeAll {
    . $PSScriptRoot/Common.ps1
    $root = New-SampleMarketplace
}

Describe 'Enable-Plugin' {
    BeforeEach {
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp, deploy@corp -Disabled @at
    }

    It 'writes the state, and gives the plugin with -PassThru only' {
        Enable-Plugin notes @at | Should -BeNullOrEmpty
        (Get-InstalledPlugin notes @at).State | Should -Be 'Installed'
        $plugin = Enable-Plugin deploy @at -PassThru
        $plugin.PSTypeNames[0] | Should -Be 'PluginMarket.InstalledPlugin'
        $plugin.Enabled | Should -Be $true
    }

    It 'takes wildcards and the pipeline' {
        (Enable-Plugin * @at -PassThru).Enabled | Should -Be $true, $true
        (Get-InstalledPlugin @at | Enable-Plugin -PassThru).Count | Should -Be 2
    }

    It 'keeps every other byte of the configuration' {
        $config = Join-Path $at.CodexHome 'config.toml'
        '# a comment that stays', '[unrelated]', 'x   =   1 # odd spacing' | Add-Content $config
        $before = Get-Content $config
        Enable-Plugin notes @at
        $after = Get-Content $config
        $after.Count | Should -Be $before.Count
        @(Compare-Object $before $after -SyncWindow 0).Count | Should -Be 2
    }

    It 'changes nothing where it is so already' {
        Enable-Plugin notes @at
        $before = Get-FolderState $at.CodexHome
        Enable-Plugin notes @at
        Get-FolderState $at.CodexHome | Should -Be $before
    }

    It 'says what is not installed' {
        { Enable-Plugin mail @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNotInstalled,PluginMarket.Cmdlets.EnablePluginCommand'
    }

    It 'does nothing under -WhatIf' {
        Enable-Plugin * @at -WhatIf
        (Get-InstalledPlugin @at).State | Should -Be 'Disabled', 'Disabled'
    }
}
