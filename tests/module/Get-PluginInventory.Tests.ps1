BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Get-PluginInventory' {
    It 'outputs the content of a home without private data' {
        $at = New-TestHome
        Add-PluginMarketplace (New-SampleMarketplace) @at
        $null = Install-Plugin notes@corp, deploy@corp @at
        $inventory = Get-PluginInventory @at
        $inventory.PSTypeNames[0] | Should -Be 'PluginMarket.PluginInventory'
        $inventory.Plugins.Id | Should -Be 'deploy@corp', 'notes@corp'
        $inventory.Plugins.Integrity | Should -Be 'Intact', 'Intact'
        $inventory.Marketplaces.Name | Should -Be 'corp'
        $inventory.MachineId | Should -Match '^sha256:[0-9a-f]{64}$'
        $inventory | ConvertTo-Json -Depth 6 | Should -Not -Match 'topsecret|server\.js|echo checked'
    }

    It 'tells of a home that cannot be read' {
        $at = New-TestHome
        '[' | Set-Content (Join-Path $at.CodexHome 'config.toml')
        $inventory = Get-PluginInventory @at -WarningAction SilentlyContinue
        $inventory.Problem | Should -Be 'ConfigInvalid'
        $state = Join-Path (New-Folder) 's.json'
        Set-Json $state @{ format = 1; id = 'dev'; revision = '1' }
        $other = New-TestHome
        ($inventory | Get-PluginDrift -RequiredPluginFile $state @other).Kind | Should -Be 'HomeUnreadable'
    }
}
