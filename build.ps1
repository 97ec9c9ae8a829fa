#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, documents and packages PluginMarket.
.DESCRIPTION
    Build    compiles everything; afterwards `Import-Module ./PluginMarket.psd1` works from this folder.
    Test     runs every test, the Pester files in child processes included.
    Docs     makes en-US/ (what Get-Help reads) from docs/en-US/*.md.
    Package  makes artifacts/PluginMarket/<version>/ and its zip: the folder one would publish.
    Clean    removes what the other tasks made, but for en-US/, which is kept in the repository.
.EXAMPLE
    ./build.ps1
.EXAMPLE
    ./build.ps1 -Task Package -Configuration Release
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Docs', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# The tool modules, and where to get a missing one. A module in artifacts/modules/ is found before an installed one.
$ToolModules = @(
    @{ Name = 'Pester'; Minimum = [version]'5.5.0'; Below = [version]'6.0'; UsedBy = 'Test'; Get = 'Install-PSResource Pester -Version "[5.5,6.0)"' }
    @{ Name = 'Microsoft.PowerShell.PlatyPS'; Minimum = [version]'1.0.0'; Below = [version]'2.0'; UsedBy = 'Docs'; Get = 'Install-PSResource Microsoft.PowerShell.PlatyPS -Version "[1.0,2.0)"' }
)

$Root = $PSScriptRoot
$Artifacts = Join-Path $Root 'artifacts'
$Version = (Import-PowerShellDataFile (Join-Path $Root 'PluginMarket.psd1')).ModuleVersion

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) ended with exit code $LASTEXITCODE."
    }
}

function Find-ToolModule([string] $Name) {
    $tool = $ToolModules | Where-Object Name -EQ $Name
    $places = @(Join-Path $Artifacts 'modules' $Name) + @($env:PSModulePath -split [IO.Path]::PathSeparator | Where-Object { $_ } | ForEach-Object { Join-Path $_ $Name })
    $found = $places |
        Where-Object { Test-Path -LiteralPath $_ } |
        ForEach-Object { Get-ChildItem -LiteralPath $_ -Recurse -Depth 1 -Filter "$Name.psd1" } |
        ForEach-Object { @{ Path = $_.FullName; Version = [version](Import-PowerShellDataFile -LiteralPath $_.FullName).ModuleVersion } } |
        Where-Object { $_.Version -ge $tool.Minimum -and $_.Version -lt $tool.Below } |
        Sort-Object { $_.Version } -Descending |
        Select-Object -First 1
    if (-not $found) {
        Write-Warning "$Name $($tool.Minimum) or later (below $($tool.Below)) was not found; the $($tool.UsedBy) task needs it. Get it with: $($tool.Get)"
        Write-Warning "On a machine without a gallery, put the module's folder into $(Join-Path $Artifacts 'modules' $Name)."
        return
    }

    $found.Path
}

function Invoke-Build {
    Invoke-DotNet build (Join-Path $Root 'PluginMarket.sln') -c $Configuration --nologo -v quiet
}

function Invoke-Test {
    # Without Pester the module's own tests are skipped, and say so.
    $null = Find-ToolModule Pester
    Invoke-DotNet test (Join-Path $Root 'PluginMarket.sln') -c $Configuration --nologo
}

# PlatyPS leaves an example's code in its introduction, between fences and with U+0080 for an empty line, which Get-Help would show as they are;
# and it takes links between pages for addresses, on which a command's HelpUri would fail.
function Convert-Help([string] $From, [string] $To) {
    [xml] $document = Get-Content -Raw -LiteralPath $From
    foreach ($example in $document.GetElementsByTagName('command:example')) {
        $introduction = $example['maml:introduction']
        foreach ($paragraph in @($introduction.ChildNodes)) {
            $null = $introduction.RemoveChild($paragraph)
            if ($paragraph.InnerText -match '(?s)^```powershell\n(.*)\n```$') {
                $example['dev:code'].InnerText = $Matches[1]
            }
            elseif ($paragraph.InnerText -ne [string][char]0x80) {
                # Output with empty lines is several paragraphs.
                $text = $paragraph.InnerText -replace '^```output\n' -replace '\n```$'
                $paragraph.InnerText = if ($text -ne $paragraph.InnerText) { "$text`n" } else { $text }
                $null = $example['dev:remarks'].AppendChild($paragraph)
            }
        }

        $example['dev:remarks'].LastChild.InnerText += "`n"
    }

    foreach ($link in @($document.GetElementsByTagName('maml:navigationLink') | Where-Object { $_['maml:linkText'].InnerText -eq 'Online Version' -and -not $_['maml:uri'].InnerText })) {
        $null = $link.ParentNode.RemoveChild($link)
    }

    foreach ($address in @($document.GetElementsByTagName('maml:uri') | Where-Object InnerText -Like '*.md')) {
        $address.IsEmpty = $true
    }

    $settings = [Xml.XmlWriterSettings] @{ Indent = $true; NewLineChars = "`n"; Encoding = [Text.UTF8Encoding]::new($false) }
    $writer = [Xml.XmlWriter]::Create($To, $settings)
    $document.Save($writer)
    $writer.Dispose()
    Add-Content -LiteralPath $To -Value "`n" -NoNewline
}

function Invoke-Docs {
    $platyPS = Find-ToolModule Microsoft.PowerShell.PlatyPS
    if (-not $platyPS) {
        throw 'The help cannot be made without Microsoft.PowerShell.PlatyPS.'
    }

    Invoke-DotNet build (Join-Path $Root 'src' 'PluginMarket.Cmdlets') -c $Configuration --nologo -v quiet
    $pages = Join-Path $Root 'docs' 'en-US'
    $help = Join-Path $Root 'en-US'
    $made = Join-Path $Artifacts 'help'
    Remove-Item -LiteralPath $made, $help -Recurse -Force -ErrorAction Ignore
    $null = New-Item -ItemType Directory -Force $pages, $help, $made

    # A child process: the module's assemblies stay loaded for the life of the one that imported them.
    & (Get-Process -Id $PID).Path -NoProfile -Command {
        param($platyPS, $manifest, $pages, $made)
        $ErrorActionPreference = 'Stop'
        Import-Module $platyPS
        $module = Import-Module $manifest -PassThru
        $known = @(Get-ChildItem -LiteralPath $pages -Filter '*-*.md')
        $missing = @($module.ExportedCmdlets.Values | Where-Object { $_.Name -notin $known.BaseName })
        if ($known) {
            $null = Update-MarkdownCommandHelp -Path $known.FullName -NoBackup
        }

        if ($missing) {
            # PlatyPS writes into a folder of the module's name below the given one, both here and for the help itself.
            $null = New-MarkdownCommandHelp -CommandInfo $missing -OutputFolder $made
            Get-ChildItem -LiteralPath $made -Recurse -Filter '*-*.md' | Move-Item -Destination $pages
        }

        $null = Import-MarkdownCommandHelp -Path (Get-ChildItem -LiteralPath $pages -Filter '*-*.md').FullName | Export-MamlCommandHelp -OutputFolder $made -Force
    } -args $platyPS, (Join-Path $Root 'PluginMarket.psd1'), $pages, $made
    if ($LASTEXITCODE -ne 0) {
        throw 'The help was not made.'
    }

    # Beside the manifest: Get-Help finds it only there.
    Get-ChildItem -LiteralPath $made -Recurse -Filter '*-Help.xml' | ForEach-Object { Convert-Help $_.FullName (Join-Path $help $_.Name) }
    Get-ChildItem -LiteralPath $pages -Filter 'about_*.md' | ForEach-Object {
        Copy-Item -LiteralPath $_.FullName -Destination (Join-Path $help "$($_.BaseName).help.txt")
    }

    Remove-Item -LiteralPath $made -Recurse -Force
    Get-ChildItem -LiteralPath $help
}

function Invoke-Package {
    $folder = Join-Path $Artifacts 'PluginMarket' $Version
    $zip = Join-Path $Artifacts "PluginMarket.$Version.zip"
    Clear-Package
    $null = New-Item -ItemType Directory -Force (Join-Path $folder 'module')

    # Built right into the package: module/bin may be in use by a PowerShell that imported the module from here.
    $bin = (Join-Path $folder 'module' 'bin') + [IO.Path]::DirectorySeparatorChar
    Invoke-DotNet build (Join-Path $Root 'src' 'PluginMarket.Cmdlets') -c $Configuration --nologo -v quiet "-p:ModuleBinFolder=$bin"

    # The same manifest with the same paths as in the repository. Symbols and XML documentation stay out: nothing reads them there.
    Get-ChildItem -Path (Join-Path $Root 'module') -Filter '*.ps1xml' | Copy-Item -Destination (Join-Path $folder 'module')
    Copy-Item -LiteralPath (Join-Path $Root 'module' 'schemas') -Destination (Join-Path $folder 'module') -Recurse
    foreach ($item in 'PluginMarket.psd1', 'en-US', 'LICENSE', 'README.md', 'CHANGELOG.md') {
        $source = Join-Path $Root $item
        if (Test-Path -LiteralPath $source) {
            Copy-Item -LiteralPath $source -Destination $folder -Recurse
        }
    }

    # Compress-Archive is a module of its own, which not every PowerShell has.
    [IO.Compression.ZipFile]::CreateFromDirectory((Join-Path $Artifacts 'PluginMarket'), $zip, 'Optimal', $true)
    Write-Output $folder, $zip
}

function Clear-Package {
    Remove-Item -Path (Join-Path $Artifacts 'PluginMarket'), (Join-Path $Artifacts 'PluginMarket.*.zip') -Recurse -Force -ErrorAction Ignore
}

function Invoke-Clean {
    # Not all of artifacts: what is in artifacts/modules was put there by hand.
    Clear-Package
    $made = @('artifacts/help', 'module/bin') | ForEach-Object { Join-Path $Root $_ }
    $made += Get-ChildItem -Path (Join-Path $Root 'src'), (Join-Path $Root 'tests') -Directory | ForEach-Object { Join-Path $_.FullName 'bin'; Join-Path $_.FullName 'obj' }
    $made | Where-Object { Test-Path -LiteralPath $_ } | ForEach-Object { Remove-Item -LiteralPath $_ -Recurse -Force }
}

foreach ($name in $Task) {
    & "Invoke-$name"
}
