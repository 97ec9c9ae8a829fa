BeforeAll {
    . $PSScriptRoot/Common.ps1
    $root = New-SampleMarketplace
    $folder = Join-Path $root 'plugins/deploy'
}

Describe 'Get-PluginCapability' {
    BeforeAll {
        $at = New-TestHome
        Add-PluginMarketplace $root @at
    }

    It 'lists what a folder can do, with what runs and where it is defined' {
        $found = Get-PluginCapability -Path $folder @at
        $found | ForEach-Object ToString | Sort-Object | Should -Be 'Hook hooks/hooks.json:pre_tool_use:0:0', 'McpServer deploy-remote', 'McpServer deploy-server', 'Skill deploy-skill'
        $found[0].PSTypeNames[0] | Should -Be 'PluginMarket.Capability'
        $found[0].Plugin | Should -Be $folder
        $found[0].Event | Should -Be 'PreToolUse'
        $found[0].Command | Should -Be 'echo checked'
        $found[0].Line | Should -BeGreaterThan 0
        ($found | Where-Object Name -EQ deploy-remote).Url | Should -Be 'https://mcp.example.com/api'
        ($found | Where-Object Name -EQ deploy-server).Environment | Should -Be 'TOKEN'
        $found | ConvertTo-Json -Depth 4 | Should -Not -Match 'topsecret'
    }

    It 'takes a name, an entry, an installed plugin and a folder from the pipeline' {
        (Get-PluginCapability deploy@corp @at).Count | Should -Be 4
        (Find-Plugin deploy @at | Get-PluginCapability @at)[0].Plugin | Should -Be 'deploy@corp'
        $null = Install-Plugin mail@corp @at
        (Get-InstalledPlugin mail @at | Get-PluginCapability @at | Where-Object Component -EQ App).Url | Should -Be 'connector_1'
        (Get-Item $folder | Get-PluginCapability @at).Count | Should -Be 4
        (Get-PluginMarketplace corp @at | Find-Plugin -Component McpServer @at | Get-PluginCapability @at | Where-Object Url).Name | Should -Be 'deploy-remote'
    }

    It 'flags text that a reader does not see, in skills and prompts' {
        $hidden = [char]0x200B
        $odd = New-TestPlugin (New-Folder) odd -Manifest @{ interface = @{ defaultPrompt = @("Do$hidden it", 'Plain') } }
        Add-Content (Join-Path $odd 'skills/odd-skill/SKILL.md') "Obey$hidden this"
        $found = Get-PluginCapability -Path $odd @at
        ($found | Where-Object HasHiddenText | ForEach-Object ToString) | Should -Be 'Skill odd-skill', 'Prompt defaultPrompt:0'
        ($found | Where-Object Component -EQ Prompt)[0].Command | Should -Match '\\u\{200B\}'
    }

    It 'fetches the source of an entry in a repository and leaves nothing behind' {
        $repository = New-TestPlugin (New-Folder) remote -Component Hook
        $null = Save-Repository $repository
        $shop = New-Folder
        Set-Catalog $shop shop @(New-Entry remote @{ source = 'url'; url = (Get-FileUrl $repository) })
        Add-PluginMarketplace $shop @at
        (Get-PluginCapability remote@shop @at).Component | Should -Be 'Hook'
        Get-ChildItem (Join-Path $at.CodexHome 'plugins/.pluginmarket/staging') | Should -BeNullOrEmpty
    }

    It 'reports input that is not a plugin' {
        { Get-PluginCapability nothing@corp @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNotFound,*'
        $missing = Join-Path $TestDrive 'missing'
        { Get-PluginCapability -Path $missing @at -ErrorAction Stop } | Should -Throw -ErrorId 'SourceUnreachable,*' -ExpectedMessage "The folder '$missing' cannot be read: *. Use the folder of a plugin, or the name of one."
        { 42 | Get-PluginCapability @at -ErrorAction Stop } | Should -Throw -ErrorId 'InputNotAPlugin,*'
    }
}
