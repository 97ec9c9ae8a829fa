BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Add-PluginMarketplaceEntry' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        $file = Join-Path $root '.agents/plugins/marketplace.json'
        $null = New-TestPlugin $root fresh
    }

    It 'adds an entry at the end and leaves the rest' {
        $before = (Get-Content -Raw $file) -replace '\s*\]\s*\}\s*$'
        $plugin = Add-PluginMarketplaceEntry $root fresh -Category 'Dev Tools' -Installation NotAvailable @at
        $plugin.PSTypeNames[0] | Should -Be 'PluginMarket.Plugin'
        $plugin.Id | Should -Be 'fresh@corp'
        $plugin.Version | Should -Be '1.0.0'
        $plugin.Installation | Should -Be 'NOT_AVAILABLE'
        (Get-Content -Raw $file).StartsWith("$before,") | Should -BeTrue
        (Find-Plugin -Path $root @at).Name | Select-Object -Last 1 | Should -Be 'fresh'
    }

    It 'takes a source as hashtable, ordered hashtable or object, and the catalog file as path' -ForEach @(
        @{ source = @{ ref = 'v1'; url = 'owner/repo'; source = 'url' } }
        @{ source = [ordered]@{ url = 'owner/repo'; source = 'url'; ref = 'v1' } }
        @{ source = [pscustomobject]@{ source = 'url'; url = 'owner/repo'; ref = 'v1' } }
    ) {
        $plugin = Add-PluginMarketplaceEntry $file web $source @at
        $plugin.SourceType | Should -Be 'git'
        $plugin.Ref | Should -Be 'v1'
        Get-Content -Raw $file | Should -Match '(?s)"source": "url",\s*"url": "owner/repo",\s*"ref": "v1"'
    }

    It 'refuses a source that is not a string' {
        { Add-PluginMarketplaceEntry $root web @{ source = 'npm'; package = 'a'; version = 1.0 } @at -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
    }

    It 'refuses <name> from <source> as <id> and writes nothing' -ForEach @(
        @{ name = 'notes'; source = './plugins/notes'; id = 'PluginAlreadyExists' }
        @{ name = 'a b'; source = './plugins/fresh'; id = 'NameInvalid' }
        @{ name = 'gone'; source = './plugins/gone'; id = 'SourceUnreachable' }
        @{ name = 'gone'; source = '../gone'; id = 'PathEscapesRoot' }
        @{ name = 'other'; source = './plugins/fresh'; id = 'ManifestNameMismatch' }
    ) {
        $before = Get-FolderState $root
        { Add-PluginMarketplaceEntry $root $name $source @at -ErrorAction Stop } | Should -Throw -ErrorId "$id,*"
        Get-FolderState $root | Should -Be $before
    }

    It 'lists a folder that is missing with -Force' {
        (Add-PluginMarketplaceEntry $root gone -Force @at).Status | Should -BeNullOrEmpty
    }

    It 'reports a folder without a catalog' {
        { Add-PluginMarketplaceEntry (New-Folder) fresh @at -ErrorAction Stop } | Should -Throw -ErrorId 'CatalogUnreadable,*'
    }

    It 'does nothing under -WhatIf' {
        $before = Get-FolderState $root
        (Add-PluginMarketplaceEntry $root fresh @at -WhatIf).Status | Should -Be 'WhatIf'
        Get-FolderState $root | Should -Be $before
    }
}
