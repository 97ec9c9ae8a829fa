# Dot-sourced by Update-Help.ps1 and by the tests of the help: reads and writes the pages of docs/en-US and what Get-Help reads.

$CommonNames = [System.Management.Automation.PSCmdlet]::CommonParameters
$CommonText = @'
This cmdlet supports the common parameters: -Debug, -ErrorAction, -ErrorVariable,
-InformationAction, -InformationVariable, -OutBuffer, -OutVariable, -PipelineVariable,
-ProgressAction, -Verbose, -WarningAction, and -WarningVariable. For more information, see
[about_CommonParameters](https://go.microsoft.com/fwlink/?LinkID=113216).
'@ -replace "`r"

# Parameters of a command without those that every command has, by name.
function Get-OwnParameter($Command) {
    $Command.Parameters.Values | Where-Object { $_.Name -notin $CommonNames } | Sort-Object Name
}

function Get-ValueType([type] $Type) {
    while ($Type.IsArray) { $Type = $Type.GetElementType() }
    $inner = [Nullable]::GetUnderlyingType($Type)
    $inner ? $inner : $Type
}

# The values that a parameter accepts, where they are a closed set or a range.
function Get-AcceptedValue($Parameter) {
    $set = $Parameter.Attributes | Where-Object { $_ -is [ValidateSet] } | Select-Object -First 1
    if ($set) { return $set.ValidValues }
    $type = Get-ValueType $Parameter.ParameterType
    if ($type.IsEnum) { return [Enum]::GetNames($type) }
    $range = $Parameter.Attributes | Where-Object { $_ -is [ValidateRange] } | Select-Object -First 1
    if ($range -and $null -ne $range.MinRange) { "$($range.MinRange) to $($range.MaxRange)" }
}

# What holds where a parameter is not given: what [PSDefaultValue] says, else the value that a new command has.
function Get-DefaultValue($Parameter, $Command) {
    $told = $Parameter.Attributes | Where-Object { $_ -is [PSDefaultValue] } | Select-Object -First 1
    if ($told) { return $told.Help ? $told.Help : "$($told.Value)" }
    if ($Parameter.ParameterType -eq [switch]) { return 'False' }
    if ($Parameter.ParameterSets.Values.IsMandatory -notcontains $false) { return 'None' }
    $property = $Command.ImplementingType.GetProperty($Parameter.Name)
    $value = if ($property) { $property.GetValue([Activator]::CreateInstance($Command.ImplementingType)) }
    $text = @($value | Where-Object { $null -ne $_ }) -join ', '
    $text ? $text : 'None'
}

# Each line of nested lists.
function Expand-Line($Line) { foreach ($one in $Line) { if ($one -is [array]) { Expand-Line $one } else { $one } } }

# ---- pages

function Get-HelpPart([string] $Text, [string] $Level) {
    foreach ($match in [regex]::Matches($Text, "(?ms)^$Level (?<Heading>[^\n]+)\n(?<Text>.*?)(?=^$Level |\z)")) {
        [pscustomobject]@{ Heading = $match.Groups['Heading'].Value.Trim(); Text = $match.Groups['Text'].Value.Trim("`n") }
    }
}

# A page as its sentences: whatever is written from the command is left out.
function Read-HelpPage([string] $Path) {
    $text = [IO.File]::ReadAllText($Path).Replace("`r", '')
    $section = @{}
    Get-HelpPart $text '##' | ForEach-Object { $section[$_.Heading] = $_.Text.Trim() }
    $described = @{}
    Get-HelpPart $section['PARAMETERS'] '###' | ForEach-Object { $described[$_.Heading.TrimStart('-')] = ($_.Text -replace '(?ms)^```yaml.*?^```$').Trim() }
    $inputs, $outputs = 'INPUTS', 'OUTPUTS' | ForEach-Object {
        $one = @{}
        Get-HelpPart $section[$_] '###' | ForEach-Object { $one[$_.Heading] = $_.Text.Trim() }
        $one
    }
    [pscustomobject]@{
        Synopsis = $section['SYNOPSIS']; Description = $section['DESCRIPTION']; Examples = @(Get-HelpPart $section['EXAMPLES'] '###')
        Parameters = $described; Inputs = $inputs; Outputs = $outputs; Links = @($section['RELATED LINKS'] -split "`n" -match '\S')
    }
}

function New-HelpPage($Command) {
    $examples = 1..3 | ForEach-Object { [pscustomobject]@{ Heading = "Example ${_}: {{ title }}"; Text = "`n``````powershell`n$($Command.Name)`n```````n`n{{ what it shows }}." } }
    [pscustomobject]@{
        Synopsis = '{{ Verb first: what the command does. }}'; Description = '{{ What a reader must know. }}'; Examples = @($examples)
        Parameters = @{}; Inputs = @{}; Outputs = @{}; Links = @('- [{{ Verb-Noun }}]({{ Verb-Noun.md }})')
    }
}

# The page with all that the command says: names that are gone are dropped, new ones get a placeholder.
function Update-HelpPage($Page, $Command) {
    $parameters = foreach ($parameter in Get-OwnParameter $Command) {
        $text = $Page.Parameters[$parameter.Name]
        if (-not $text) {
            $text = switch ($parameter.Name) {
                'WhatIf' { 'Runs the command in a mode that only reports what would happen without performing the actions.' }
                'Confirm' { 'Prompts you for confirmation before running the cmdlet.' }
                default { '{{ What it does. }}' }
            }
        }

        [pscustomobject]@{
            Name = $parameter.Name; Text = $text; Type = $parameter.ParameterType.ToString(); Default = Get-DefaultValue $parameter $Command
            Accepted = @(Get-AcceptedValue $parameter); Aliases = @($parameter.Aliases); Sets = $parameter.ParameterSets
            Wildcards = [bool] ($parameter.Attributes | Where-Object { $_ -is [SupportsWildcards] })
        }
    }
    $taken = @($Command.Parameters.Values | Where-Object { $_.ParameterSets.Values.ValueFromPipeline -contains $true } | ForEach-Object { $_.ParameterType.ToString() } | Sort-Object -Unique)
    $inputs = foreach ($type in $taken ? $taken : 'None') {
        $text = $Page.Inputs[$type]
        [pscustomobject]@{ Name = $type; Text = $text ? $text : ($taken ? '{{ What it is. }}' : 'This cmdlet takes nothing from the pipeline.') }
    }
    $outputs = foreach ($type in $Command.OutputType.Name) {
        $text = $Page.Outputs[$type]
        [pscustomobject]@{ Name = $type; Text = $text ? $text : '{{ What it is. }}' }
    }
    [pscustomobject]@{
        Name = $Command.Name; Uri = $Command.HelpUri; Synopsis = $Page.Synopsis; Description = $Page.Description; Examples = $Page.Examples
        Sets = @($Command.ParameterSets); Parameters = @($parameters); Inputs = @($inputs); Outputs = @($outputs); Links = $Page.Links
    }
}

# Breaks a text at blanks.
function Format-Line([string] $Text, [int] $Width, [string] $Indent = '', [string] $First = '') {
    $lines, $line = [Collections.Generic.List[string]]::new(), $First
    foreach ($word in $Text.Trim() -split ' +') {
        if ($line.Length -gt $First.Length -and $line.Length + 1 + $word.Length -gt $Width -and $line.Trim()) {
            $lines.Add($line)
            $line = $Indent + $word
        }
        else { $line += ($line.Length -gt 0 -and $line -notmatch '\s$' ? ' ' : '') + $word }
    }

    $lines.Add($line)
    $lines -join "`n"
}

function Format-Syntax($Page, $Set) {
    # Not between a parameter and its value.
    $text = "$($Page.Name) $Set" -replace '(?<=-\w+\]?) (?=<)', [char]0xA0
    (Format-Line $text 100 ' ').Replace([char]0xA0, ' ')
}

function Format-YamlText([string] $Text) { $Text -match '^[\w.\[\], +/-]+$' -and $Text -notmatch '^(true|false|null|~|\[.*|-.*|[\d.]+)$' ? $Text : "'$($Text.Replace("'", "''"))'" }

function Format-YamlList([string] $Name, [string[]] $Value) { $Value ? "${Name}:`n$(($Value | ForEach-Object { "- $_" }) -join "`n")" : "${Name}: []" }

function Format-Parameter($Parameter) {
    $sets = foreach ($set in $Parameter.Sets.GetEnumerator()) {
        $name = if ($set.Key -eq '__AllParameterSets') { '(All)' } else { $set.Key }
        $position = if ($set.Value.Position -lt 0) { 'Named' } else { $set.Value.Position }
        @("- Name: $name", "  Position: $position"
            "  IsRequired: $($set.Value.IsMandatory)", "  ValueFromPipeline: $($set.Value.ValueFromPipeline)"
            "  ValueFromPipelineByPropertyName: $($set.Value.ValueFromPipelineByPropertyName)"
            "  ValueFromRemainingArguments: $($set.Value.ValueFromRemainingArguments)") -creplace ': True$', ': true' -creplace ': False$', ': false'
    }
    @("### -$($Parameter.Name)", '', $Parameter.Text, '', '```yaml', "Type: $($Parameter.Type)"
        "DefaultValue: $(Format-YamlText $Parameter.Default)", "SupportsWildcards: $("$($Parameter.Wildcards)".ToLowerInvariant())"
        Format-YamlList Aliases $Parameter.Aliases
        'ParameterSets:', $sets, 'DontShow: false'
        Format-YamlList AcceptedValues $Parameter.Accepted
        "HelpMessage: ''", '```', '') | ForEach-Object { $_ }
}

function Format-HelpPage($Page) {
    $lines = @('---', 'document type: cmdlet', 'external help file: PluginMarket.Cmdlets.dll-Help.xml', "HelpUri: $($Page.Uri)", 'Locale: en-US'
        'Module Name: PluginMarket', 'PlatyPS schema version: 2024-05-01', "title: $($Page.Name)", '---', '', "# $($Page.Name)", ''
        '## SYNOPSIS', '', $Page.Synopsis, '', '## SYNTAX', ''
        foreach ($set in $Page.Sets) {
            "### $($set.Name)$(if ($set.IsDefault -and $set.Name -ne '__AllParameterSets') { ' (Default)' })", '', '```', (Format-Syntax $Page $set), '```', ''
        }
        '## DESCRIPTION', '', $Page.Description, '', '## EXAMPLES', ''
        foreach ($example in $Page.Examples) { "### $($example.Heading)", '', $example.Text.Trim("`n"), '' }
        '## PARAMETERS', ''
        foreach ($parameter in $Page.Parameters) { Format-Parameter $parameter }
        '### CommonParameters', '', $CommonText, ''
        foreach ($part in @{ Heading = 'INPUTS'; Items = $Page.Inputs }, @{ Heading = 'OUTPUTS'; Items = $Page.Outputs }) {
            "## $($part.Heading)", ''
            foreach ($item in $part.Items) { "### $($item.Name)", '', $item.Text, '' }
        }
        '## RELATED LINKS', ''
        $Page.Links)
    ($lines -join "`n").TrimEnd() + "`n"
}

# ---- what Get-Help reads

# Markdown as a terminal shows it: no marks, and the address of a page behind its name.
function Format-PlainText([string] $Text) {
    $Text = [regex]::Replace($Text, '\[(?<Text>[^\]]+)\]\((?<To>[^)]+)\)', {
            param($match)
            $to = $match.Groups['To'].Value -replace '^\.\./', 'docs/'
            if ($to -match '^[A-Za-z]+-[A-Za-z]+\.md$|^about_\w+\.md$' -or $to -eq $match.Groups['Text'].Value) { $match.Groups['Text'].Value }
            else { "$($match.Groups['Text'].Value) ($to)" }
        })
    $Text -replace '\*\*(.+?)\*\*', '$1' -replace '`([^`]*)`', '$1'
}

# Each statement behind a prompt, its further lines behind that of a continuation.
function Add-Prompt([string] $Code) {
    $tree = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $null)
    $starts = @($tree.EndBlock.Statements.Extent.StartLineNumber)
    $inside = @($tree.EndBlock.Statements.Extent | ForEach-Object { if ($_.EndLineNumber -gt $_.StartLineNumber) { ($_.StartLineNumber + 1)..$_.EndLineNumber } })
    $number = 0
    $(foreach ($line in $Code -split "`n") {
            $number++
            if ($number -in $inside -and $number -notin $starts) { ">> $line" } elseif ($line.Trim()) { "PS> $line" } else { $line }
        }) -join "`n"
}

