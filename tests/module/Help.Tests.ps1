BeforeDiscovery {
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $manifest = if ($env:PLUGINMARKET_TEST_MANIFEST) { $env:PLUGINMARKET_TEST_MANIFEST } else { Join-Path $repository 'PluginMarket.psd1' }
    $commands = (Import-PowerShellDataFile $manifest).CmdletsToExport
    $topics = (Get-ChildItem (Join-Path $repository 'docs/en-US') -Filter 'about_*.md').BaseName
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $pages = Join-Path $RepositoryRoot 'docs/en-US'
    $help = Join-Path (Split-Path $ModuleManifest) 'en-US'
    $exported = (Get-Command -Module PluginMarket).Name
    $topics = (Get-ChildItem $pages -Filter 'about_*.md').BaseName
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters

    # The lines of a page's section, without its heading.
    function Get-Section([string] $Page, [string] $Heading) {
        if ($Page -match "(?ms)^## $([regex]::Escape($Heading))\n(.*?)(?=^## |\z)") { $Matches[1].Trim() }
    }

    # The parts of a section that begin with a heading of the third level.
    function Get-Part([string] $Section) {
        foreach ($match in [regex]::Matches($Section, '(?ms)^### (?<Heading>[^\n]+)\n(?<Text>.*?)(?=^### |\z)')) {
            [pscustomobject]@{ Heading = $match.Groups['Heading'].Value.Trim(); Text = $match.Groups['Text'].Value.Trim() }
        }
    }

    function Get-Code([string] $Text) {
        if ($Text -match '(?ms)^```powershell\n(.*?)^```$') { $Matches[1].Trim() }
    }

    # What the page says an example prints.
    function Get-Output([string] $Text) {
        if ($Text -match '(?ms)^```output\n(.*?)^```$') { $Matches[1].TrimEnd() }
    }

    # Markdown and help text differ in white space, emphasis and links only.
    function Get-Word($Text) { (("$(@($Text | ForEach-Object { if ($_ -is [string]) { $_ } else { $_.Text } }))" -replace '\[([^\]]+)\]\([^)]+\)', '$1') -replace '[`*\\]' -replace '\s+', ' ').Trim() }
}

