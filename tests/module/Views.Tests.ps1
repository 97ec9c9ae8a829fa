# What an admin reads, on terminals of 80, 100, 120 and 160 columns. views/*.txt are the approved views, made by the real formatter from ViewRows.ps1;
# PLUGINMARKET_WRITE_PAGES=1 writes them.

BeforeDiscovery {
    $widths = 80, 100, 120, 160
    [xml] $format = Get-Content -Raw (Join-Path $PSScriptRoot '../../module/PluginMarket.Format.ps1xml')
    $shown = $format.Configuration.ViewDefinitions.View | ForEach-Object { $_.ViewSelectedBy.TypeName[0] -replace '^PluginMarket\.' } | Sort-Object -Unique
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $culture = [cultureinfo]::CurrentCulture

    # PowerShell breaks lines between words in the languages it knows; which one a machine has must not matter here.
    [cultureinfo]::CurrentCulture = 'en-US'

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

AfterAll { [cultureinfo]::CurrentCulture = $culture }

Describe 'The approved view of <_>' -ForEach $shown {
    It 'is what PowerShell shows at 80, 100, 120 and 160 columns' {
        $name = $_
        $given = (& $PSScriptRoot/ViewRows.ps1)[$name]
        $given | Should -Not -BeNullOrEmpty -Because "ViewRows.ps1 needs rows for the view of '$name'"
        $objects = foreach ($row in $given) {
            $row = $row.Clone()
            if ($row.Diagnostics) { $row.Diagnostics = @($row.Diagnostics | ForEach-Object { [pscustomobject] $_ }) }
            $object = [pscustomobject] $row
            $object.PSTypeNames.Insert(0, "Deserialized.PluginMarket.$name")
            $object
        }

        $text = @(foreach ($width in 80, 100, 120, 160) {
                "$width columns $('=' * ($width - "$width columns ".Length))"
                Get-View $objects $width | Where-Object { $_ }
                ''
            }) -join "`n"
        $file = Join-Path $PSScriptRoot "views/$($name -replace '#', '-').txt"
        if ($env:PLUGINMARKET_WRITE_PAGES) { [IO.File]::WriteAllText($file, $text) }
        $approved = (Test-Path -LiteralPath $file) ? [IO.File]::ReadAllText($file).Replace("`r", '') : ''
        $text | Should -BeExactly $approved -Because "tests/module/views/$($name -replace '#', '-').txt is the approved view. If the new one reads well, write it with: PLUGINMARKET_WRITE_PAGES=1 PLUGINMARKET_PESTER=Views dotnet test tests/PluginMarket.Module.Tests"
    }
}

Describe 'Tables of real objects at <_> columns' -ForEach $widths {
    BeforeAll {
        $width = $_
        $at = New-TestHome
        Add-PluginMarketplace -Source (New-SampleMarketplace 'corp-marketplace-west') @at
    }

    It 'show plugins, with as much of the description as there is room for' {
        $lines = Get-View (Find-Plugin @at) $width
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
        ($lines | Where-Object { $_ })[0] -split ' +' | Select-Object -First 5 | Should -Be 'Name', 'Version', 'Marketplace', 'Installed', 'Installation'
        ($lines | Where-Object { $_ })[0] -match ' Description$' | Should -Be ($width -ge 100)
        Get-Column $lines Installation | Should -Match 'NOT_AVAILABLEINSTALLED_BY_DEFAULT'
        if ($width -eq 160) { Get-Column $lines Description | Should -Match 'The plugin notes' }
    }

    It 'show why an entry was skipped, as soon as one was' {
        $lines = Get-View (Find-Plugin -IncludeSkipped @at) $width
        $lines -join "`n" | Should -Not -Match '…'
        ($lines | Where-Object { $_ })[0] -split ' +' | Should -Be 'Name', 'Version', 'Marketplace', 'Status', 'Reason'
        $reason = (Find-Plugin -IncludeSkipped @at | Where-Object Status -EQ 'Skipped').Reason
        (Get-Column $lines Reason) -replace ' ' | Should -Be ($reason -replace ' ')
    }

    It 'show results, with the whole reason' {
        $results = @(Find-Plugin notes, base, locked @at | Install-Plugin -ErrorAction Ignore)
        $lines = Get-View $results $width
        $lines -join "`n" | Should -Not -Match '…'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
        ($lines | Where-Object { $_ })[0] -split ' +' | Should -Be 'Name', 'Marketplace', 'Action', 'Version', 'Status', 'Reason'
        (Get-Column $lines Reason) -replace ' ' | Should -BeLike "*$(($results | Where-Object Status -EQ 'Failed').Reason -replace ' ')*"
    }

    It 'show installed plugins and marketplaces' {
        $null = Find-Plugin notes, base @at | Install-Plugin
        $lines = Get-View (Get-InstalledPlugin @at) $width
        $lines -join "`n" | Should -Not -Match '…'
        ($lines | Where-Object { $_ })[0] -split ' +' | Should -Be 'Name', 'Version', 'Marketplace', 'Enabled', 'State', 'Commit'
        $marketplaces = Get-PluginMarketplace @at
        $lines = Get-View $marketplaces $width
        $lines -join "`n" | Should -Not -Match '…'
        ($lines | Where-Object { $_ })[0] -split ' +' | Should -Be 'Name', 'SourceType', 'Ref', 'Plugins', 'Scope', 'Source'
        Get-Column $lines Source | Should -Be ($marketplaces.Source -join '')
    }

    It 'show findings under the result of a check' {
        $folder = New-TestPlugin (New-Folder) notes -Component McpServer
        $result = Test-PluginManifest $folder
        $findings = @($result.Diagnostics)
        $findings | Should -Not -BeNullOrEmpty
        $lines = Get-View $result $width
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
        $text = $lines -join '' -replace '\s'
        $text | Should -BeLike "Valid:*$($folder -replace '\s')*"
        foreach ($finding in $findings) { $text | Should -BeLike "*$($finding.RuleId)$(([IO.Path]::GetRelativePath($folder, $finding.File)).Replace('\', '/'))*$($finding.Message -replace '\s')*" }

        $lines = Get-View $findings $width
        $lines -join "`n" | Should -Not -Match '…'
        (Get-Column $lines Message) -replace ' ' | Should -BeLike "*$($findings[0].Message -replace ' ')*"
        (Get-Column $lines File) -replace ' ' | Should -BeLike "*$($findings[0].File)*"
    }
}

Describe 'A row with a reason' {
    It 'is still the plugin it was, for every command it is piped to' {
        $at = New-TestHome
        Add-PluginMarketplace -Source (New-SampleMarketplace corp) @at
        $found = @(Find-Plugin -IncludeSkipped @at)
        $found[0].PSTypeNames | Should -Contain 'PluginMarket.Plugin#Reason'
        $found[0] | Should -BeOfType ([PluginMarket.Plugin])
        $notes = $found | Where-Object Name -EQ notes
        ($notes | Install-Plugin).Status | Should -Be 'Installed'
        ($notes | Select-Object Name, Marketplace | Install-Plugin @at).Status | Should -Be 'Unchanged'
        $sent = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($notes))
        ($sent | Install-Plugin).Status | Should -Be 'Unchanged'
        ($sent | Out-String) | Should -Be ($notes | Out-String)
    }
}
