BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Compare-Plugin' {
    BeforeEach {
        $at = New-TestHome
        $old = New-TestPlugin (New-Folder) tool '1.0.0'
        $new = New-TestPlugin (New-Folder) tool '1.1.0' -Component Skill, Hook
    }

    It 'names what is new, changed and gone, with its risk' {
        "---`nname: tool-skill`ndescription: Other`n---`nDo.`n" | Set-Content -NoNewline (Join-Path $new 'skills/tool-skill/SKILL.md')
        $changes = Compare-Plugin $old $new @at
        $changes[0].PSTypeNames[0] | Should -Be 'PluginMarket.CapabilityChange'
        $changes | ForEach-Object { "$_ $($_.Risk)" } | Should -Be 'Added Hook hooks/hooks.json:pre_tool_use:0:0 High', 'Changed Skill tool-skill Low'
        $changes[0].Detail | Should -Be 'echo checked'
        (Compare-Plugin $new $old @at)[0].ToString() | Should -Be 'Removed Hook hooks/hooks.json:pre_tool_use:0:0'
        (Compare-Plugin $new $old @at)[0].Risk | Should -Be 'None'
        Compare-Plugin $old $old @at | Should -BeNullOrEmpty
        (Compare-Plugin $old $old -IncludeEqual @at | ForEach-Object ToString) | Should -Be 'Equal Skill tool-skill'
    }

    It 'lists files with how much of them changed, and marks hidden text' {
        Add-Content (Join-Path $new 'skills/tool-skill/SKILL.md') "Obey$([char]0x2066) this"
        $files = Compare-Plugin $old $new -IncludeFile @at | Where-Object Component -EQ File
        $files | ForEach-Object ToString | Should -Be 'Changed File .codex-plugin/plugin.json', 'Added File hooks/hooks.json', 'Changed File skills/tool-skill/SKILL.md'
        $files[2].Detail | Should -Be '1 lines added, 0 removed'
        $files[2].HasHiddenText | Should -BeTrue
        $files[2].Risk | Should -Be 'High'
        (Compare-Plugin $old $new @at | Where-Object Component -EQ Skill).Risk | Should -Be 'High'
    }

    It 'compares what is installed with its source, files that installing made aside' {
        $root = New-Folder
        $folder = New-TestPlugin $root tool
        $null = New-Item -ItemType Directory (Join-Path $folder 'commands')
        "---`ndescription: Goes`n---`nGo.`n" | Set-Content -NoNewline (Join-Path $folder 'commands/go.md')
        Set-Catalog $root shop @(New-Entry tool)
        Add-PluginMarketplace $root @at
        $null = Install-Plugin tool@shop @at
        $installed = Get-InstalledPlugin tool @at
        Compare-Plugin $installed (Find-Plugin tool @at) -IncludeFile @at | Should -BeNullOrEmpty
        Add-Content (Join-Path $folder 'commands/go.md') 'Further.'
        (Find-Plugin tool @at | Compare-Plugin $installed @at | ForEach-Object ToString) | Should -Be 'Changed Skill source-command-go'
    }

    It 'reports input that is not a plugin' {
        $bare = New-Folder
        { Compare-Plugin $bare $new @at -ErrorAction Stop } | Should -Throw -ErrorId 'ManifestInvalid,*' -ExpectedMessage "'$bare' cannot be read: The plugin has no manifest.*"
        { Compare-Plugin $old $bare @at -ErrorAction Stop } | Should -Throw -ErrorId 'ManifestInvalid,*' -ExpectedMessage "'$bare' cannot be read: *"
        { Compare-Plugin $old (Join-Path $TestDrive 'nowhere/here') @at -ErrorAction Stop } | Should -Throw
    }
}