Describe 'Help of <_>' -ForEach $commands {
    BeforeAll {
        $name = $_
        $command = Get-Command $name -Module PluginMarket
        $page = (Get-Content -Raw (Join-Path $pages "$name.md")) -replace "`r"
        $shown = Get-Help $name -Full
        $own = @($command.Parameters.Values | Where-Object { $_.Name -notin $common })
        $examples = @(Get-Part (Get-Section $page EXAMPLES))
        $described = @(Get-Part (Get-Section $page PARAMETERS) | Where-Object Heading -Like '-*')
    }

    It 'is written by hand and leaves nothing open' {
        $page | Should -Not -Match '\{\{'
        $shown.Synopsis.Trim() | Should -Match '^[A-Z].*\.$'
        $shown.Synopsis | Should -Not -Match ([regex]::Escape($name))
        Get-Word $shown.description | Should -Match '\.$'
        $shown.relatedLinks.navigationLink | Should -Not -BeNullOrEmpty
        $command.HelpUri | Should -BeNullOrEmpty
        $shown.returnValues.returnValue | Should -Not -BeNullOrEmpty
        foreach ($parameter in $own) {
            $text = Get-Word ($shown.parameters.parameter | Where-Object name -EQ $parameter.Name).description
            $text | Should -Match '\w{2,}.*\.$' -Because $parameter.Name
        }
    }

    It 'tells what it takes from the pipeline and what it gives' {
        $taken = @($own | Where-Object { $_.Attributes.ValueFromPipeline -contains $true } | ForEach-Object { $_.ParameterType.ToString() })
        @($shown.inputTypes.inputType.type.name) | Should -Be ($taken ? $taken : 'None')
        @($shown.returnValues.returnValue.type.name) | Sort-Object | Should -Be ($command.OutputType.Name | Sort-Object)
        foreach ($one in @($shown.inputTypes.inputType) + @($shown.returnValues.returnValue)) {
            Get-Word $one.description | Should -Match '\w{2,}.*\.$' -Because $one.type.name
        }
    }

    It 'leads on to commands, topics and pages that exist' {
        foreach ($link in $shown.relatedLinks.navigationLink.linkText) {
            $link -in $exported -or $link -in $topics -or (Test-Path (Join-Path $RepositoryRoot docs $link)) | Should -BeTrue -Because $link
        }
    }

    It 'has three examples or more, which call the command' {
        $examples.Count | Should -BeGreaterOrEqual 3
        foreach ($example in $examples) {
            Get-Code $example.Text | Should -Match "\b$name\b" -Because $example.Heading
            ($example.Text -replace '(?ms)^```.*?^```$').Trim() | Should -Match '\.$' -Because $example.Heading
        }
    }

    It 'has the parameters, sets and types of the command' {
        ($described.Heading | Sort-Object) | Should -Be ($own | ForEach-Object { "-$($_.Name)" } | Sort-Object)
        foreach ($parameter in $own) {
            $text = ($described | Where-Object Heading -EQ "-$($parameter.Name)").Text
            $text -match '(?m)^Type: (\S+)' | Should -BeTrue
            $Matches[1] | Should -Be ($parameter.ParameterType.ToString()) -Because $parameter.Name
            $sets = [regex]::Matches($text, '(?ms)^- Name: (?<Name>\S+)\n  Position: (?<Position>\S+)\n  IsRequired: (?<Required>\S+)\n  ValueFromPipeline: (?<Pipeline>\S+)') |
                ForEach-Object { '{0} {1} {2} {3}' -f $_.Groups['Name'], $_.Groups['Position'], $_.Groups['Required'], $_.Groups['Pipeline'] }
            $expected = foreach ($set in $parameter.ParameterSets.GetEnumerator()) {
                $label = if ($set.Key -eq '__AllParameterSets') { '(All)' } else { $set.Key }
                $position = if ($set.Value.Position -lt 0) { 'Named' } else { $set.Value.Position }
                '{0} {1} {2} {3}' -f $label, $position, "$($set.Value.IsMandatory)".ToLowerInvariant(), "$($set.Value.ValueFromPipeline)".ToLowerInvariant()
            }
            $sets | Sort-Object | Should -Be ($expected | Sort-Object) -Because $parameter.Name
        }

        $syntax = @(Get-Part (Get-Section $page SYNTAX)).Heading -replace ' \(Default\)$'
        $syntax | Sort-Object | Should -Be ($command.ParameterSets.Name | Sort-Object)
        $outputs = @(Get-Part (Get-Section $page OUTPUTS)).Heading
        $outputs | Sort-Object | Should -Be ($command.OutputType.Name | Sort-Object)
    }

    It 'is shown as the page says' {
        Get-Word $shown.Synopsis | Should -Be (Get-Word (Get-Section $page SYNOPSIS))
        Get-Word $shown.description | Should -Be (Get-Word (Get-Section $page DESCRIPTION))
        foreach ($parameter in $described) {
            $text = Get-Word ($shown.parameters.parameter | Where-Object { "-$($_.name)" -eq $parameter.Heading }).description
            $text | Should -Be (Get-Word ($parameter.Text -replace '(?ms)^```yaml.*?^```$')) -Because $parameter.Heading
        }

        @($shown.parameters.parameter).Count | Should -Be $described.Count
        $told = @($shown.examples.example)
        $told.Count | Should -Be $examples.Count
        for ($at = 0; $at -lt $told.Count; $at++) {
            $told[$at].title | Should -Match ([regex]::Escape($examples[$at].Heading))
            $told[$at].code | Should -Be (Get-Code $examples[$at].Text) -Because $examples[$at].Heading
            Get-Word $told[$at].remarks | Should -Be (Get-Word ($examples[$at].Text -replace '(?ms)^```powershell.*?^```$' -replace '(?m)^```.*$'))
        }

        @($shown.syntax.syntaxItem).Count | Should -Be $command.ParameterSets.Count
        foreach ($parameter in $own) {
            $item = $shown.parameters.parameter | Where-Object name -EQ $parameter.Name
            $item.type.name | Should -Be $parameter.ParameterType.ToString() -Because $parameter.Name
            $item.required | Should -Be "$(@($parameter.ParameterSets.Values.IsMandatory) -contains $true)" -Because $parameter.Name
        }
    }
}

