# The pipelines of the documentation, as an administrator types them.
BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Pipelines' {
    BeforeEach {
        $at = New-TestHome
        # Typed without -CodexHome, as they are in the documentation.
        $env:CODEX_HOME = $at.CodexHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root
    }

    AfterEach {
        Remove-Item Env:CODEX_HOME
    }

    It 'installs what a filter leaves' {
        $before = Get-FolderState $at.CodexHome
        Find-Plugin -Marketplace corp | Where-Object { $_.Category -eq 'Productivity' -and $_.Installation -ne 'NOT_AVAILABLE' } | Install-Plugin -WhatIf
        Get-FolderState $at.CodexHome | Should -Be $before
        $results = Find-Plugin -Marketplace corp | Where-Object { $_.Category -eq 'Productivity' -and $_.Installation -ne 'NOT_AVAILABLE' } | Install-Plugin
        $results.Status | Sort-Object -Unique | Should -Be 'Installed'
        (Get-InstalledPlugin).Name | Should -Be 'base', 'mail', 'notes'
    }

    It 'finds unpinned plugins that run code' {
        $repository = New-Folder
        $null = New-TestPlugin $repository hooked -Component Skill, Hook
        $null = New-TestPlugin $repository pinned -Component Skill, Hook
        $null = New-TestPlugin $repository harmless
        $commit = Save-Repository $repository
        $catalog = New-Folder
        Set-Catalog $catalog 'remote' @(
            New-Entry hooked -Source @{ source = 'git-subdir'; url = (Get-FileUrl $repository); path = 'plugins/hooked' }
            New-Entry pinned -Source @{ source = 'git-subdir'; url = (Get-FileUrl $repository); path = 'plugins/pinned'; sha = $commit }
            New-Entry harmless -Source @{ source = 'git-subdir'; url = (Get-FileUrl $repository); path = 'plugins/harmless' }
        )
        Add-PluginMarketplace $catalog
        (Find-Plugin -Resolve | Where-Object { $_.SourceType -ne 'Local' -and $_.Components -contains 'Hook' -and -not $_.Sha }).Id | Should -Be 'hooked@remote'
    }

    It 'looks into marketplaces for a kind of component' {
        (Get-PluginMarketplace corp | Find-Plugin -Component McpServer).Id | Should -Be 'deploy@corp'
    }

    It 'uninstalls by pattern' {
        $null = Install-Plugin old-one@corp, notes@corp
        (Get-InstalledPlugin old-* | Uninstall-Plugin -Confirm:$false).Id | Should -Be 'old-one@corp'
        (Get-InstalledPlugin).Name | Should -Be 'notes'
    }

    It 'installs the lines of a file' {
        $wanted = Join-Path (New-Folder) 'wanted.txt'
        'notes@corp', 'deploy@corp' | Set-Content $wanted
        (Get-Content $wanted | Install-Plugin).Status | Should -Be 'Installed', 'Installed'
    }

    It 'installs a whole marketplace at once' {
        $results = Get-PluginMarketplace corp | Find-Plugin -Installation AVAILABLE | Install-Plugin -ThrottleLimit 3
        $results.Count | Should -Be 4
        $results.Status | Sort-Object -Unique | Should -Be 'Installed'
    }

    It 'groups, sorts and exports like any other objects' {
        (Find-Plugin | Group-Object Category | Where-Object Name -EQ 'Productivity').Count | Should -Be 4
        (Find-Plugin | Sort-Object Name | Select-Object -First 2).Name | Should -Be 'base', 'deploy'
        (Find-Plugin | ConvertTo-Csv | ConvertFrom-Csv | Where-Object Name -EQ notes).Category | Should -Be 'Productivity'
    }

    It 'copies the plugins of one home to another by their ids' {
        $null = Install-Plugin notes@corp, deploy@corp
        $other = New-TestHome
        Add-PluginMarketplace $root @other
        ((Get-InstalledPlugin).Id | Install-Plugin @other).Status | Should -Be 'Installed', 'Installed'
    }
}
