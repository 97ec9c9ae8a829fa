BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Find-Plugin' {
    BeforeAll {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        Add-PluginMarketplace (New-SampleMarketplace 'extra') @at
        $null = Install-Plugin notes@corp @at
    }

    It 'joins an entry with its manifest and with what is installed' {
        $plugin = Find-Plugin notes@corp @at
        $plugin.PSTypeNames[0] | Should -Be 'PluginMarket.Plugin'
        $plugin.Id | Should -Be 'notes@corp'
        $plugin.Version | Should -Be '1.0.0'
        $plugin.Category | Should -Be 'Productivity'
        $plugin.Installation | Should -BeExactly 'AVAILABLE'
        $plugin.Authentication | Should -BeExactly 'ON_INSTALL'
        $plugin.Installed | Should -BeTrue
        $plugin.DisplayName | Should -Be 'Notes'
        $plugin.SourceType | Should -Be 'local'
        $plugin.Status | Should -Be 'Available'
        $plugin.Resolved | Should -BeTrue
        $plugin.Components | Should -Be 'Skill'
        $plugin.Capabilities | Should -Be 'Read', 'Write'
        $plugin.Keywords | Should -Be 'writing', 'memo'
        $plugin.Author.Name | Should -Be 'Ada'
        $plugin.License | Should -Be 'MIT'
        $plugin.Interface.DefaultPrompts | Should -Be 'Take a note'
        $plugin.Manifest.Skills.Count | Should -Be 1
        $plugin.CodexHome | Should -Be $at.CodexHome
        "$plugin" | Should -Be 'notes@corp'
    }

    It 'gives everything without filters, in the order of the catalogs' {
        (Find-Plugin @at).Count | Should -Be 12
        (Find-Plugin -Marketplace corp @at).Name | Should -Be 'notes', 'deploy', 'mail', 'locked', 'base', 'old-one'
    }

    It 'filters by <name>' -ForEach @(
        @{ name = 'name'; with = @{ Name = 'n*', 'old-???' }; expected = 'notes', 'old-one' }
        @{ name = 'category'; with = @{ Category = 'dev*' }; expected = 'deploy' }
        @{ name = 'keyword'; with = @{ Keyword = 'MEMO' }; expected = 'notes' }
        @{ name = 'component'; with = @{ Component = 'Hook', 'App' }; expected = 'deploy', 'mail' }
        @{ name = 'capability'; with = @{ Capability = 'write' }; expected = 'notes' }
        @{ name = 'installation, member spelling'; with = @{ Installation = 'NotAvailable' }; expected = 'locked' }
        @{ name = 'installation, format spelling'; with = @{ Installation = 'NOT_AVAILABLE', 'INSTALLED_BY_DEFAULT' }; expected = 'locked', 'base' }
        @{ name = 'authentication'; with = @{ Authentication = 'ON_USE' }; expected = 'mail' }
        @{ name = 'several at once'; with = @{ Category = 'Productivity'; Installation = 'AVAILABLE'; Component = 'Skill' }; expected = 'notes' }
    ) {
        (Find-Plugin -Marketplace corp @with @at).Name | Should -Be $expected
    }

    It 'refuses a policy that does not exist' {
        { Find-Plugin -Installation SOMETIMES @at } | Should -Throw '*INSTALLED_BY_DEFAULT*'
    }

    It 'shows skipped entries with the reason when asked' {
        Find-Plugin broken -Marketplace 'c*' @at -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $skipped = Find-Plugin -Marketplace corp -IncludeSkipped @at | Where-Object Status -EQ 'Skipped'
        $skipped.Name | Should -Be 'broken'
        $skipped.Reason | Should -Not -BeNullOrEmpty
        $skipped.Components | Should -Be $null
        $skipped.Resolved | Should -BeFalse
    }

    It 'looks in the marketplaces that are piped in' {
        (Get-PluginMarketplace corp @at | Find-Plugin @at).Marketplace | Sort-Object -Unique | Should -Be 'corp'
        (Get-PluginMarketplace extra @at | Find-Plugin 'n*' @at).Id | Should -Be 'notes@extra'
        ('notes@extra' | Find-Plugin @at).Id | Should -Be 'notes@extra'
        # Marketplaces come in the order of their roots, which are folders with random names here.
        $inOrder = (Get-PluginMarketplace @at -Scope User).Name
        $inOrder | Sort-Object | Should -Be 'corp', 'extra'
        (Get-PluginMarketplace @at -Scope User | Find-Plugin notes).Id | Should -Be ($inOrder | ForEach-Object { "notes@$_" })
    }

    It 'looks in a catalog that is not registered' {
        $loose = New-SampleMarketplace 'loose'
        (Find-Plugin -Path $loose @at).Count | Should -Be 6
        (Get-PluginMarketplace -Path $loose @at | Find-Plugin notes @at).Id | Should -Be 'notes@loose'
    }

    It 'leaves what is not known at null, and fills it with -Resolve' {
        $repository = New-Folder
        $folder = New-TestPlugin $repository remote '3.0.0' -Component Skill, Hook
        $null = Save-Repository $repository
        $catalog = New-Folder
        Set-Catalog $catalog 'git' @(New-Entry remote -Source @{ source = 'git-subdir'; url = (Get-FileUrl $repository); path = 'plugins/remote' })
        $mine = New-TestHome
        Add-PluginMarketplace $catalog @mine

        $plugin = Find-Plugin remote @mine
        $plugin.Resolved | Should -BeFalse
        $plugin.SourceType | Should -Be 'git-subdir'
        foreach ($property in 'Components', 'Capabilities', 'Manifest', 'Author', 'License') { $null -eq $plugin.$property | Should -BeTrue -Because $property }
        Find-Plugin -Component Hook @mine | Should -BeNullOrEmpty

        $plugin = Find-Plugin remote -Resolve @mine
        $plugin.Resolved | Should -BeTrue
        $plugin.Version | Should -Be '3.0.0'
        $plugin.Components | Sort-Object | Should -Be 'Hook', 'Skill'
        (Find-Plugin -Component Hook -Resolve @mine).Name | Should -Be 'remote'
    }

    It 'names the nearest for a name that is not there' {
        $record = $null
        Find-Plugin nots @at -ErrorAction SilentlyContinue -ErrorVariable record
        $record[0].FullyQualifiedErrorId | Should -Be 'PluginNotFound,PluginMarket.Cmdlets.FindPluginCommand'
        "$($record[0])" | Should -Match "'notes'"
        $record[0].TargetObject | Should -Be 'nots'
    }

    It 'searches name, description and keywords with -Query' {
        (Find-Plugin -Query 'NOTE' -Marketplace corp @at).Name | Should -Be 'notes'
        Find-Plugin -Query 'note', 'zebra' @at | Should -BeNullOrEmpty
    }

    It 'takes -LiteralPath as it is' {
        (Find-Plugin notes -LiteralPath $root @at).Name | Should -Be 'notes'
    }

    It 'says nothing for a pattern that fits none' {
        Find-Plugin 'zz*' @at -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'shows a table within 100 characters' {
        $lines = Find-Plugin @at | Out-String -Width 200 -Stream | ForEach-Object TrimEnd
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 100
        $lines[1] | Should -Match 'Name\s+Version\s+Marketplace\s+Installed\s+Installation\s+Category'
    }

    It 'lets no control character of a catalog through' {
        $evil = New-Folder
        $null = New-TestPlugin $evil odd -Manifest @{ description = "a`e[31mred`u{202E}b"; interface = @{ displayName = "x`e]0;title`a" } }
        Set-Catalog $evil 'odd' @(New-Entry odd -Category "c`u{009B}d")
        $plugin = Find-Plugin -Path $evil @at
        $plugin.HasHiddenText | Should -BeTrue
        $text = ($plugin | Format-List * | Out-String) + ($plugin | ConvertTo-Json -Depth 6 -EscapeHandling Default) + ($plugin | ConvertTo-Csv)
        $text | Should -Not -Match '[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u202A-\u202E]'
    }
}
