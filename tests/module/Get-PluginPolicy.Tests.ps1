BeforeAll {
    . $PSScriptRoot/Common.ps1
    $at = New-TestHome
    $policy = Join-Path (New-Folder) 'policy.json'
    Set-Json $policy ([ordered]@{
            format = 1; id = 'corp-baseline'; revision = '2026.1'; mode = 'audit'; contact = 'plugins@example.com'
            rules = @(
                [ordered]@{ id = 'PLG-MAIL'; kind = 'plugin'; effect = 'deny'; match = @(@{ plugin = 'mail@*' }); reason = 'Not here.' }
                [ordered]@{ id = 'OPT-1'; kind = 'option'; effect = 'deny'; options = @('AllowHttp') }
            )
        })
}

Describe 'Get-PluginPolicy' {
    It 'shows each layer with its state' {
        $layer = Get-PluginPolicy $policy @at | Where-Object Layer -EQ Command
        $layer.PSTypeNames[0] | Should -Be 'PluginMarket.PluginPolicy'
        $layer.Id, $layer.Revision, $layer.Mode, $layer.State | Should -Be 'corp-baseline', '2026.1', 'Audit', 'Active'
        $layer.Rules.Id | Should -Be 'PLG-MAIL', 'OPT-1'
        $layer.Digest | Should -Match '^sha256:[0-9a-f]{64}$'
        $layer.Path | Should -Be $policy
        (Get-PluginPolicy @at | Where-Object Layer -EQ Machine).Count | Should -Be 1
    }

    It 'shows rules, with the line of each' {
        $rule = Get-PluginPolicy $policy -Rule -Id PLG-* @at
        $rule.Id, $rule.Kind, $rule.Effect, $rule.Mode, $rule.Policy, $rule.Reason | Should -Be 'PLG-MAIL', 'plugin', 'deny', 'Audit', 'corp-baseline', 'Not here.'
        (Get-Content $policy)[$rule.Line - 1] | Should -Match '\{'
    }

    It 'shows a file that cannot be read with the reason, and reports it where rules are asked for' {
        $broken = Join-Path (New-Folder) 'policy.json'
        '{ "format": 1, "id": "x", "revision": "1", "mode": "enforce", "rules": [], "rulez": 1 }' | Set-Content $broken
        $layer = Get-PluginPolicy $broken @at | Where-Object Layer -EQ Command
        $layer.State | Should -Be 'Unreadable'
        $layer.Problem | Should -Match "\(1,\d+\).*'rulez'"
        { Get-PluginPolicy $broken -Rule @at } | Should -Throw -ErrorId 'PolicyUnreadable*'
    }
}
