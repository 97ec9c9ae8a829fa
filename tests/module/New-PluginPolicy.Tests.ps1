BeforeAll {
    . $PSScriptRoot/Common.ps1
    $at = New-TestHome
    Add-PluginMarketplace (New-SampleMarketplace) @at
    $null = Install-Plugin notes@corp, deploy@corp @at
}

Describe 'New-PluginPolicy' {
    It 'writes a list of what is in use, which only reports' {
        $path = Join-Path (New-Folder) 'policy.json'
        (New-PluginPolicy $path -Id corp @at).FullName | Should -Be $path
        $policy = Get-PluginPolicy $path @at | Where-Object Layer -EQ Command
        $policy.Id, $policy.Mode, $policy.State | Should -Be 'corp', 'Audit', 'Active'
        $policy.Rules.Id | Should -Be 'MKT-ALLOW', 'SRC-ALLOW', 'PLG-ALLOW'
        (Test-PluginPolicy notes@corp -PolicyPath $path @at).Effect | Should -Be 'Allowed'
        (Test-PluginPolicy mail@corp -PolicyPath $path @at).Effect | Should -Be 'Audited'
    }

    It 'takes plugins, and writes over nothing' {
        $path = Join-Path (New-Folder) 'policy.json'
        $null = Get-InstalledPlugin notes @at | New-PluginPolicy $path -Mode Enforce @at
        (Test-PluginPolicy deploy@corp -PolicyPath $path @at).Rule | Should -Be 'PLG-ALLOW'
        New-PluginPolicy $path @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'SourceInvalid'
        $none = Join-Path (New-Folder) 'policy.json'
        New-PluginPolicy $none -WhatIf @at
        Test-Path $none | Should -BeFalse
    }
}
