BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Set-PluginMarketplaceEntry' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        $file = Join-Path $root '.agents/plugins/marketplace.json'
    }

    It 'changes what is named and nothing else' {
        $text = "{`r`n`t`"name`": `"corp`",`r`n`t`"x-ours`": { `"a`":1 },`r`n`t`"plugins`": [`r`n`t`t{ `"name`": `"notes`", `"source`": `"./plugins/notes`" }`r`n`t]`r`n}"
        [IO.File]::WriteAllText($file, $text)
        $plugin = Set-PluginMarketplaceEntry $root notes -Authentication ON_USE @at
        $plugin.Authentication | Should -Be 'ON_USE'
        [IO.File]::ReadAllText($file) | Should -Be ($text -replace '"\./plugins/notes"', '"./plugins/notes", "policy": { "authentication": "ON_USE" }')
    }

    It 'takes several names, and takes a category away' {
        $changed = Set-PluginMarketplaceEntry $root notes, locked, missing -Installation AVAILABLE -Category '' @at -ErrorVariable failed -ErrorAction SilentlyContinue
        $changed.Name | Should -Be 'notes', 'locked'
        $changed.Installation | Should -Be 'AVAILABLE', 'AVAILABLE'
        $changed.Category | Should -Be $null, $null
        Get-ErrorCode $failed[0] | Should -Be 'PluginNotFound'
    }

    It 'fixes an entry that was skipped' {
        $null = New-TestPlugin $root broken
        (Set-PluginMarketplaceEntry $root broken -Source './plugins/broken' @at).Status | Should -Be 'Available'
    }

    It 'completes the names of the catalog' {
        (Complete "Set-PluginMarketplaceEntry '$root' no").CompletionText | Should -Be 'notes'
    }

    It 'does nothing under -WhatIf' {
        $before = Get-FolderState $root
        (Set-PluginMarketplaceEntry $root notes -Category X @at -WhatIf).Status | Should -Be 'WhatIf'
        Get-FolderState $root | Should -Be $before
    }
}
