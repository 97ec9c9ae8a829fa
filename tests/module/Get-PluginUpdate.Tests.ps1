BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Get-PluginUpdate' {
    BeforeEach {
        $at = New-TestHome
        $root = New-Folder
        $null = New-TestPlugin $root tool
        $null = New-TestPlugin $root other
        Set-Catalog $root shop @((New-Entry tool), (New-Entry other))
    }

    It 'takes plugins by name, as objects and as rows of a table, and marketplaces for all that is in them' {
        Add-PluginMarketplace $root @at
        $null = Install-Plugin tool@shop, other@shop @at
        $null = New-TestPlugin $root tool '1.1.0'
        $null = New-TestPlugin $root other '1.1.0'
        ('tool' | Get-PluginUpdate @at).Id | Should -Be 'tool@shop'
        ('tool@shop', '# a comment', '', 'other@shop' | Get-PluginUpdate @at).Id | Should -Be 'other@shop', 'tool@shop'
        (Get-InstalledPlugin tool @at | Get-PluginUpdate).Id | Should -Be 'tool@shop'
        (Find-Plugin tool @at | Get-PluginUpdate).Id | Should -Be 'tool@shop'
        ("Name`ntool" | ConvertFrom-Csv | Get-PluginUpdate @at).Id | Should -Be 'tool@shop'
        (Get-PluginMarketplace shop @at | Get-PluginUpdate).Id | Should -Be 'other@shop', 'tool@shop'
        { Get-Item $root | Get-PluginUpdate @at -ErrorAction Stop } | Should -Throw -ErrorId 'InputNotAMarketplace,*'
        @() | Get-PluginUpdate @at | Should -BeNullOrEmpty
        Get-InstalledPlugin no* @at | Find-Plugin @at | Should -BeNullOrEmpty
    }

    It 'shows what is new, with its capabilities and the reviewed digest' {
        Add-PluginMarketplace $root @at
        $null = Install-Plugin tool@shop, other@shop @at
        Get-PluginUpdate @at | Should -BeNullOrEmpty
        $null = New-TestPlugin $root tool '1.1.0' -Component Skill, Hook
        $update = Get-PluginUpdate @at
        $update.PSTypeNames[0] | Should -Be 'PluginMarket.PluginUpdate'
        "$($update.Id) $($update.FromVersion) $($update.ToVersion) $($update.Change) $($update.Risk)" | Should -Be 'tool@shop 1.0.0 1.1.0 NewVersion High'
        $update.CapabilityChange | ForEach-Object ToString | Should -Be 'Added Hook hooks/hooks.json:pre_tool_use:0:0'
        $update.ToTreeHash | Should -Match '^sha256:[0-9a-f]{64}$'
        $update.CodexHome | Should -Be $at.CodexHome
        $update.ContentChange | Should -BeNullOrEmpty
        (Get-PluginUpdate to* -IncludeContentChange @at).ContentChange.Name | Should -Be '.codex-plugin/plugin.json', 'hooks/hooks.json'
        Get-PluginUpdate oth* @at | Should -BeNullOrEmpty
        Get-PluginUpdate -Marketplace else @at | Should -BeNullOrEmpty
    }

    It 'asks the marketplace first with -Refresh' {
        $null = Save-Repository $root
        Add-PluginMarketplace (Get-FileUrl $root) @at
        $null = Install-Plugin tool@shop @at
        $null = New-TestPlugin $root tool '2.0.0'
        $null = Save-Repository $root
        Get-PluginUpdate @at | Should -BeNullOrEmpty
        (Get-PluginUpdate -Refresh @at).ToVersion | Should -Be '2.0.0'
    }

    It 'keeps the old snapshot and says so where the new catalog is broken' {
        $null = Save-Repository $root
        Add-PluginMarketplace (Get-FileUrl $root) @at
        $null = Install-Plugin tool@shop @at
        '{' | Set-Content (Join-Path $root '.agents/plugins/marketplace.json')
        $null = Save-Repository $root
        $before = Get-FolderState (Join-Path $at.CodexHome 'plugins/cache')
        Get-PluginUpdate -Refresh @at -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Get-ErrorCode $problem[0] | Should -Be 'CatalogUnreadable'
        Get-FolderState (Join-Path $at.CodexHome 'plugins/cache') | Should -Be $before
        (Find-Plugin @at).Count | Should -Be 2
    }

    It 'says what is not installed' {
        Add-PluginMarketplace $root @at
        { Get-PluginUpdate tool @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNotInstalled,*'
    }
}
