# What an admin reads on a terminal of 80 columns, and on one of 100: the columns that matter are there and whole.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $at = New-TestHome
    Add-PluginMarketplace -Source (New-SampleMarketplace 'corp-marketplace-west') @at
    $plugins = Find-Plugin -IncludeSkipped @at
    $results = @(Find-Plugin notes, base, locked @at | Install-Plugin -ErrorAction Ignore)
    $repository = New-Folder
    Set-Catalog $repository git-tools @()
    $null = Save-Repository $repository
    Add-PluginMarketplace -Source (Get-FileUrl $repository) -Ref main @at
    $null = Save-Repository $repository

    function Get-View($Objects, [int] $Width) { @($Objects | Out-String -Width $Width -Stream | ForEach-Object { $_ -replace '\e\[[0-9;]*m' } | ForEach-Object TrimEnd) }

    # The text of one column, its wrapped lines joined: the heading's position is the column's.
    function Get-Column([string[]] $Lines, [string] $Name) {
        $head = $Lines | Where-Object { $_ -match "(^| )$Name( |$)" } | Select-Object -First 1
        $rule = $Lines[[array]::IndexOf($Lines, $head) + 1]
        $start = [regex]::Match($head, "(^| )$Name( |$)").Index
        if ($head[$start] -eq ' ') { $start++ }
        $next = [regex]::Match($rule.Substring($start), '^-+ +').Length
        ($Lines | Select-Object -Skip ([array]::IndexOf($Lines, $head) + 2) | ForEach-Object {
            if ($_.Length -gt $start) { $rest = $_.Substring($start); if ($next -and $rest.Length -ge $next) { $rest.Substring(0, $next).TrimEnd() } else { $rest } }
        }) -join ''
    }
}

Describe 'Tables at <_> columns' -ForEach 80, 100 {
    BeforeAll { $width = $_ }

    It 'show plugins' {
        $lines = Get-View $plugins $width
        $lines -join "`n" | Should -Not -Match '…'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
        ($lines | Where-Object { $_ })[0] -split ' +' | Should -Be @('Name', 'Version', 'Marketplace', 'Installed', 'Installation', 'Category')[0..($width -eq 80 ? 4 : 5)]
        Get-Column $lines Marketplace | Should -Be ('corp-marketplace-west' * 7)
        Get-Column $lines Installation | Should -Match 'NOT_AVAILABLEINSTALLED_BY_DEFAULT'
    }

    It 'show results, with the whole reason' {
        $lines = Get-View $results $width
        $lines -join "`n" | Should -Not -Match '…'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
        ($lines | Where-Object { $_ })[0] -split ' +' | Should -Be 'Name', 'Marketplace', 'Action', 'Version', 'Status', 'Reason'
        (Get-Column $lines Reason) -replace ' ' | Should -BeLike "*$(($results | Where-Object Status -EQ 'Failed').Reason -replace ' ')*"
    }

    It 'show installed plugins' {
        $lines = Get-View (Get-InstalledPlugin @at) $width
        $lines -join "`n" | Should -Not -Match '…'
        ($lines | Where-Object { $_ })[0] -split ' +' | Should -Be @('Name', 'Version', 'Marketplace', 'Enabled', 'State', 'Commit')[0..($width -eq 80 ? 4 : 5)]
        Get-Column $lines Marketplace | Should -Be ('corp-marketplace-west' * 2)
    }

    It 'show marketplaces' {
        $marketplaces = Get-PluginMarketplace @at
        $lines = Get-View $marketplaces $width
        $lines -join "`n" | Should -Not -Match '…'
        ($lines | Where-Object { $_ })[0] -split ' +' | Should -Be @('Name', 'SourceType', 'Ref', 'Plugins', 'Source', 'Scope')[0..($width -eq 80 ? 4 : 5)]
        Get-Column $lines Source | Should -Be ($marketplaces.Source -join '')
    }

    It 'show findings, with the whole message and place' {
        $folder = New-TestPlugin (New-Folder) notes -Component McpServer
        $findings = @((Test-PluginManifest $folder).Diagnostics)
        $findings | Should -Not -BeNullOrEmpty
        $lines = Get-View $findings $width
        $lines -join "`n" | Should -Not -Match '…'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
        Get-Column $lines Line | Should -Match "$($findings[0].Line)"
        (Get-Column $lines Message) -replace ' ' | Should -BeLike "*$($findings[0].Message -replace ' ')*"
        if ($width -eq 100) { (Get-Column $lines File) -replace ' ' | Should -BeLike "*$($findings[0].File)*" }
    }

    It 'show capabilities, with the command broken between its words' {
        $folder = New-TestPlugin (New-Folder) hooked
        $null = New-Item -ItemType Directory (Join-Path $folder 'hooks')
        '{ "hooks": { "SessionStart": [ { "hooks": [ { "type": "command", "command": "python3 scripts/greet.py --quietly everybody" } ] } ] } }' | Set-Content (Join-Path $folder 'hooks/hooks.json')
        $lines = Get-View (Get-PluginCapability -Path $folder @at) $width
        ($lines | Where-Object { $_ })[0] -split ' +' | Should -Be 'Component', 'Name', 'Event', 'Command', 'Url'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
        foreach ($word in 'python3', 'scripts/greet.py', '--quietly', 'everybody') { $lines -match [regex]::Escape($word) | Should -HaveCount 1 }
    }

    It 'show updates' {
        $update = Update-PluginMarketplace git-tools @at
        $lines = Get-View $update $width
        $lines -join "`n" | Should -Not -Match '…'
        ($lines | Where-Object { $_ })[0] -split ' +' | Should -Be 'Name', 'Status', 'OldCommit', 'NewCommit', 'Added', 'Removed', 'Changed'
        Get-Column $lines NewCommit | Should -Be $update.NewCommit.Substring(0, 12)
    }
}