Describe 'Pages' {
    It 'are those of the commands' {
        (Get-ChildItem $pages -Filter '*-*.md').BaseName | Sort-Object | Should -Be ((Get-Command -Module PluginMarket).Name | Sort-Object)
    }

    It 'lead somewhere' {
        foreach ($file in Get-ChildItem $pages -Filter *.md) {
            foreach ($link in [regex]::Matches((Get-Content -Raw $file), '\]\((?!https?:)([^)#]+)')) {
                Join-Path $pages $link.Groups[1].Value | Should -Exist -Because $file.Name
            }
        }
    }
}

Describe 'Topics' {
    It 'are all found by name' {
        (Get-Help about_PluginMarket*).Name | Sort-Object | Should -Be ($topics | Sort-Object)
    }
}

Describe 'Topic <_>' -ForEach $topics {
    It 'is shown as the page says' {
        $text = Get-Content -Raw (Join-Path $help "$_.help.txt")
        $text | Should -Be (Get-Content -Raw (Join-Path $pages "$_.md"))
        $text | Should -Not -Match '\{\{'
        (Get-Help $_ | Out-String).Trim() | Should -Be $text.Trim()
    }

    It 'names only commands and parameters that exist' {
        $text = Get-Content -Raw (Join-Path $pages "$_.md")
        foreach ($match in [regex]::Matches($text, '\b(Add|Approve|Clear|Compare|ConvertTo|Disable|Enable|Export|Find|Get|Install|Lock|New|Remove|Repair|Restore|Set|Test|Uninstall|Unlock|Update)-(Installed)?Plugin\w*')) {
            $match.Value | Should -BeIn $exported -Because $match.Value
        }
    }
}

