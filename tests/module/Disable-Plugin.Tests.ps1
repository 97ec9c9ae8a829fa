BeforeAll {
    . $PSScriptRoot/Common.ps1
    $root = New-SampleMarketplace
}

Describe 'Disable-Plugin' {
    BeforeEach {
        $at = New-TestHome
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp, deploy@corp @at
    }

    It 'writes the state, and gives the plugin with -PassThru only' {
        Disable-Plugin notes @at | Should -BeNullOrEmpty
        (Get-InstalledPlugin notes @at).State | Should -Be 'Disabled'
        $plugin = Disable-Plugin deploy @at -PassThru
        $plugin.PSTypeNames[0] | Should -Be 'PluginMarket.InstalledPlugin'
        $plugin.Enabled | Should -Be $false
    }

    It 'takes wildcards and the pipeline' {
        (Disable-Plugin * @at -PassThru).Enabled | Should -Be $false, $false
        (Get-InstalledPlugin @at | Disable-Plugin -PassThru).Count | Should -Be 2
    }

    It 'takes objects of the same home under another name' -Skip:$IsWindows {
        $link = Join-Path (New-Folder) 'linked'
        $null = New-Item -ItemType SymbolicLink -Path $link -Target $at.CodexHome
        Get-InstalledPlugin notes -CodexHome $link | Disable-Plugin -CodexHome $at.CodexHome
        Get-InstalledPlugin deploy @at | Disable-Plugin -CodexHome $link
        (Get-InstalledPlugin @at).State | Should -Be 'Disabled', 'Disabled'
    }

    It 'keeps every other byte of the configuration' {
        $config = Join-Path $at.CodexHome 'config.toml'
        '# a comment that stays', '[unrelated]', 'x   =   1 # odd spacing' | Add-Content $config
        $before = Get-Content $config
        Disable-Plugin notes @at
        $after = Get-Content $config
        $after.Count | Should -Be $before.Count
        @(Compare-Object $before $after -SyncWindow 0).Count | Should -Be 2
    }

    It 'changes nothing where it is so already' {
        Disable-Plugin notes @at
        $before = Get-FolderState $at.CodexHome
        Disable-Plugin notes @at
        Get-FolderState $at.CodexHome | Should -Be $before
    }

    It 'says what is not installed' {
        { Disable-Plugin mail @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNotInstalled,PluginMarket.Cmdlets.DisablePluginCommand'
    }

    It 'does nothing under -WhatIf' {
        Disable-Plugin * @at -WhatIf
        (Get-InstalledPlugin @at).State | Should -Be 'Installed', 'Installed'
    }
}
