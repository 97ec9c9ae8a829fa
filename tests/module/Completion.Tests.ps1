BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Completion' {
    BeforeAll {
        $at = New-TestHome
        Add-PluginMarketplace (New-SampleMarketplace) @at
        $null = Install-Plugin notes@corp @at
        $with = "-CodexHome $($at.CodexHome) -HomePath $($at.HomePath)"
    }

    It 'offers <expected> for <line>' -ForEach @(
        @{ line = 'Get-PluginMarketplace {0} -Name c'; expected = 'corp' }
        @{ line = 'Find-Plugin {0} -Marketplace '; expected = 'corp' }
        @{ line = 'Install-Plugin {0} -Name dep'; expected = "'deploy@corp'" }
        @{ line = 'Install-Plugin {0} -Marketplace corp -Name no'; expected = 'notes' }
        @{ line = 'Uninstall-Plugin {0} -Name '; expected = "'notes@corp'" }
        @{ line = 'Disable-Plugin {0} -Marketplace corp -Name '; expected = 'notes' }
        @{ line = 'Find-Plugin {0} -Category dev'; expected = "'Dev Tools'" }
        @{ line = 'Find-Plugin {0} -Category ''dev'; expected = "'Dev Tools'" }
        @{ line = 'Find-Plugin {0} -Capability re'; expected = 'Read' }
        @{ line = 'Find-Plugin {0} -Installation Inst'; expected = 'InstalledByDefault' }
        @{ line = 'Find-Plugin {0} -Component Mcp'; expected = 'McpServer' }
        @{ line = 'Compare-Plugin {0} -ReferenceObject no'; expected = "'notes@corp'" }
        @{ line = 'Install-Plugin {0} -Name deploy@corp -Version '; expected = '2.1.0' }
        @{ line = 'Save-Plugin {0} -Name no'; expected = "'notes@corp'" }
        @{ line = 'Get-PluginHistory {0} -Action Inst'; expected = 'Install' }
        @{ line = 'Get-PluginHistory {0} -Name '; expected = "'notes@corp'" }
    ) {
        (Complete ($line -f $with)).CompletionText | Should -Be $expected
    }

    It 'gives values that the command takes' {
        $text = (Complete "Find-Plugin $with -Category dev").CompletionText
        (& ([scriptblock]::Create("Find-Plugin $with -Category $text"))).Name | Should -Be 'deploy'
    }

    It 'stays silent where the home is broken' {
        $bad = New-TestHome
        'no = = toml' | Set-Content (Join-Path $bad.CodexHome 'config.toml')
        $count = $Error.Count
        Complete "Install-Plugin -CodexHome $($bad.CodexHome) -Name " | Where-Object ResultType -EQ ParameterValue | Should -BeNullOrEmpty
        $Error.Count | Should -Be $count
    }

    It 'writes nothing into a home' {
        $fresh = New-TestHome
        $null = Complete "Install-Plugin -CodexHome $($fresh.CodexHome) -Name "
        $null = Complete "Uninstall-Plugin -CodexHome $($fresh.CodexHome) -Name "
        Get-FolderState $fresh.CodexHome | Should -BeNullOrEmpty
    }
}