# They need no other module to be run with than the repository's.
Describe 'Examples' -Skip:($null -ne $env:PLUGINMARKET_TEST_MANIFEST) {
    BeforeAll {
        # The indented parts of a topic that call the module's commands.
        function Get-TopicCode([string] $Text) {
            foreach ($match in [regex]::Matches($Text, '(?m)(?<=\n\n)( {4,}\S[^\n]*\n|\n(?= {4}))+')) {
                $code = ($match.Value -replace '(?m)^ {4}').Trim("`n")
                if ($code -match '(?m)(^|[|(]\s*)[A-Z][A-Za-z]+-(Installed)?Plugin') { $code }
            }
        }

        # Some topics tell of a folder of their own, or of what was approved before.
        function Enter-TopicFolder([string] $Topic) {
            switch ($Topic) {
                'about_PluginMarket_Rules' { Set-Location $corp }
                'about_PluginMarket_CI' { $null = Get-PluginUpdate | Approve-Plugin -ApprovalFile ./approvals.json; Copy-Item *.json $corp; Set-Location $corp }
                'about_PluginMarket_Manifests' { Set-Location (New-Item -ItemType Directory own); Copy-Item ../my-skill . -Recurse }
            }
        }

        function Reset-World {
            Get-ChildItem -Force $world | Remove-Item -Recurse -Force
            Get-ChildItem -Force $template | Copy-Item -Destination $world -Recurse -Force
            Set-Location $work
            $env:CODEX_HOME = Join-Path $world 'home/.codex'
        }

        # Everything lies at one place, since a home's configuration names absolute paths; each page gets it as it was.
        $world = New-Folder
        $template = New-Folder
        $before = @{ CODEX_HOME = $env:CODEX_HOME; HOME = $env:HOME }
        $location = Get-Location
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        $env:HOME = (New-Item -ItemType Directory (Join-Path $world home)).FullName
        $env:CODEX_HOME = (New-Item -ItemType Directory (Join-Path $world 'home/.codex')).FullName
        $work = (New-Item -ItemType Directory (Join-Path $world work)).FullName
        Set-Location $work

        $corp = Join-Path $work corp
        $null = New-TestPlugin $corp notes
        $kit = New-TestPlugin $corp deploy-kit '2.1.0' -Component Skill, Hook
        # In an order that stays, since it is the order of what is printed.
        Set-Json (Join-Path $kit '.mcp.json') @{ mcpServers = [ordered]@{ 'deploy-kit-remote' = @{ url = 'https://mcp.example.com/api' }; 'deploy-kit-server' = [ordered]@{ command = 'node'; args = @('server.js', '--quiet'); env = @{ TOKEN = 'topsecret' } } } }
        $null = New-TestPlugin $corp mail -Component App
        $entries = @((New-Entry notes -Category Productivity), (New-Entry deploy-kit -Category 'Dev Tools'), (New-Entry mail -Category Productivity -Installation INSTALLED_BY_DEFAULT))
        Set-Catalog $corp corp $entries
        $null = Save-Repository $corp
        Add-PluginMarketplace (Get-FileUrl $corp)
        $null = Install-Plugin notes@corp, deploy-kit@corp
        $null = Export-PluginLockFile ./plugins.lock.json

        # What updating would bring: a file that is no capability, and another hook.
        $null = New-TestPlugin $corp notes '1.1.0'
        'More about notes.' | Set-Content (Join-Path $corp 'plugins/notes/README.md')
        $null = New-TestPlugin $corp deploy-kit '2.2.0'
        Set-Json (Join-Path $kit 'hooks/hooks.json') @{ hooks = @{ PreToolUse = @(@{ matcher = 'Bash'; hooks = @(@{ type = 'command'; command = 'echo checked twice' }) }) } }
        $null = Save-Repository $corp
        $null = Update-PluginMarketplace
        $null = Find-Plugin notes | Approve-Plugin -ApprovalFile ./approvals.json
        $null = New-TestPlugin $corp calendar
        Set-Catalog $corp corp ($entries + (New-Entry calendar -Category Productivity))
        $null = Save-Repository $corp

        foreach ($name in 'team', 'git-team') {
            $null = New-TestPlugin (Join-Path $work $name) report
            Set-Catalog (Join-Path $work $name) $name @(New-Entry report -Category Productivity)
        }

        $null = Save-Repository (Join-Path $work git-team)
        $null = New-Item -ItemType Directory (Join-Path $work my-skill)
        "---`nname: tidy-up`ndescription: Tidies up`n---`n`nTidy up.`n" | Set-Content -NoNewline (Join-Path $work 'my-skill/SKILL.md')
        Set-Location $location
        Get-ChildItem -Force $world | Copy-Item -Destination $template -Recurse -Force
    }

    AfterAll {
        foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
        $PSStyle.OutputRendering = $rendering
    }

    AfterEach {
        Set-Location $location
    }

    It 'run and print what the page shows: <_>' -ForEach $commands {
        Reset-World
        $page = (Get-Content -Raw (Join-Path $pages "$_.md")) -replace "`r"
        $ran = 0
        foreach ($example in Get-Part (Get-Section $page EXAMPLES)) {
            if ($example.Text -match 'This example needs the network\.') { continue }
            $script = [scriptblock]::Create((Get-Code $example.Text))
            # As at a prompt: an error of one line does not keep the next from running.
            $ErrorActionPreference = 'Continue'
            $output = @(& $script *>&1)
            $ErrorActionPreference = 'Stop'
            $output | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | ForEach-Object { "$_" } | Should -BeNullOrEmpty -Because $example.Heading
            $printed = (($output | Out-String -Width 100) -split '\r?\n' | ForEach-Object TrimEnd) -join "`n"
            $expected = Get-Output $example.Text
            if ($expected) { $printed.Trim("`n") | Should -Be $expected.Trim("`n") -Because $example.Heading }
            $ran++
        }

        $ran | Should -BeGreaterOrEqual 3
    }

    It 'of the topic run: <_>' -ForEach $topics {
        Reset-World
        Enter-TopicFolder $_
        $text = (Get-Content -Raw (Join-Path $pages "$_.md")) -replace "`r"
        foreach ($code in Get-TopicCode $text) {
            $script = [scriptblock]::Create($code)
            # Other computers and a network are not to be had here: what asks them is only read.
            if ($code -match '-HostName|acme/') { continue }
            # "On a machine without a network": that is another home.
            if ($code -match '^Add-PluginMarketplace ./frozen') { $env:CODEX_HOME = Join-Path $world 'another/.codex' }
            $ErrorActionPreference = 'Continue'
            $output = @(& $script *>&1)
            $ErrorActionPreference = 'Stop'
            $output | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | ForEach-Object { "$_" } | Should -BeNullOrEmpty -Because $code
        }
    }
}
