BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Get-PluginSecurityContext' {
    It 'shows policy, sandbox and the trust in each hook, and writes nothing' {
        $at = New-TestHome
        Add-PluginMarketplace (New-SampleMarketplace) @at
        $null = Install-Plugin deploy@corp @at
        "approval_policy = `"never`"`n" + (Get-Content -Raw (Join-Path $at.CodexHome config.toml)) + "`n[mcp_servers.x]`ncommand = `"x`"`nenv = { TOKEN = `"topsecret`" }`n" | Set-Content -NoNewline (Join-Path $at.CodexHome config.toml)
        $before = Get-FolderState $at.CodexHome
        $context = Get-PluginSecurityContext @at
        $context.PSTypeNames[0] | Should -Be 'PluginMarket.PluginSecurityContext'
        $context.ApprovalPolicy | Should -Be 'never'
        $context.ApprovalPolicySource | Should -Be 'User'
        $context.UntrustedHooks | Should -Be 1
        $context.Hooks[0].Plugin | Should -Be 'deploy@corp'
        $context.Hooks[0].Trust | Should -Be 'Untrusted'
        $context.Hooks[0].Command | Should -Be 'echo checked'
        ($context | ConvertTo-Json -Depth 6) | Should -Not -Match 'topsecret'
        Get-FolderState $at.CodexHome | Should -Be $before
    }
}
