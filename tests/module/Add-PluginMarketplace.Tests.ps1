BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Add-PluginMarketplace' {
    BeforeEach {
        $at = New-TestHome
    }

    It 'registers a folder, and copies nothing' {
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at | Should -BeNullOrEmpty
        $config = Get-Content -Raw (Join-Path $at.CodexHome 'config.toml')
        $config | Should -Match '\[marketplaces\.corp\]'
        $config | Should -Match 'source_type = "local"'
        Join-Path $at.CodexHome '.tmp/marketplaces/corp' | Should -Not -Exist
    }

    It 'warns of entries that are skipped, with the reason' {
        $root = New-SampleMarketplace
        Set-Catalog $root corp @(New-Entry notes; @{ name = 'out'; source = '../out' })
        Add-PluginMarketplace $root @at -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -Match "1 of 2 entries of 'corp' is skipped\. out: "
    }

    It 'gives the marketplace with -PassThru' {
        (Add-PluginMarketplace (New-SampleMarketplace) @at -PassThru).Name | Should -Be 'corp'
    }

    It 'makes a missing home, private to the user' -Skip:$IsWindows {
        $codexHome = Join-Path $at.HomePath 'new/.codex'
        Add-PluginMarketplace (New-SampleMarketplace) -CodexHome $codexHome
        [IO.File]::GetUnixFileMode($codexHome) | Should -Be ([IO.UnixFileMode]'UserRead, UserWrite, UserExecute')
    }

    It 'fetches a repository given as a file URL, at a ref' {
        $root = New-SampleMarketplace
        $first = Save-Repository $root
        $null = Invoke-Git $root tag v1
        Set-Catalog $root corp @(New-Entry notes)
        $null = Save-Repository $root
        $added = Add-PluginMarketplace (Get-FileUrl $root) -Ref v1 @at -PassThru
        $added.SourceType | Should -Be 'git'
        $added.Ref | Should -Be 'v1'
        $added.Commit | Should -Be $first
        $added.Plugins | Should -Be 6
        Join-Path $at.CodexHome '.tmp/marketplaces/corp/.agents/plugins/marketplace.json' | Should -Exist
    }

    It 'stores a sha as the ref' {
        $root = New-SampleMarketplace
        $commit = Save-Repository $root
        $added = Add-PluginMarketplace (Get-FileUrl $root) -Sha $commit @at -PassThru
        $added.Ref | Should -Be $commit
        Get-Content -Raw (Join-Path $at.CodexHome 'config.toml') | Should -Match "ref = `"$commit`""
    }

    It 'changes nothing the second time' {
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        $before = Get-FolderState $at.CodexHome
        (Add-PluginMarketplace $root @at -PassThru).Name | Should -Be 'corp'
        Get-FolderState $at.CodexHome | Should -Be $before
    }

    It 'asserts the name with -Name' {
        { Add-PluginMarketplace (New-SampleMarketplace) -Name other @at -ErrorAction Stop } | Should -Throw -ErrorId 'MarketplaceNameMismatch,*'
        Get-PluginMarketplace @at -Scope User | Should -BeNullOrEmpty
    }

    It 'refuses another source under the same name' {
        Add-PluginMarketplace (New-SampleMarketplace) @at
        { Add-PluginMarketplace (New-SampleMarketplace) @at -ErrorAction Stop } | Should -Throw -ErrorId 'MarketplaceAlreadyExists,*'
    }

    It 'refuses a reserved name' {
        { Add-PluginMarketplace (New-SampleMarketplace 'openai-curated') @at -ErrorAction Stop } | Should -Throw -ErrorId 'NameReserved,*'
    }

    It 'suggests the right form of a misspelled source: <source>' -ForEach @(
        @{ source = 'github.com/acme/tools'; suggestion = 'https://github.com/acme/tools' }
        @{ source = 'git@github.com:acme/tools@v1'; suggestion = '-Ref' }
    ) {
        $record = $null
        Add-PluginMarketplace $source @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'SourceInvalid'
        "$($record[0])" | Should -BeLike "*$suggestion*"
        Get-FolderState $at.CodexHome | Should -BeNullOrEmpty
    }

    It 'fails with its own id, the home untouched: <code>' -ForEach @(
        @{ code = 'SourceInvalid'; make = { 'no such thing' } }
        @{ code = 'CredentialInUrl'; make = { 'https://user:secret@example.com/a/b' } }
        @{ code = 'HttpNotAllowed'; make = { 'http://example.com/a/b' } }
        @{ code = 'CatalogUnreadable'; make = { New-Folder } }
    ) {
        $record = $null
        Add-PluginMarketplace (& $make) @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be $code
        "$record" | Should -Not -Match 'secret'
        $record[0].TargetObject | Should -Not -BeNullOrEmpty
        $record[0].TargetObject | Should -Not -Match 'secret'
        Get-FolderState $at.CodexHome | Should -BeNullOrEmpty
    }

    It 'names a missing ref' {
        $root = New-SampleMarketplace
        $null = Save-Repository $root
        { Add-PluginMarketplace (Get-FileUrl $root) -Ref nope @at -ErrorAction Stop } | Should -Throw -ErrorId 'GitRefNotFound,*'
        Get-PluginMarketplace @at -Scope User | Should -BeNullOrEmpty
        Get-ChildItem -Force $at.CodexHome | Should -BeNullOrEmpty
    }

    It 'finds out before anything else changes that config.toml cannot be used' {
        "marketplaces = []`n" | Set-Content -NoNewline (Join-Path $at.CodexHome 'config.toml')
        $root = New-SampleMarketplace
        $null = Save-Repository $root
        foreach ($source in $root, (Get-FileUrl $root)) {
            { Add-PluginMarketplace $source @at -ErrorAction Stop } | Should -Throw -ErrorId 'ConfigInvalid,*'
            (Get-ChildItem -Force -Recurse $at.CodexHome).Name | Should -Be 'config.toml'
        }
    }

    It 'does nothing under -WhatIf, but still refuses a misspelled source' {
        Add-PluginMarketplace (New-SampleMarketplace) @at -WhatIf
        Get-FolderState $at.CodexHome | Should -BeNullOrEmpty
        { Add-PluginMarketplace 'no such thing' @at -WhatIf -ErrorAction Stop } | Should -Throw -ErrorId 'SourceInvalid,*'
    }

    It 'takes several as hashtables, and goes on after a bad one' {
        $record = $null
        $added = Add-PluginMarketplace -Marketplace @{ Source = New-SampleMarketplace 'a' }, @{ Sorce = 'x' }, @{ Name = 'x' }, @{ Source = New-SampleMarketplace 'b'; Name = 'b' } @at -PassThru -ErrorAction SilentlyContinue -ErrorVariable record
        $added.Name | Should -Be 'a', 'b'
        $record.Count | Should -Be 2
        $record | ForEach-Object { Get-ErrorCode $_ | Should -Be 'SourceInvalid' }
        "$($record[0])" | Should -Match 'Sorce'
    }

    It 'takes texts, marketplaces of another home, hashtables and rows of a table from the pipeline' {
        $one = New-SampleMarketplace 'one'
        $two = New-SampleMarketplace 'two'
        ($one, '# a comment', '', $two | Add-PluginMarketplace @at -PassThru).Name | Should -Be 'one', 'two'
        $other = New-TestHome
        (Get-PluginMarketplace @at | Add-PluginMarketplace @other -PassThru).Source | Sort-Object | Should -Be @($one, $two | Sort-Object)
        $third = New-TestHome
        (@{ Source = $one; Name = 'one' }, [pscustomobject]@{ Source = $two } | Add-PluginMarketplace @third -PassThru).Name | Should -Be 'one', 'two'
        $fourth = New-TestHome
        ("Source,Name`"$two`",two" -replace '`"', '"' | Out-Null)
        (@("Source,Name", "`"$two`",two") | ConvertFrom-Csv | Add-PluginMarketplace @fourth -PassThru).Name | Should -Be 'two'
        { [pscustomobject]@{ Source = $one; Name = 'three' } | Add-PluginMarketplace @fourth -ErrorAction Stop } | Should -Throw -ErrorId 'MarketplaceNameMismatch,*'
    }

    It 'refuses what has a source but is not a marketplace' {
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        $plugin = Find-Plugin @at | Select-Object -First 1
        foreach ($foreign in $plugin, (Get-Item $root), 42) {
            { $foreign | Add-PluginMarketplace @at -ErrorAction Stop } | Should -Throw -ErrorId 'InputNotAMarketplace,*'
        }
    }

    It 'resolves a relative folder from the PowerShell location' {
        $root = New-SampleMarketplace
        Push-Location (Split-Path $root)
        try { (Add-PluginMarketplace "./$(Split-Path -Leaf $root)" @at -PassThru).Root | Should -Be $root } finally { Pop-Location }
    }
}
