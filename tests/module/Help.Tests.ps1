BeforeDiscovery {
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $manifest = if ($env:PLUGINMARKET_TEST_MANIFEST) { $env:PLUGINMARKET_TEST_MANIFEST } else { Join-Path $repository 'PluginMarket.psd1' }
    $commands = (Import-PowerShellDataFile $manifest).CmdletsToExport
    $topics = (Get-ChildItem (Join-Path $repository 'docs/en-US') -Filter 'about_*.md').BaseName
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    . $PSScriptRoot/HelpPages.ps1
    . $RepositoryRoot/docs/Help.ps1
    $help = Join-Path (Split-Path $ModuleManifest) 'en-US'
    $exported = (Get-Command -Module PluginMarket).Name
    $topics = (Get-ChildItem $pages -Filter 'about_*.md').BaseName
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters
    [xml] $maml = Get-Content -Raw (Join-Path $help 'PluginMarket.Cmdlets.dll-Help.xml')

    # One line for a parameter, from the command and from the help file. Whether it takes the pipeline and its aliases are told by the
    # description of the parameter, not by the syntax.
    function Get-Told($Parameter, $Set) {
        $position = if ($Set.Position -lt 0) { 'named' } else { "$($Set.Position)" }
        "$($Parameter.Name) required=$("$($Set.IsMandatory)".ToLowerInvariant()) position=$position $($Parameter.ParameterType.ToString())"
    }

    function Get-Shown($Element) {
        "$($Element['maml:name'].InnerText) required=$($Element.required) position=$($Element.position.ToLowerInvariant()) $($Element['dev:type']['maml:name'].InnerText)"
    }

    # Markdown and help text differ in white space, emphasis and links only.
    $bothPlaces = 'the help is written from the page: run ./docs/Update-Help.ps1'

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
        $page | Should -Not -Match '\{\{' -Because "docs/en-US/$name.md still has a placeholder: write what belongs there"
        $shown.Synopsis.Trim() | Should -Match '^[A-Z].*\.$'
        $shown.Synopsis | Should -Not -Match ([regex]::Escape($name)) -Because 'a synopsis says what the command does and does not repeat its name'
        Get-Word $shown.description | Should -Match '\.$'
        $shown.relatedLinks.navigationLink | Should -Not -BeNullOrEmpty -Because "docs/en-US/$name.md needs links under RELATED LINKS"
        $shown.returnValues.returnValue | Should -Not -BeNullOrEmpty
        foreach ($parameter in $own) {
            $text = Get-Word ($shown.parameters.parameter | Where-Object name -EQ $parameter.Name).description
            $text | Should -Match '\w{2,}.*\.$' -Because "-$($parameter.Name) needs a sentence"
        }
    }

    It 'has the address of its page' {
        $command.HelpUri | Should -Match "^https://[^/]+/\S*docs/en-US/$name\.md$" -Because "[Cmdlet] needs HelpUri = OnlineHelp.Pages + `"$name.md`""
        $page | Should -Match "(?m)^HelpUri: $([regex]::Escape($command.HelpUri))$" -Because $bothPlaces
        @($shown.relatedLinks.navigationLink | Where-Object uri).uri | Should -Be $command.HelpUri -Because $bothPlaces
    }

    It 'tells the default and the accepted values of each parameter' {
        foreach ($parameter in $own) {
            $item = $shown.parameters.parameter | Where-Object name -EQ $parameter.Name
            $item.defaultValue | Should -Not -BeNullOrEmpty -Because "of -$($parameter.Name): $bothPlaces"
            $item.defaultValue | Should -Be (Get-DefaultValue $parameter $command) -Because "of -$($parameter.Name): $bothPlaces"
            $type = Get-ValueType $parameter.ParameterType
            $values = @($parameter.Attributes | Where-Object { $_ -is [ValidateSet] } | ForEach-Object ValidValues)
            if (-not $values -and $type.IsEnum) { $values = [Enum]::GetNames($type) }
            foreach ($value in $values) { Get-Word $item.description | Should -MatchExactly "Accepted values: .*\b$value\b" -Because "of -$($parameter.Name): $bothPlaces" }
        }
    }

    It 'is written by Update-Help.ps1 as it is' {
        $now = Update-HelpPage (Read-HelpPage (Join-Path $pages "$name.md")) $command
        Format-HelpPage $now | Should -BeExactly $page -Because 'the page is out of date: run ./docs/Update-Help.ps1'
        [xml] $written = Join-HelpEntry (Format-HelpEntry $now $command)
        $entry = $maml.GetElementsByTagName('command:command') | Where-Object { $_['command:details']['command:name'].InnerText -eq $name }
        $entry.OuterXml -replace '>\s+<', '><' | Should -BeExactly ($written.DocumentElement.FirstChild.OuterXml -replace '>\s+<', '><') -Because $bothPlaces
    }

    It 'shows each example behind a prompt' {
        foreach ($example in $shown.examples.example) { $example.code | Should -MatchExactly '\A\s*PS> ' -Because $example.title }
    }

    It 'tells what it takes from the pipeline and what it gives' {
        $taken = @($own | Where-Object { $_.Attributes.ValueFromPipeline -contains $true } | ForEach-Object { $_.ParameterType.ToString() })
        @($shown.inputTypes.inputType.type.name) | Should -Be ($taken ? ($taken | Sort-Object -Unique) : 'None')
        @($shown.returnValues.returnValue.type.name) | Sort-Object | Should -Be ($command.OutputType.Name | Sort-Object)
        foreach ($one in @($shown.inputTypes.inputType) + @($shown.returnValues.returnValue)) {
            Get-Word $one.description | Should -Match '\w{2,}.*\.$' -Because $one.type.name
        }
    }

    It 'leads on to commands, topics and pages that exist' {
        foreach ($link in $shown.relatedLinks.navigationLink.linkText) {
            $link -eq 'Online Version' -or $link -in $exported -or $link -in $topics -or (Test-Path (Join-Path $RepositoryRoot docs $link)) |
                Should -BeTrue -Because "'$link' is not a command, a topic or a page below docs: correct the link"
        }
    }

    It 'has three examples or more, which call the command' {
        $examples.Count | Should -BeGreaterOrEqual 3 -Because "docs/en-US/$name.md needs three examples"
        foreach ($example in $examples) {
            Get-Code $example.Text | Should -Match "\b$name\b" -Because $example.Heading
            ($example.Text -replace '(?ms)^```.*?^```$').Trim() | Should -Match '\.$' -Because $example.Heading
        }
    }

    It 'has the parameters, sets and types of the command' {
        ($described.Heading | Sort-Object) | Should -Be ($own | ForEach-Object { "-$($_.Name)" } | Sort-Object) -Because "docs/en-US/$name.md has one part '### -Name' for each parameter: add or remove one"
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
        $syntax | Sort-Object | Should -Be ($command.ParameterSets.Name | Sort-Object) -Because "docs/en-US/$name.md has one part under SYNTAX for each parameter set"
        $outputs = @(Get-Part (Get-Section $page OUTPUTS)).Heading
        $outputs | Sort-Object | Should -Be ($command.OutputType.Name | Sort-Object) -Because "docs/en-US/$name.md has one part under OUTPUTS for each [OutputType]"
    }

    It 'has the aliases, wildcards and ways of input of each parameter' {
        foreach ($parameter in $own) {
            $text = ($described | Where-Object Heading -EQ "-$($parameter.Name)").Text
            $aliases = if ($text -match '(?m)^Aliases: \[(.*)\]$') { $Matches[1] } else { [regex]::Matches($text, '(?ms)^Aliases:\n((?:- \S+\n)+)').ForEach{ $_.Groups[1].Value -replace '- ' -replace '\n', ' ' } }
            "$aliases".Trim() | Should -Be ($parameter.Aliases -join ' ') -Because $parameter.Name
            $wildcards = [bool] ($parameter.Attributes | Where-Object { $_ -is [SupportsWildcards] })
            $text | Should -Match "(?m)^SupportsWildcards: $("$wildcards".ToLowerInvariant())$" -Because $parameter.Name
            foreach ($way in 'ValueFromPipelineByPropertyName', 'ValueFromRemainingArguments') {
                $expected = @($parameter.ParameterSets.Values.$way | ForEach-Object { "$_".ToLowerInvariant() })
                [regex]::Matches($text, "(?m)^  ${way}: (\S+)$").ForEach{ $_.Groups[1].Value } | Should -Be $expected -Because "$way of $($parameter.Name)"
            }
        }
    }

    It 'shows the syntax of every parameter set as the command has it' {
        foreach ($part in Get-Part (Get-Section $page SYNTAX)) {
            $set = $command.ParameterSets | Where-Object Name -EQ ($part.Heading -replace ' \(Default\)$')
            $part.Heading -match ' \(Default\)$' | Should -Be ($set.IsDefault -and $set.Name -ne '__AllParameterSets') -Because $part.Heading
            $told = ($part.Text -replace '```' -replace '\s+', ' ' -replace ' \[<CommonParameters>\]').Trim()
            $told | Should -Be ("$name $set" -replace ' \[<CommonParameters>\]').Trim() -Because $part.Heading
        }
    }

    It 'is told by the help file, set by set, as the command has it' {
        $entry = $maml.GetElementsByTagName('command:command') | Where-Object { $_['command:details']['command:name'].InnerText -eq $name }
        $entry | Should -HaveCount 1
        $items = @($entry['command:syntax'].GetElementsByTagName('command:syntaxItem') | ForEach-Object { ($_.GetElementsByTagName('command:parameter') | ForEach-Object { Get-Shown $_ } | Sort-Object) -join "`n" })
        $sets = @($command.ParameterSets | ForEach-Object {
                $set = $_
                ($own | Where-Object Name -In $set.Parameters.Name | ForEach-Object { $one = $_; Get-Told $one ($set.Parameters | Where-Object Name -EQ $one.Name) } | Sort-Object) -join "`n"
            })
        $items | Sort-Object | Should -Be ($sets | Sort-Object)
        foreach ($element in $entry['command:parameters'].GetElementsByTagName('command:parameter')) {
            $parameter = $command.Parameters[$element['maml:name'].InnerText]
            $element.pipelineInput -like 'true*' | Should -Be ($parameter.ParameterSets.Values.ValueFromPipeline -contains $true) -Because $parameter.Name
            $element.aliases | Should -Be ($parameter.Aliases ? $parameter.Aliases -join ', ' : 'none') -Because $parameter.Name
            $element.globbing | Should -Be "$([bool] ($parameter.Attributes | Where-Object { $_ -is [SupportsWildcards] }))" -Because $parameter.Name
        }
    }

    It 'is shown as the page says' {
        Get-Word $shown.Synopsis | Should -Be (Get-Word (Format-PlainText (Get-Section $page SYNOPSIS))) -Because $bothPlaces
        Get-Word $shown.description | Should -Be (Get-Word (Format-PlainText (Get-Section $page DESCRIPTION))) -Because $bothPlaces
        foreach ($parameter in $described) {
            $text = (Get-Word ($shown.parameters.parameter | Where-Object { "-$($_.name)" -eq $parameter.Heading }).description) -creplace ' Accepted values: .*$'
            $text | Should -Be (Get-Word (Format-PlainText ($parameter.Text -replace '(?ms)^```yaml.*?^```$'))) -Because "of $($parameter.Heading): $bothPlaces"
        }

        @($shown.parameters.parameter).Count | Should -Be $described.Count -Because $bothPlaces
        $told = @($shown.examples.example)
        $told.Count | Should -Be $examples.Count -Because $bothPlaces
        for ($at = 0; $at -lt $told.Count; $at++) {
            $told[$at].title | Should -Match ([regex]::Escape($examples[$at].Heading))
            $told[$at].code | Should -Be (Add-Prompt (Get-Code $examples[$at].Text)) -Because "of '$($examples[$at].Heading)': $bothPlaces"
            Get-Word $told[$at].remarks | Should -Be (Get-Word (Format-PlainText ($examples[$at].Text -replace '(?ms)^```powershell.*?^```$' -replace '(?m)^```.*$')))
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
        (Get-ChildItem $pages -Filter '*-*.md').BaseName | Sort-Object | Should -Be ((Get-Command -Module PluginMarket).Name | Sort-Object) -Because 'each command has a page in docs/en-US, and no other page has a command''s name'
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
    It 'is shown as plain text, made from the page' {
        $text = (Get-Content -Raw (Join-Path $help "$_.help.txt")) -replace "`r"
        $text | Should -BeExactly (Format-HelpTopic (Get-Content -Raw (Join-Path $pages "$_.md"))) -Because $bothPlaces
        $text | Should -Not -Match '\{\{'
        $text | Should -Not -Match '(?m)^#|^```|`|\*\*|\]\(' -Because 'Get-Help shows the file as it is, so it has no marks of Markdown'
        (Get-Help $_ | Out-String).Trim() -replace "`r" | Should -Be $text.Trim()
        (Get-Help "$_*" | Where-Object Name -EQ $_ | Select-Object -First 1) | Out-String | Should -Not -BeNullOrEmpty
    }

    It 'names only commands and parameters that exist' {
        $text = Get-Content -Raw (Join-Path $pages "$_.md")
        foreach ($match in [regex]::Matches($text, '\b[A-Z]\w+-(Installed)?Plugin\w*')) {
            $match.Value | Should -BeIn $exported -Because "$_ names '$($match.Value)', which is not a command"
        }
    }
}
