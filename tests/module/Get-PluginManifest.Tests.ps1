BeforeAll {
    . $PSScriptRoot/Common.ps1
    $root = New-SampleMarketplace
    $folder = Join-Path $root 'plugins/deploy'
}

Describe 'Get-PluginManifest' {
    BeforeAll {
        $at = New-TestHome
        Add-PluginMarketplace $root @at
    }

    It 'reads a folder, every field typed' {
        $manifest = Get-PluginManifest -Path $folder @at
        $manifest.PSTypeNames[0] | Should -Be 'PluginMarket.PluginManifest'
        $manifest.Name | Should -Be 'deploy'
        $manifest.Version | Should -Be '2.1.0'
        $manifest.Dialect | Should -Be 'Codex'
        $manifest.Components | Sort-Object | Should -Be 'Hook', 'McpServer', 'Skill'
        $manifest.Skills[0].Name | Should -Be 'deploy-skill'
        ($manifest.McpServers | Where-Object Command).Command | Should -Be 'node'
        ($manifest.McpServers | Where-Object Command).EnvironmentNames | Should -Be 'TOKEN'
        $manifest.Hooks[0].Event | Should -Be 'PreToolUse'
        $manifest | ConvertTo-Json -Depth 6 | Should -Not -Match 'topsecret'
        "$manifest" | Should -Be 'deploy'
    }

    It 'expands wildcards in -Path, and none in -LiteralPath' {
        (Get-PluginManifest -Path (Join-Path $root 'plugins/*') @at).Count | Should -Be 6
        $odd = New-TestPlugin (New-Folder) 'odd'
        $bracket = Join-Path (Split-Path $odd) '[1]'
        Rename-Item -LiteralPath $odd -NewName '[1]'
        (Get-PluginManifest -LiteralPath $bracket @at).Name | Should -Be 'odd'
        (Get-PluginManifest -Path $bracket @at).Name | Should -Be 'odd'
    }

    It 'resolves paths from the PowerShell location' {
        Push-Location $folder
        try { (Get-PluginManifest -Path . @at).Name | Should -Be 'deploy' } finally { Pop-Location }
    }

    It 'takes folders and paths from the pipeline' {
        (Get-ChildItem (Join-Path $root plugins) -Directory | Get-PluginManifest @at).Count | Should -Be 6
        ($folder | Get-PluginManifest @at).Name | Should -Be 'deploy'
    }

    It 'takes plugins, installed plugins and names' {
        (Find-Plugin deploy@corp @at | Get-PluginManifest).Version | Should -Be '2.1.0'
        (Get-PluginManifest deploy -Marketplace corp @at).Version | Should -Be '2.1.0'
        $null = Install-Plugin notes@corp @at
        $installed = Get-InstalledPlugin notes @at
        ($installed | Get-PluginManifest).Path | Should -Be $installed.Path
        (Get-PluginManifest notes@corp @at).Path | Should -Be $installed.Path
    }

    It 'gives the text as it is with -Raw' {
        $raw = Get-PluginManifest -Path $folder -Raw @at
        $raw | Should -BeOfType [string]
        $raw | Should -Be (Get-Content -Raw (Join-Path $folder '.codex-plugin/plugin.json'))
    }

    It 'says where a manifest is wrong, and goes on' {
        $bad = New-TestPlugin (New-Folder) 'bad'
        "{`n  `"name`": `"bad`",`n  `"version`": 1`n}" | Set-Content (Join-Path $bad '.codex-plugin/plugin.json')
        $record = $null
        $read = Get-PluginManifest -Path $bad, $folder, (New-Folder) @at -ErrorAction SilentlyContinue -ErrorVariable record
        $read.Name | Should -Be 'deploy'
        $record.Count | Should -Be 2
        $record | ForEach-Object { Get-ErrorCode $_ | Should -Be 'ManifestInvalid' }
        $record[0].Exception.Line | Should -Be 3
    }

    It 'says why an entry cannot be fetched, by its id' {
        $catalog = New-Folder
        Set-Catalog $catalog away @(@{ name = 'gone'; source = @{ source = 'url'; url = 'https://127.0.0.1:1/gone.git' } }, @{ name = 'plain'; source = @{ source = 'url'; url = 'http://plain.invalid/plain.git' } })
        $there = New-TestHome
        Add-PluginMarketplace $catalog @there
        $record = $null
        Get-PluginManifest gone@away, plain@away @there -ErrorAction SilentlyContinue -ErrorVariable record | Should -BeNullOrEmpty
        $record | ForEach-Object { Get-ErrorCode $_ } | Should -Be 'SourceUnreachable', 'HttpNotAllowed'
    }

    It 'reports a folder that is missing' {
        $record = $null
        Get-PluginManifest -Path (Join-Path $root 'nowhere') @at -ErrorAction SilentlyContinue -ErrorVariable record
        @($record).Count | Should -Be 1
        "$($record[0].CategoryInfo.Category)" | Should -Not -Be 'NotSpecified'
        "$($record[0].TargetObject)" | Should -Match 'nowhere'
    }

    It 'refuses what names no plugin' {
        { @{ Name = 'a'; Marketplace = 'b' } | Get-PluginManifest @at -ErrorAction Stop } | Should -Throw -ErrorId 'InputNotAPlugin,*'
    }
}
