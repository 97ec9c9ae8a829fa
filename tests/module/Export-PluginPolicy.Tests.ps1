BeforeAll {
    . $PSScriptRoot/Common.ps1
    $at = New-TestHome
    $policy = Join-Path (New-Folder) 'policy.json'
    Set-Json $policy ([ordered]@{
            format = 1; id = 'corp'; revision = '7'; mode = 'enforce'
            rules = @(
                [ordered]@{ id = 'MKT-ALLOW'; kind = 'marketplace'; effect = 'allow'; match = @(@{ url = 'https://github.com/acme/m' }) }
                [ordered]@{ id = 'PLG-MINER'; kind = 'plugin'; effect = 'deny'; match = @(@{ plugin = 'miner@corp' }) }
            )
        })
}

Describe 'Export-PluginPolicy' {
    It 'says each rule in one of the formats' {
        $requirements, $managed = Export-PluginPolicy CodexRequirements, CodexManagedConfig -PolicyPath $policy @at
        $requirements.Text | Should -Match 'restrict_to_allowed_sources = true'
        $requirements.Text | Should -Match 'url = "https://github.com/acme/m.git"'
        $managed.Text | Should -Match '(?s)\[plugins\."miner@corp"\]\s+enabled = false'
        ($requirements.Coverage | Where-Object RuleId -EQ MKT-ALLOW).Fidelity | Should -Be 'Exact'
    }

    It 'stops where a rule cannot be said, and keeps the other keys of a file' {
        { Export-PluginPolicy CodexRequirements -PolicyPath $policy @at } | Should -Throw -ErrorId 'PolicyNotExpressible*'
        $path = Join-Path (New-Folder) 'managed_config.toml'
        'model = "x"' | Set-Content $path
        $export = Export-PluginPolicy CodexManagedConfig -PolicyPath $policy -AllowPartial -Path $path @at
        $export.Path | Should -Be $path
        Get-Content -Raw $path | Should -Match '(?s)^model = "x".*# policy corp 7 of PluginMarket.*miner@corp'
    }

    It 'knows the plugins of other machines, and refuses a Codex that nobody tried' {
        $there = New-TestHome
        Add-PluginMarketplace (New-SampleMarketplace) @there
        $null = Install-Plugin deploy@corp @there
        $folder = New-Folder
        $null = Export-PluginInventory $folder @there
        $pattern = Join-Path (New-Folder) 'policy.json'
        Set-Json $pattern ([ordered]@{
                format = 1; id = 'corp'; revision = '1'; mode = 'enforce'
                rules = @([ordered]@{ id = 'PLG-DEPLOY'; kind = 'plugin'; effect = 'deny'; match = @(@{ plugin = 'deploy@*' }) })
            })
        (Export-PluginPolicy CodexManagedConfig -PolicyPath $pattern -AllowPartial @at).Text | Should -Not -Match 'deploy@corp'
        (Export-PluginPolicy CodexManagedConfig -PolicyPath $pattern -AllowPartial -InventoryPath $folder @at).Text | Should -Match 'deploy@corp'
        { Export-PluginPolicy CodexManagedConfig -PolicyPath $pattern -AllowPartial -CodexVersion 0.150.0 @at } |
            Should -Throw -ErrorId 'PolicyNotExpressible*'
        $null = Export-PluginPolicy CodexManagedConfig -PolicyPath $pattern -AllowPartial -CodexVersion 0.171.0 @at -WarningVariable warned
        $warned | Should -BeNullOrEmpty
        $null = Export-PluginPolicy CodexManagedConfig -PolicyPath $pattern -AllowPartial -CodexVersion 9.0.0 @at -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -Match 'newer than'
    }
}
