BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Test-PluginEnvironment' {
    BeforeEach {
        $at = New-TestHome
        if (-not $IsWindows) { chmod 700 $at.CodexHome }
    }

    It 'gives one object for each thing it looks at, and changes nothing' {
        Add-PluginMarketplace (New-SampleMarketplace) @at
        $before = Get-FolderState $at.CodexHome
        $checks = Test-PluginEnvironment @at
        $checks | ForEach-Object { $_.PSTypeNames[0] | Should -Be 'PluginMarket.EnvironmentCheck' }
        $checks.Name | Select-Object -Unique | Where-Object { $_ -notin 'Codex', 'Volume' } | Should -Be 'Version', 'Git', 'Npm', 'Home', 'Lock', 'Leftover', 'Configuration', 'StoredSecret', 'Marketplace', 'LocalPlugin'
        $checks | Where-Object Status -In Warning, Failed | Should -BeNullOrEmpty
        ($checks | Where-Object Name -EQ Version).Message | Should -Match "^PluginMarket $([regex]::Escape((Get-Module PluginMarket).Version)) in PowerShell $([regex]::Escape($PSVersionTable.PSVersion)), "
        ($checks | Where-Object Name -EQ Git).Message | Should -Match '^git version \d'
        ($checks | Where-Object Name -EQ Marketplace).Fix | Should -Match 'IncludeSkipped'
        $checks | Where-Object Status -NE Passed | ForEach-Object { $_.Fix | Should -Not -BeNullOrEmpty }
        Get-FolderState $at.CodexHome | Should -Be $before
    }

    It 'finds a stored token and never shows it' {
        "[marketplaces.corp]`nsource_type = `"git`"`nsource = `"https://ada:gh_secret@git.example.com/r.git`"`n" | Set-Content -NoNewline (Join-Path $at.CodexHome 'config.toml')
        $snapshot = Join-Path $at.CodexHome '.tmp/marketplaces/corp/.git'
        $null = New-Item -ItemType Directory $snapshot -Force
        "[remote `"origin`"]`n`turl = https://gh_secret@git.example.com/r.git`n" | Set-Content (Join-Path $snapshot 'config')
        $checks = Test-PluginEnvironment @at
        ($checks | Where-Object { $_.Name -eq 'StoredSecret' -and $_.Status -eq 'Warning' }).Target | Should -Be (Join-Path $at.CodexHome 'config.toml'), (Join-Path $snapshot 'config')
        $checks | ConvertTo-Json | Should -Not -Match 'gh_secret'
    }

    It 'names the place of a configuration that cannot be read' {
        "[marketplaces`n" | Set-Content (Join-Path $at.CodexHome 'config.toml')
        $check = Test-PluginEnvironment @at | Where-Object Name -EQ Configuration
        $check.Status | Should -Be 'Failed'
        $check.Target | Should -Be (Join-Path $at.CodexHome 'config.toml')
        $check.Fix | Should -Not -BeNullOrEmpty
    }

    It 'tells a home in which others can write, and that commands refuse one open to everyone' -Skip:$IsWindows {
        chmod 770 $at.CodexHome
        $check = Test-PluginEnvironment @at | Where-Object Name -EQ Home
        $check.Status | Should -Be 'Warning'
        $check.Fix | Should -Be "chmod go-w '$($at.CodexHome)'"
        chmod 777 $at.CodexHome
        $check = Test-PluginEnvironment @at | Where-Object Name -EQ Home
        $check.Status | Should -Be 'Failed'
        $check.Fix | Should -Be "chmod go-w '$($at.CodexHome)'"
    }

    It 'fails a home that is named and missing, and makes none' {
        $at.CodexHome = Join-Path $at.HomePath 'none'
        $check = Test-PluginEnvironment @at | Where-Object Name -EQ Home
        $check.Status | Should -Be 'Failed'
        $at.CodexHome | Should -Not -Exist
    }

    It 'finds what a killed run left' {
        $left = Join-Path $at.CodexHome 'plugins/.pluginmarket/staging/dead'
        $null = New-Item -ItemType Directory $left -Force
        $check = Test-PluginEnvironment @at | Where-Object Name -EQ Leftover
        $check.Status | Should -Be 'Warning'
        $check.Target | Should -Be $left
        $left | Should -Exist
    }

    It 'lists local plugins that Codex would reinstall' {
        Add-PluginMarketplace (New-SampleMarketplace) @at
        $null = Install-Plugin notes@corp @at
        $check = Test-PluginEnvironment @at | Where-Object Name -EQ LocalPlugin
        $check.Status | Should -Be 'Information'
        $check.Target | Should -Be 'notes@corp'
        $check.Subjects | Should -Be 'notes@corp'
        $null = Install-Plugin notes@corp -Reinstall -CacheVersion Manifest @at
        (Test-PluginEnvironment @at | Where-Object Name -EQ LocalPlugin).Status | Should -Be 'Passed'
    }

    It 'has one row for many local plugins, whose fix can be run' {
        Add-PluginMarketplace (New-SampleMarketplace) @at
        $null = Install-Plugin notes@corp, deploy@corp, base@corp @at
        $check = Test-PluginEnvironment @at | Where-Object Name -EQ LocalPlugin
        @($check).Count | Should -Be 1
        $check.Target | Should -BeNullOrEmpty
        $check.Message | Should -Match '^3 plugins '
        $check.Subjects | Should -Be 'base@corp', 'deploy@corp', 'notes@corp'
        $check.Fix -match ': (.+)$' | Should -BeTrue
        $fix = $Matches[1] -replace 'Test-PluginEnvironment', 'Test-PluginEnvironment @at' -replace '-CacheVersion Manifest', '-CacheVersion Manifest @at'
        (& ([scriptblock]::Create($fix))).Status | Should -Be 'Unchanged', 'Unchanged', 'Unchanged'
        (Test-PluginEnvironment @at | Where-Object Name -EQ LocalPlugin).Status | Should -Be 'Passed'
    }

    It 'has each kind of check once where all is well' {
        Add-PluginMarketplace (New-SampleMarketplace) @at
        (Test-PluginEnvironment @at).Name | Group-Object | Where-Object Count -GT 1 | Should -BeNullOrEmpty
    }

    It 'asks the servers only with -TestConnection' {
        $root = New-SampleMarketplace
        $null = Save-Repository $root
        Add-PluginMarketplace (Get-FileUrl $root) @at
        Test-PluginEnvironment @at | Where-Object Name -EQ Connection | Should -BeNullOrEmpty
        (Test-PluginEnvironment -TestConnection @at | Where-Object Name -EQ Connection).Status | Should -Be 'Passed'
        Rename-Item -LiteralPath (Join-Path $root '.git') gone
        $check = Test-PluginEnvironment -TestConnection @at | Where-Object Name -EQ Connection
        $check.Status | Should -Be 'Failed'
        $check.Target | Should -Be 'corp'
        Join-Path $at.CodexHome 'plugins/.pluginmarket/staging/*' | Should -Not -Exist
    }
}
