BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Export-PluginState' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp, deploy@corp @at
        $path = Join-Path (New-Folder) 'mine.json'
    }

    It 'writes what is there, which changes nothing where it came from' {
        (Export-PluginState $path -Pin Version @at).FullName | Should -Be $path
        $state = Get-Content -Raw $path | ConvertFrom-Json
        $state.id | Should -Be 'mine'
        $state.plugins.version | Should -Be '2.1.0', '1.0.0'
        Get-Content -Raw $path | Test-Json -SchemaFile (Join-Path $RepositoryRoot 'module/schemas/state.schema.json') | Should -BeTrue
        (Sync-Plugin $path @at).Status | Sort-Object -Unique | Should -Be 'Unchanged'
        $other = New-TestHome
        $null = Sync-Plugin $path @other
        (Get-InstalledPlugin @other).TreeHash | Should -Be (Get-InstalledPlugin @at).TreeHash
    }

    It 'writes the plugins that are named' {
        $null = Export-PluginState $path notes @at
        (Get-Content -Raw $path | ConvertFrom-Json).plugins.id | Should -Be 'notes@corp'
    }

    It 'writes nothing under -WhatIf, and nothing that it cannot prove' {
        (Export-PluginState $path -WhatIf @at).FullName | Should -Be $path
        $path | Should -Not -Exist
        Add-Content (Join-Path (Get-InstalledPlugin notes @at).Path 'skills/notes-skill/SKILL.md') 'evil'
        Export-PluginState $path @at -ErrorAction SilentlyContinue -ErrorVariable record | Should -BeNullOrEmpty
        Get-ErrorCode $record[0] | Should -Be 'IntegrityMismatch'
        $path | Should -Not -Exist
    }
}
