BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'New-Plugin' {
    BeforeEach {
        $at = New-TestHome
        $root = New-Folder
    }

    It 'makes a plugin with every component, and its entry' {
        $null = New-PluginMarketplace $root corp @at
        $manifest = New-Plugin kit -MarketplacePath $root -Component Skill, app, McpServer, Hook -Description 'Does it' -Author 'Ada <ada@example.com>' -Category Tools -Installation INSTALLED_BY_DEFAULT -Authentication OnUse @at
        $manifest.PSTypeNames[0] | Should -Be 'PluginMarket.PluginManifest'
        $manifest.Components | Sort-Object | Should -Be 'App', 'Hook', 'McpServer', 'Skill'
        $manifest.Warnings | Should -BeNullOrEmpty
        $manifest.Path | Should -Be (Join-Path $root 'plugins/kit')
        $plugin = Find-Plugin kit -Path $root @at
        $plugin.Installation | Should -Be 'INSTALLED_BY_DEFAULT'
        $plugin.Authentication | Should -Be 'ON_USE'
        $plugin.Category | Should -Be 'Tools'
        $plugin.Author.Email | Should -Be 'ada@example.com'
        Add-PluginMarketplace $root @at
        (Install-Plugin kit@corp @at).Status | Should -Be 'Installed'
    }

    It 'makes the Agent Plugin format on request, with the components that work in it' {
        $null = New-PluginMarketplace $root corp @at
        $manifest = New-Plugin kit -MarketplacePath $root -Format Agent -Component Skill, McpServer -Description 'Does it' -Author 'Ada <ada@example.com>' -Category Tools @at
        $manifest.Dialect | Should -Be 'Agent'
        $manifest.ManifestPath | Should -Be 'plugin.json'
        $manifest.Components | Should -Be 'Skill', 'McpServer'
        $manifest.Interface.Category | Should -Be 'Tools'
        $manifest.Author.Email | Should -Be 'ada@example.com'
        $manifest.Warnings | Should -BeNullOrEmpty
        (Test-PluginManifest $manifest.Path @at).Diagnostics | Where-Object Severity -NE Information | Should -BeNullOrEmpty
        Add-PluginMarketplace $root @at
        (Install-Plugin kit@corp @at).Status | Should -Be 'Installed'
        (New-Plugin plain $root @at).Dialect | Should -Be 'Codex'
    }

    It 'refuses <_> in the Agent Plugin format, where Codex does not use it' -ForEach 'Hook', 'App' {
        { New-Plugin kit $root -Format Agent -Component $_ @at -ErrorAction Stop } | Should -Throw -ErrorId 'ManifestInvalid,*'
        { New-Plugin Kit $root -Format Agent @at -ErrorAction Stop } | Should -Throw -ErrorId 'ManifestInvalid,*'
        Join-Path $root kit | Should -Not -Exist
    }

    It 'is made in the location by default, with a skill' {
        Push-Location $root
        try { (New-Plugin solo @at).Components | Should -Be 'Skill' } finally { Pop-Location }
        (Get-PluginManifest -Path (Join-Path $root solo) @at).Skills.Name | Should -Be 'solo'
    }

    It 'wraps a skill, under the name of the skill or another' {
        $skill = Join-Path $root 'my-skill'
        $null = New-Item -ItemType Directory (Join-Path $skill 'data')
        "---`nname: tidy-up`ndescription: Tidies up`n---`nBody" | Set-Content (Join-Path $skill SKILL.md)
        'x' | Set-Content (Join-Path $skill 'data/x.txt')
        $manifest = New-Plugin -FromSkill $skill -Path $root @at
        $manifest.Name | Should -Be 'tidy-up'
        $manifest.Description | Should -Be 'Tidies up'
        Join-Path $root 'tidy-up/skills/tidy-up/data/x.txt' | Should -Exist
        (New-Plugin other -FromSkill $skill -Path $root @at).Skills.Id | Should -Be 'other:tidy-up'
    }

    It 'keeps what is there unless -Force' {
        $null = New-Plugin kit $root -Description one @at
        { New-Plugin kit $root -Description two @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginAlreadyExists,*'
        (Get-PluginManifest -Path (Join-Path $root kit) @at).Description | Should -Be 'one'
        (New-Plugin kit $root -Description two -Force @at).Description | Should -Be 'two'
    }

    It 'refuses a policy that no entry would have' {
        { New-Plugin kit $root -Installation AVAILABLE @at -ErrorAction Stop } | Should -Throw -ErrorId 'SourceInvalid,*'
        Join-Path $root kit | Should -Not -Exist
    }

    It 'does nothing under -WhatIf' {
        $null = New-PluginMarketplace $root corp @at
        $before = Get-FolderState $root
        (New-Plugin kit -MarketplacePath $root @at -WhatIf).Status | Should -Be 'WhatIf'
        Get-FolderState $root | Should -Be $before
    }
}
