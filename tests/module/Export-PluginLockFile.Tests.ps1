BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Export-PluginLockFile' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp, deploy@corp @at
        $path = Join-Path (New-Folder) 'plugins.lock.json'
    }

    It 'writes everything that is installed, sorted' {
        $lock = Export-PluginLockFile $path @at
        $lock.PSTypeNames[0] | Should -Be 'PluginMarket.PluginLockFile'
        $lock.Plugins | Should -Be 2
        $lock.Entries.Id | Should -Be 'deploy@corp', 'notes@corp'
        (Get-Content -Raw $path | ConvertFrom-Json).plugins.id | Should -Be 'deploy@corp', 'notes@corp'
        (Get-Content -Raw $path | ConvertFrom-Json).plugins[0].capabilities.component | Should -Contain 'Hook'
        Get-Content -Raw $path | Should -Not -Match 'topsecret'
    }

    It 'writes the plugins piped in' {
        (Get-InstalledPlugin notes @at | Export-PluginLockFile $path).Entries.Id | Should -Be 'notes@corp'
        @() | Export-PluginLockFile $path @at | Should -BeNullOrEmpty
    }

    It 'writes nothing when one of them is not what was installed' {
        Add-Content (Join-Path (Get-InstalledPlugin notes @at).Path 'skills/notes-skill/SKILL.md') 'evil'
        Export-PluginLockFile $path @at -ErrorAction SilentlyContinue -ErrorVariable record | Should -BeNullOrEmpty
        Get-ErrorCode $record[0] | Should -Be 'IntegrityMismatch'
        $record[0].TargetObject | Should -Be 'notes@corp'
        $path | Should -Not -Exist
    }

    It 'writes nothing under -WhatIf, nor when something piped in names no plugin' {
        (Export-PluginLockFile $path -WhatIf @at).Status | Should -Be 'WhatIf'
        Get-Item $root | Export-PluginLockFile $path @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'InputNotAPlugin'
        $path | Should -Not -Exist
    }
}

Describe 'Exports with -NoClobber' {
    It 'write a new file, and refuse to overwrite one: <name>' -ForEach @(
        @{ name = 'Export-PluginLockFile'; file = 'l.json'; call = { param($path) Export-PluginLockFile $path -NoClobber @at } }
        @{ name = 'Export-PluginState'; file = 's.json'; call = { param($path) Export-PluginState $path -NoClobber @at } }
        @{ name = 'Export-PluginInventory'; file = 'i.ndjson'; call = { param($path) Export-PluginInventory $path -NoClobber @at } }
        @{ name = 'Export-PluginDirectory'; file = 'd.html'; call = { param($path) Export-PluginDirectory $path -NoClobber @at } }
        @{ name = 'Export-PluginPolicy'; file = 'p.toml'; call = { param($path) Export-PluginPolicy CodexConfig -Path $path -PolicyPath $policy -AllowPartial -NoClobber @at } }
    ) {
        $at = New-TestHome
        Add-PluginMarketplace (New-SampleMarketplace) @at
        $null = Install-Plugin notes@corp @at
        $path = Join-Path (New-Folder) $file
        $policy = Join-Path (New-Folder) policy.json
        Set-Text $policy '{"format":1,"id":"corp","revision":"1","mode":"enforce","rules":[{"id":"P","kind":"plugin","effect":"deny","match":[{"plugin":"other@corp"}]}]}'
        $null = & $call $path
        $text = Get-Content -Raw $path
        { $ErrorActionPreference = 'Stop'; & $call $path } | Should -Throw -ErrorId 'FileAlreadyExists,*'
        Get-Content -Raw $path | Should -Be $text
    }
}
