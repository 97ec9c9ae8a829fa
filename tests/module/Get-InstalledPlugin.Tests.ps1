BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Get-InstalledPlugin' {
    BeforeAll {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp, deploy@corp @at
        $null = Install-Plugin old-one@corp @at -Disabled
    }

    It 'shows what is installed, with where it came from' {
        $plugin = Get-InstalledPlugin notes @at
        $plugin.PSTypeNames[0] | Should -Be 'PluginMarket.InstalledPlugin'
        $plugin.Id | Should -Be 'notes@corp'
        $plugin.Enabled | Should -BeTrue
        $plugin.State | Should -Be 'Installed'
        $plugin.Provenance | Should -Be 'Recorded'
        $plugin.TreeHash | Should -Match '^sha256:[0-9a-f]{64}$'
        $plugin.InstalledBy | Should -Be ([Environment]::UserName)
        $plugin.InstalledOn.Offset | Should -Be ([timespan]::Zero)
        $plugin.CodexHome | Should -Be $at.CodexHome
        $plugin.Path | Should -Exist
        "$plugin" | Should -Be 'notes@corp'
    }

    It 'filters by name, marketplace, version and state' {
        (Get-InstalledPlugin @at).Name | Should -Be 'deploy', 'notes', 'old-one'
        (Get-InstalledPlugin 'o*', 'd*' @at).Name | Should -Be 'deploy', 'old-one'
        (Get-InstalledPlugin -Marketplace 'c*' @at).Count | Should -Be 3
        Get-InstalledPlugin -Marketplace none @at -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        (Get-InstalledPlugin -State Disabled @at).Name | Should -Be 'old-one'
        $version = (Get-InstalledPlugin notes @at).Version
        (Get-InstalledPlugin notes -Version $version @at).Name | Should -Be 'notes'
        Get-InstalledPlugin 'n*' -Version 9.9.9 @at | Should -BeNullOrEmpty
    }

    It 'takes names from the pipeline, and nothing from an empty one' {
        ('notes', 'deploy@corp' | Get-InstalledPlugin @at).Name | Sort-Object | Should -Be 'deploy', 'notes'
        @() | Get-InstalledPlugin @at | Should -BeNullOrEmpty
    }

    It 'says what is not installed' {
        $record = $null
        Get-InstalledPlugin nots @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'PluginNotInstalled'
        $record[0].TargetObject | Should -Be 'nots'
    }

    It 'shows a key without a cache, and a cache without a key' {
        $mine = New-TestHome
        Add-PluginMarketplace $root @mine
        $null = Install-Plugin notes@corp, deploy@corp @mine
        Remove-Item -Recurse -Force (Join-Path $mine.CodexHome 'plugins/cache/corp/notes')
        $config = Join-Path $mine.CodexHome 'config.toml'
        (Get-Content -Raw $config) -replace '(?m)^\[plugins\."deploy@corp"\]\s*\r?\nenabled = true\s*', '' | Set-Content -NoNewline $config
        $states = @{}
        Get-InstalledPlugin @mine | ForEach-Object { $states[$_.Name] = $_.State }
        $states.notes | Should -Be 'NotCached'
        $states.deploy | Should -Be 'NotConfigured'
    }

    It 'shows an entry that is gone from its catalog' {
        $mine = New-TestHome
        $changing = New-SampleMarketplace
        Add-PluginMarketplace $changing @mine
        $null = Install-Plugin notes@corp @mine
        Set-Catalog $changing corp @(New-Entry deploy)
        (Get-InstalledPlugin notes @mine).State | Should -Be 'Orphaned'
    }

    It 'computes a digest for what Codex installed' {
        $mine = New-TestHome
        Add-PluginMarketplace $root @mine
        $cached = Join-Path $mine.CodexHome 'plugins/cache/corp/notes/1.0.0'
        $null = New-Item -ItemType Directory -Force (Split-Path $cached)
        Copy-Item -Recurse (Join-Path $root 'plugins/notes') $cached
        "`n[plugins.`"notes@corp`"]`nenabled = true`n" | Add-Content (Join-Path $mine.CodexHome 'config.toml')
        $plugin = Get-InstalledPlugin notes @mine
        $plugin.Provenance | Should -Be 'None'
        $plugin.TreeHash | Should -BeNullOrEmpty
        (Get-InstalledPlugin notes -IncludeHash @mine).TreeHash | Should -Be (Get-InstalledPlugin notes @at).TreeHash
    }

    It 'fails for a home that is missing' {
        $folder = New-Folder
        { Get-InstalledPlugin -CodexHome (Join-Path $folder none) -HomePath $folder } | Should -Throw -ErrorId 'HomeNotFound,*'
    }
}
