BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Get-PluginManifestRule' {
    It 'lists every rule once, ordered' {
        $rules = Get-PluginManifestRule
        $rules.Count | Should -BeGreaterOrEqual 70
        $rules[0].PSTypeNames[0] | Should -Be 'PluginMarket.ManifestRule'
        $rules.Id | Should -Be ($rules.Id | Sort-Object -Unique)
    }

    It 'takes wildcards and severities' {
        (Get-PluginManifestRule 'PM08*').Family | Sort-Object -Unique | Should -Be 'Hook'
        (Get-PluginManifestRule -Severity Error).Severity | Sort-Object -Unique | Should -Be 'Error'
        (Get-PluginManifestRule PM0201, PM0202 -Severity Warning) | Should -BeNullOrEmpty
    }

    It 'suggests the nearest rule for an unknown id, and lists the others' {
        $rules = Get-PluginManifestRule PM0201, PM9201, PM99* -ErrorAction SilentlyContinue -ErrorVariable failure
        $rules.Id | Should -Be 'PM0201'
        Get-ErrorCode $failure[0] | Should -Be 'SettingsInvalid'
        "$($failure[0])" | Should -Be "There is no rule 'PM9201'. Did you mean 'PM0201'?"
        $failure.Count | Should -Be 1
    }

    It 'tells why, and shows samples' {
        $rule = Get-PluginManifestRule PM0604
        $rule.Why | Should -Match 'http_headers'
        $rule.BadSample | Should -Match '"headers"'
        $rule.HelpUri | Should -Be 'docs/rules.md#pm0604'
        "$rule" | Should -Be 'PM0604 headers is ignored'
    }

    It 'completes ids' {
        (Complete 'Get-PluginManifestRule PM020').CompletionText | Should -Contain 'PM0201'
        (Complete 'Test-PluginManifest . -ExcludeRule PM130').CompletionText | Should -Contain 'PM1301'
    }
}