function Format-XmlText([string] $Text) { [Security.SecurityElement]::Escape($Text).Replace('&apos;', "'").Replace('&quot;', '"') }

function Format-Paragraph([string] $Text) {
    foreach ($paragraph in (Format-PlainText $Text) -split '\n{2,}' -match '\S') { "<maml:para>$(Format-XmlText ($paragraph -replace '\s*\n\s*', ' ').Trim())</maml:para>" }
}

function Format-XmlParameter($Parameter, $Set, [string] $Shown, [switch] $Full) {
    $at = $Set ? $Set : ($Parameter.Sets.Values | Select-Object -First 1)
    $required = $Set ? $Set.IsMandatory : $Parameter.Sets.Values.IsMandatory -contains $true
    $ways = @(if ($Parameter.Sets.Values.ValueFromPipeline -contains $true) { 'ByValue' }; if ($Parameter.Sets.Values.ValueFromPipelineByPropertyName -contains $true) { 'ByPropertyName' })
    $pipeline = $ways ? "true ($($ways -join ', '))" : 'false'
    $position = if ($at.Position -lt 0) { $Full ? 'Named' : 'named' } else { $at.Position }
    '<command:parameter required="{0}" variableLength="false" globbing="{1}" pipelineInput="{2}" position="{3}" aliases="{4}">' -f
        "$required".ToLowerInvariant(), "$($Parameter.Wildcards)".ToLowerInvariant(), $pipeline, $position, ($Parameter.Aliases ? $Parameter.Aliases -join ', ' : 'none')
    "<maml:name>$($Parameter.Name)</maml:name>"
    if ($Full) {
        '<maml:description>'
        Format-Paragraph $Parameter.Text
        if ($Parameter.Accepted) { "<maml:para>Accepted values: $(Format-XmlText ($Parameter.Accepted -join ', ')).</maml:para>" }
        '</maml:description>'
    }
    else { '<maml:description />' }
    if ($Parameter.Type -ne 'System.Management.Automation.SwitchParameter') { "<command:parameterValue required=`"true`" variableLength=`"false`">$Shown</command:parameterValue>" }
    "<dev:type><maml:name>$($Parameter.Type)</maml:name></dev:type>"
    "<dev:defaultValue>$(Format-XmlText $Parameter.Default)</dev:defaultValue>"
    '</command:parameter>'
}

function Format-XmlExample($Example, [int] $Number) {
    $code = if ($Example.Text -match '(?ms)^```powershell\n(.*?)\n?^```$') { $Matches[1] } else { '' }
    '<command:example>'
    "<maml:title>--------- $(Format-XmlText $Example.Heading) ---------</maml:title>", '<maml:introduction></maml:introduction>'
    "<dev:code>$(Format-XmlText (Add-Prompt $code.Trim()))</dev:code>", '<dev:remarks>'
    $rest = $Example.Text -replace '(?ms)^```powershell\n.*?^```$'
    foreach ($part in [regex]::Matches($rest, '(?ms)^```output\n(?<Output>.*?)^```$|(?<Text>(?:(?!^```).)+)')) {
        if ($part.Groups['Output'].Success) { "<maml:para>$(Format-XmlText $part.Groups['Output'].Value.TrimEnd())`n</maml:para>" }
        else {
            foreach ($paragraph in $part.Groups['Text'].Value -split '\n{2,}' -match '\S') {
                "<maml:para>$(Format-XmlText (Format-PlainText ($paragraph -replace '\s*\n\s*', ' ').Trim()))`n</maml:para>"
            }
        }
    }

    '</dev:remarks>', '</command:example>'
}

# The entry of a command in the help file.
function Format-HelpEntry($Page, $Command) {
    $shown = @{}
    [regex]::Matches("$($Page.Sets)", '-(?<Name>\w+)\]? <(?<Type>[^>]+(?:>(?=\]))?)>').ForEach{ $shown[$_.Groups['Name'].Value] = $_.Groups['Type'].Value }
    $lines = @('<command:command>', '<command:details>', "<command:name>$($Page.Name)</command:name>"
        '<maml:description>', (Format-Paragraph $Page.Synopsis), '</maml:description>'
        "<command:verb>$($Command.Verb)</command:verb>", "<command:noun>$($Command.Noun)</command:noun>", '</command:details>'
        '<maml:description>', (Format-Paragraph $Page.Description), '</maml:description>', '<command:syntax>'
        foreach ($set in $Page.Sets) {
            '<command:syntaxItem>', "<maml:name>$($Page.Name)</maml:name>"
            # By position, the required ones first, as PowerShell shows them.
            foreach ($one in $set.Parameters | Where-Object Name -NotIn $CommonNames | Sort-Object -Stable { $_.Position -lt 0 }, { $_.Position -lt 0 ? 0 : $_.Position }, { -not $_.IsMandatory }) {
                Format-XmlParameter ($Page.Parameters | Where-Object Name -EQ $one.Name) $one $shown[$one.Name]
            }
            '</command:syntaxItem>'
        }
        '</command:syntax>', '<command:parameters>'
        foreach ($parameter in $Page.Parameters) { Format-XmlParameter $parameter $null $shown[$parameter.Name] -Full }
        '</command:parameters>', '<command:inputTypes>'
        foreach ($item in $Page.Inputs) { '<command:inputType>', "<dev:type><maml:name>$($item.Name)</maml:name></dev:type>", '<maml:description>', (Format-Paragraph $item.Text), '</maml:description>', '</command:inputType>' }
        '</command:inputTypes>', '<command:returnValues>'
        foreach ($item in $Page.Outputs) { '<command:returnValue>', "<dev:type><maml:name>$($item.Name)</maml:name></dev:type>", '<maml:description>', (Format-Paragraph $item.Text), '</maml:description>', '</command:returnValue>' }
        '</command:returnValues>', '<command:examples>'
        for ($at = 0; $at -lt $Page.Examples.Count; $at++) { Format-XmlExample $Page.Examples[$at] ($at + 1) }
        '</command:examples>', '<command:relatedLinks>'
        '<maml:navigationLink>', '<maml:linkText>Online Version</maml:linkText>', "<maml:uri>$($Page.Uri)</maml:uri>", '</maml:navigationLink>'
        foreach ($link in $Page.Links) {
            $text = $link -replace '^- \[([^\]]+)\]\(([^)]+)\)\s*$', '$1'
            '<maml:navigationLink>', "<maml:linkText>$text</maml:linkText>", '<maml:uri />', '</maml:navigationLink>'
        }
        '</command:relatedLinks>', '</command:command>')
    (Expand-Line $lines) -join "`n"
}

# The help file, indented but for the texts, whose white space is shown.
function Join-HelpEntry([string[]] $Entry) {
    $root = '<helpItems xmlns:maml="http://schemas.microsoft.com/maml/2004/10" xmlns:command="http://schemas.microsoft.com/maml/dev/command/2004/10" xmlns:dev="http://schemas.microsoft.com/maml/dev/2004/10" schema="maml" xmlns="http://msh">'
    [xml] $document = "$root`n$($Entry -join "`n")`n</helpItems>"
    $writer = [IO.StringWriter]::new()
    $settings = [Xml.XmlWriterSettings] @{ Indent = $true; NewLineChars = "`n"; OmitXmlDeclaration = $true }
    $xml = [Xml.XmlWriter]::Create($writer, $settings)
    $document.Save($xml)
    $xml.Dispose()
    "<?xml version=`"1.0`" encoding=`"utf-8`"?>`n$writer`n"
}

# A topic as Get-Help shows it: PowerShell prints the file as it is, and takes its fifth line for the synopsis.
function Format-HelpTopic([string] $Markdown) {
    $lines = [Collections.Generic.List[string]]::new()
    $text = $Markdown.Replace("`r", '').Trim()
    $text = $text -replace '^# (\S+)\n+## Short description\n+', "TOPIC`n    `$1`n`nSHORT DESCRIPTION`n"
    $afterHeading = $false
    foreach ($block in $text -split '\n{2,}') {
        switch -Regex ($block) {
            '^TOPIC\n' { $block -split "`n" | ForEach-Object { $lines.Add($_) }; break }
            '^SHORT DESCRIPTION\n' { $lines.Add('SHORT DESCRIPTION'); $lines.Add('    ' + (Format-PlainText (($block -split "`n" | Select-Object -Skip 1) -join ' ')).Trim()); break }
            '^#{2,3} ' { $lines.Add((Format-PlainText ($block -replace '^#+ ')).ToUpperInvariant()); break }
            '^ {4}' { if ($afterHeading) { $lines.Add('') }; $block -split "`n" | ForEach-Object { $lines.Add("    $_") }; break }
            '^```' { $block -split "`n" | Where-Object { $_ -notmatch '^```' } | ForEach-Object { $lines.Add("        $_") }; break }
            '^[-*] |^\d+\. ' {
                foreach ($item in $block -split '\n(?=[-*] |\d+\. )') {
                    $item = Format-PlainText ($item -replace '\s*\n\s*', ' ')
                    $mark = if ($item -match '^([-*]|\d+\.) ') { $Matches[0] }
                    (Format-Line $item.Substring($mark.Length) 80 ('    ' + ' ' * $mark.Length) "    $mark") -split "`n" | ForEach-Object { $lines.Add($_) }
                }
                break
            }
            '^\|' {
                $rows = @($block -split "`n" -notmatch '^\|[\s|:-]+$' | ForEach-Object { , @($_.Trim().Trim('|') -split '(?<!\\)\|' | ForEach-Object { (Format-PlainText $_.Replace('\|', '|')).Trim() }) })
                foreach ($row in $rows | Select-Object -Skip 1) {
                    $lines.Add("    $($row[0])")
                    (Format-Line ($row[1..($row.Count - 1)] -join '. ') 80 '        ' '        ') -split "`n" | ForEach-Object { $lines.Add($_) }
                }
                break
            }
            default { (Format-Line (Format-PlainText ($block -replace '\s*\n\s*', ' ')) 80 '    ' '    ') -split "`n" | ForEach-Object { $lines.Add($_) } }
        }

        # No empty line between a heading and its text.
        if ($block -notmatch '^#{2,3} ') { $lines.Add('') }
        $afterHeading = $block -match '^#{2,3} '
    }

    ($lines -join "`n").TrimEnd() + "`n"
}
