#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, documents and packages PluginMarket.
.DESCRIPTION
    Build    compiles everything; afterwards `Import-Module ./PluginMarket.psd1` works from this folder.
    Test     runs every test, the Pester files in child processes included.
    Docs     updates docs/en-US from the commands, and writes en-US/ (what Get-Help reads) from it.
    Package  makes in artifacts/ what one would publish: the module's folder (PluginMarket/<version>), its zip and nupkg, the tool's nupkg
             (PluginMarket.Cli), the SHA-256 of every file of the module, and a CycloneDX bill of materials.
    Native   makes in artifacts/native/ the command line as native code for this system, which starts at once; it needs a C compiler to
             link, and reaches git repositories by the git command only.
    Clean    removes what the other tasks made, except en-US/, which is kept in the repository.
.PARAMETER CompiledRuntime
    The systems for which the module's package brings its core compiled ahead of time too. Elsewhere, and before .NET 10, the portable one is used.
.EXAMPLE
    ./build.ps1
.EXAMPLE
    ./build.ps1 -Task Package -Configuration Release
#>
[CmdletBinding()]
[Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', 'Configuration', Justification = 'Functions of this file read it.')]
[Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', 'CompiledRuntime', Justification = 'Functions of this file read it.')]
param(
    [ValidateSet('Build', 'Test', 'Docs', 'Package', 'Native', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    [ValidateSet('linux-x64', 'osx-arm64', 'win-x64')]
    [string[]] $CompiledRuntime = @('linux-x64', 'osx-arm64', 'win-x64')
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# The tool modules, and where to get a missing one. A module in artifacts/modules/ is found before an installed one.
$ToolModules = @(
    @{ Name = 'PSScriptAnalyzer'; Minimum = [version]'1.22.0'; Below = [version]'2.0'; UsedBy = 'Test'; Get = 'Install-PSResource PSScriptAnalyzer -Version "[1.22,2.0)"' }
)

# Packages that name a license file instead of an SPDX expression: what stands in that file.
$LicenseOfFile = @{
    'LibGit2Sharp'                = 'MIT'
    # The exception lets anyone link it into anything.
    'LibGit2Sharp.NativeBinaries' = 'GPL-2.0-only WITH GCC-exception-2.0'
}

# What is packed tells no time of its making, so that the same commit gives the same bytes: the first that a zip archive can tell.
$FileTime = [DateTimeOffset]::new(1980, 1, 1, 0, 0, 0, [TimeSpan]::Zero)
$PackTime = "-p:DeterministicTimestamp=$($FileTime.ToUnixTimeSeconds())"

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
    # Without it the analysis of the scripts is skipped, and says so.
    $null = Find-ToolModule PSScriptAnalyzer
    Invoke-DotNet test (Join-Path $Root 'PluginMarket.sln') -c $Configuration --nologo
}

function Invoke-Docs {
    Invoke-DotNet build (Join-Path $Root 'src' 'PluginMarket.Cmdlets') -c $Configuration --nologo -v quiet
    . (Join-Path $Root 'tests' 'module' 'PowerShell.ps1')
    # A child process: the module's assemblies stay loaded for the life of the one that imported them.
    Invoke-PowerShell -NoProfile -Command {
        param($script)
        & $script
    } -args (Join-Path $Root 'docs' 'Update-Help.ps1')
    if ($LASTEXITCODE -ne 0) {
        throw 'The help was not updated.'
    }

    Get-ChildItem -LiteralPath (Join-Path $Root 'en-US')
}

# The pages that README and help link to. A link to a file that only the repository has becomes text.
function Copy-Page([string] $Folder) {
    $null = New-Item -ItemType Directory -Force (Join-Path $Folder 'docs')
    foreach ($item in 'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md') {
        Copy-Item -LiteralPath (Join-Path $Root $item) -Destination $Folder
    }

    Copy-Item -Path (Join-Path $Root 'docs' '*.md') -Destination (Join-Path $Folder 'docs')
    foreach ($item in 'en-US', 'images', 'samples') {
        Copy-Item -LiteralPath (Join-Path $Root 'docs' $item) -Destination (Join-Path $Folder 'docs') -Recurse
    }

    foreach ($page in Get-ChildItem -LiteralPath $Folder -Recurse -File -Filter '*.md') {
        $text = [IO.File]::ReadAllText($page.FullName)
        $kept = [regex]::Replace($text, '(?<!!)\[(?<Text>[^\]\n]+)\]\((?<To>[^)\s#]+)(?<Part>#[^)\s]*)?\)', {
                param($match)
                $to = $match.Groups['To'].Value
                if ($to -match '^[a-z]+:' -or (Test-Path -LiteralPath (Join-Path $page.DirectoryName $to))) { $match.Value } else { $match.Groups['Text'].Value }
            })
        if ($kept -ne $text) {
            [IO.File]::WriteAllText($page.FullName, $kept)
        }
    }
}

# The module as one would publish it: the same manifest with the same paths as in the repository.
function Build-ModuleFolder([string] $Folder) {
    $null = New-Item -ItemType Directory -Force (Join-Path $Folder 'module')

    # Built right into the package: module/bin may be in use by a PowerShell that imported the module from here.
    $bin = (Join-Path $Folder 'module' 'bin') + [IO.Path]::DirectorySeparatorChar
    Invoke-DotNet build (Join-Path $Root 'src' 'PluginMarket.Cmdlets') -c $Configuration --nologo -v quiet "-p:ModuleBinFolder=$bin"

    Build-CompiledCore (Join-Path $bin 'core')

    # Symbols and XML documentation stay out: nothing reads them there.
    Get-ChildItem -Path (Join-Path $Root 'module' '*') -Include '*.ps1xml', '*.psd1' | Copy-Item -Destination (Join-Path $Folder 'module')
    'schemas', 'dsc' | ForEach-Object { Copy-Item -LiteralPath (Join-Path $Root 'module' $_) -Destination (Join-Path $Folder 'module') -Recurse }
    foreach ($item in 'PluginMarket.psd1', 'en-US', 'LICENSE') {
        Copy-Item -LiteralPath (Join-Path $Root $item) -Destination $Folder -Recurse
    }

    Copy-Page $Folder
}

# Compiles the core and what it needs for each of those systems into a folder of its own beside the portable files.
function Build-CompiledCore([string] $Core) {
    $work = Join-Path $Artifacts 'compiled'
    $null = New-Item -ItemType Directory -Force $work
    $project = Join-Path $work 'compiled.csproj'
    Write-Text $project @"
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <RuntimeIdentifiers>$($CompiledRuntime -join ';')</RuntimeIdentifiers>
    <PublishReadyToRun>true</PublishReadyToRun>
    <DisableTransitiveFrameworkReferenceDownloads>true</DisableTransitiveFrameworkReferenceDownloads>
  </PropertyGroup>
</Project>
"@
    # The compiler and the frameworks are packages, of the version that the SDK brings. Without them the module is as good, and slower to start.
    & dotnet restore $project --nologo -v quiet
    if ($LASTEXITCODE -ne 0) {
        Write-Warning "The packages that compile for $($CompiledRuntime -join ', ') could not be restored: this package has portable assemblies only, and other bytes than one that has them."
        return
    }

    $told = (Invoke-DotNet msbuild $project '-getProperty:NuGetPackageRoot,BundledNETCoreAppPackageVersion,NETCoreSdkPortableRuntimeIdentifier' | ConvertFrom-Json).Properties
    function Get-PackageFolder([string] $Name) { Join-Path $told.NuGetPackageRoot "microsoft.netcore.app.$Name" $told.BundledNETCoreAppPackageVersion }
    $tools = Join-Path (Get-PackageFolder "crossgen2.$($told.NETCoreSdkPortableRuntimeIdentifier)") 'tools'
    $compiler = Join-Path $tools ($IsWindows ? 'crossgen2.exe' : 'crossgen2')
    foreach ($runtime in $CompiledRuntime) {
        $system, $processor = $runtime -split '-'
        $target = @{ win = 'windows'; linux = 'linux'; osx = 'osx' }[$system]
        $framework = Join-Path (Get-PackageFolder "runtime.$runtime") 'runtimes' $runtime 'lib' 'net10.0' '*.dll'
        $null = New-Item -ItemType Directory -Force (Join-Path $Core $runtime)
        foreach ($file in Get-ChildItem -LiteralPath $Core -Filter '*.dll') {
            # In a file: PowerShell would replace the names with a star by those of all files.
            $options = "`"$($file.FullName)`"", "-o:`"$(Join-Path $Core $runtime $file.Name)`"", "--targetos:$target", "--targetarch:$processor", '-O',
                "-r:`"$framework`"", "-r:`"$(Join-Path $Core '*.dll')`""
            Write-Text (Join-Path $work 'options.rsp') ($options -join "`n")
            & $compiler "@$(Join-Path $work 'options.rsp')" > (Join-Path $work 'log.txt')
            if ($LASTEXITCODE -ne 0) {
                throw "$($file.Name) was not compiled for ${runtime}: $(Get-Content -Raw -LiteralPath (Join-Path $work 'log.txt'))"
            }
        }
    }

    Remove-Item -LiteralPath $work -Recurse -Force
}

# The packages whose files are in a folder, told by the files' bytes: what is shipped, not what was asked for.
function Get-ShippedPackage([string] $Folder, [string[]] $Project) {
    $restored = foreach ($name in $Project) {
        $assets = Get-Content -Raw -LiteralPath (Join-Path $Root 'src' $name 'obj' 'project.assets.json') | ConvertFrom-Json -AsHashtable
        foreach ($path in $assets['libraries'].Values | Where-Object { $_['type'] -eq 'package' } | ForEach-Object { $_['path'] }) {
            $assets['packageFolders'].Keys | ForEach-Object { Join-Path $_ $path } | Where-Object { Test-Path -LiteralPath $_ } | Select-Object -First 1
        }
    }

    $origins = foreach ($file in Get-ChildItem -LiteralPath $Folder -Recurse -File -Include '*.dll', '*.so', '*.dylib' |
        Where-Object { $_.Name -notlike 'PluginMarket*' -and ($_.Directory.Name -notin $CompiledRuntime -or $_.Directory.Parent.Name -ne 'core') }) {
        $hash = (Get-FileHash -LiteralPath $file.FullName).Hash
        $origin = $restored | Where-Object {
            Get-ChildItem -LiteralPath $_ -Recurse -File -Filter $file.Name | Where-Object { (Get-FileHash -LiteralPath $_.FullName).Hash -eq $hash }
        } | Select-Object -First 1
        if (-not $origin) {
            throw "$($file.Name) comes from no restored package: neither its license nor its version is known."
        }

        $origin
    }

    $origins | Sort-Object -Unique | ForEach-Object { Read-Package $_ }
}

# What a package says of itself, from its folder below NuGet's.
function Read-Package([string] $Folder) {
    $about = ([xml] (Get-Content -Raw -LiteralPath (Get-Item (Join-Path $Folder '*.nuspec')).FullName)).package.metadata
    function Get-Told([string] $Element, [string] $Type = '') { "$($about.SelectNodes("*[local-name()='$Element'][not('$Type') or @type='$Type']") | ForEach-Object InnerText)" }
    $license = Get-Told license expression
    $license = $license ? $license : $LicenseOfFile["$($about.id)"]
    if (-not $license) {
        throw "The license of $($about.id) $($about.version) is told by no expression: name it in `$LicenseOfFile after reading it."
    }

    # Its own text where it brings one, else that of the license.
    $file = Get-Told license file
    $own = if ($file) { Join-Path $Folder $file } else { Get-ChildItem -LiteralPath $Folder -File | Where-Object Name -Like 'LICENSE*' | ForEach-Object FullName }
    $text = $own ? $own : (Join-Path $Root 'module' 'licenses' "$license.txt")
    $copyright = Get-Told copyright
    [pscustomobject]@{
        Name      = "$($about.id)"
        Version   = "$($about.version)"
        License   = $license
        Text      = (Get-Content -Raw -LiteralPath $text) -replace "`r"
        Copyright = if ($copyright -match '^(Copyright|©|\(c\))') { $copyright } else { 'Copyright (c) {0}' -f ($copyright ? $copyright : $about.authors) }
        Website   = "$($about.projectUrl)"
        Sha512    = [Convert]::ToHexStringLower([Convert]::FromBase64String((Get-Content -Raw -LiteralPath (Get-Item (Join-Path $Folder '*.nupkg.sha512')).FullName)))
        Needs     = @($about.SelectNodes(".//*[local-name()='dependency']") | ForEach-Object id | Sort-Object -Unique)
    }
}

# Writes a text as every system would: a package must not depend on where it was made.
function Write-Text([string] $Path, [string] $Text) {
    [IO.File]::WriteAllText($Path, ($Text -replace "`r").TrimEnd("`n") + "`n")
}

function Write-Notice([object[]] $Package, [string] $Path) {
    $notices = foreach ($one in $Package) {
        "{0}`n{1} {2}`n{3}`nLicense: {4}`n{5}`n`n{6}" -f ('-' * 80), $one.Name, $one.Version, $one.Website, $one.License, $one.Copyright, $one.Text.Trim()
    }
    Write-Text $Path ("PluginMarket brings the libraries of others, each under its own license:`n`n" + ($notices -join "`n`n"))
}

# One line a file, as `sha256sum -c` reads it from inside the folder.
function Write-FileList([string] $Folder, [string] $Path) {
    $lines = foreach ($name in Get-RelativeFile $Folder) {
        '{0}  {1}' -f (Get-FileHash -LiteralPath (Join-Path $Folder $name)).Hash.ToLowerInvariant(), $name
    }
    Write-Text $Path ($lines -join "`n")
}

function Get-RelativeFile([string] $Folder) {
    $names = [string[]] (Get-ChildItem -LiteralPath $Folder -Recurse -File -Force | ForEach-Object { [IO.Path]::GetRelativePath($Folder, $_.FullName) -replace '\\', '/' })
    [array]::Sort($names, [StringComparer]::Ordinal)
    $names
}

# Compress-Archive is a module of its own, which not every PowerShell has.
function Compress-Folder([string] $Folder, [string] $Path) {
    $archive = [IO.Compression.ZipFile]::Open($Path, 'Create')
    try {
        foreach ($name in Get-RelativeFile $Folder) {
            $entry = $archive.CreateEntry("$(Split-Path -Leaf $Folder)/$name")
            $entry.LastWriteTime = $FileTime
            $content = [IO.File]::ReadAllBytes((Join-Path $Folder $name))
            $stream = $entry.Open()
            $stream.Write($content, 0, $content.Length)
            $stream.Dispose()
        }
    }
    finally {
        $archive.Dispose()
    }
}

# As Publish-PSResource makes it, with the tags by which a gallery finds a module by its edition and commands.
function Export-ModulePackage([string] $Folder, [string] $Destination) {
    $manifest = Import-PowerShellDataFile (Join-Path $Folder 'PluginMarket.psd1')
    $told = $manifest.PrivateData.PSData
    $tags = @('PSModule') + $told.Tags + @($manifest.CompatiblePSEditions | ForEach-Object { "PSEdition_$_" }) + 'PSIncludes_Cmdlet' +
        @($manifest.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" })
    $specification = Join-Path $Artifacts 'PluginMarket.nuspec'
    $fields = [ordered]@{
        id = 'PluginMarket'; version = $Version; authors = $manifest.Author; owners = $manifest.CompanyName; description = $manifest.Description
        copyright = $manifest.Copyright; releaseNotes = $told.ReleaseNotes; readme = 'README.md'; tags = $tags -join ' '
    }
    $elements = $fields.Keys | ForEach-Object { '<{0}>{1}</{0}>' -f $_, [Security.SecurityElement]::Escape($fields[$_]) }
    Write-Text $specification ('<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>{0}<license type="expression">MIT</license></metadata><files><file src="**" target="" /></files></package>' -f ($elements -join ''))

    # NuGet packs a nuspec only for some project: nothing of that one goes in. Its analysis is that of libraries.
    Invoke-DotNet pack (Join-Path $Root 'src' 'PluginMarket.Loader') -c $Configuration --no-build --nologo -v quiet -o $Destination "-p:NuspecFile=$specification" "-p:NuspecBasePath=$Folder" '-p:NoPackageAnalysis=true' $PackTime
    Remove-Item -LiteralPath $specification
}

# CycloneDX 1.6. No time and no serial number: the same commit gives the same text.
function Write-BillOfMaterial([System.Collections.IDictionary] $PackagesOf, [string] $Path) {
    function Get-Reference($Name, $At) { "pkg:nuget/$Name@$At" }
    $own = foreach ($name in $PackagesOf.Keys) {
        [ordered]@{ type = 'application'; 'bom-ref' = Get-Reference $name $Version; name = $name; version = $Version; licenses = @(@{ license = @{ id = 'MIT' } }); purl = Get-Reference $name $Version }
    }
    $all = @($PackagesOf.Values | ForEach-Object { $_ } | Sort-Object Name, Version -Unique)
    $others = foreach ($one in $all) {
        [ordered]@{
            type = 'library'; 'bom-ref' = Get-Reference $one.Name $one.Version; name = $one.Name; version = $one.Version
            hashes = @([ordered]@{ alg = 'SHA-512'; content = $one.Sha512 })
            licenses = @(if ($one.License -match ' ') { @{ expression = $one.License } } else { @{ license = @{ id = $one.License } } })
            copyright = $one.Copyright
            purl = Get-Reference $one.Name $one.Version
            externalReferences = @([ordered]@{ type = 'website'; url = $one.Website })
        }
    }
    $needs = @([ordered]@{ ref = 'PluginMarket'; dependsOn = @($own | ForEach-Object { $_['bom-ref'] }) }) +
        @($PackagesOf.Keys | ForEach-Object { [ordered]@{ ref = Get-Reference $_ $Version; dependsOn = @($PackagesOf[$_] | ForEach-Object { Get-Reference $_.Name $_.Version }) } }) +
        @($all | ForEach-Object { $one = $_; [ordered]@{ ref = Get-Reference $_.Name $_.Version; dependsOn = @($all | Where-Object Name -In $one.Needs | ForEach-Object { Get-Reference $_.Name $_.Version }) } })
    $bill = [ordered]@{
        '$schema' = 'http://cyclonedx.org/schema/bom-1.6.schema.json'; bomFormat = 'CycloneDX'; specVersion = '1.6'; version = 1
        metadata = @{ component = [ordered]@{ type = 'application'; 'bom-ref' = 'PluginMarket'; name = 'PluginMarket'; version = $Version } }
        components = @($own) + @($others)
        dependencies = $needs
    }
    Write-Text $Path ($bill | ConvertTo-Json -Depth 8)
}

function Invoke-Package {
    Clear-Package
    $module = Join-Path $Artifacts 'PluginMarket' $Version
    $tool = Join-Path $Artifacts 'tool'
    $made = Join-Path $Artifacts "PluginMarket.$Version"
    $notices = Join-Path $tool 'THIRD-PARTY-NOTICES.txt'

    Build-ModuleFolder $module
    Invoke-DotNet publish (Join-Path $Root 'src' 'PluginMarket.Cli') -c $Configuration --nologo -v quiet -o $tool
    $packages = [ordered]@{
        'PluginMarket'     = @(Get-ShippedPackage $module 'PluginMarket.Core', 'PluginMarket.LibGit2', 'PluginMarket.Cmdlets')
        'PluginMarket.Cli' = @(Get-ShippedPackage $tool 'PluginMarket.Core', 'PluginMarket.LibGit2', 'PluginMarket.Cli')
    }
    Write-Notice $packages['PluginMarket'] (Join-Path $module 'THIRD-PARTY-NOTICES.txt')
    Write-Notice $packages['PluginMarket.Cli'] $notices

    Write-FileList $module "$made.sha256"
    Compress-Folder (Join-Path $Artifacts 'PluginMarket') "$made.zip"
    Export-ModulePackage $module $Artifacts
    Invoke-DotNet pack (Join-Path $Root 'src' 'PluginMarket.Cli') -c $Configuration --no-build --nologo -v quiet -o $Artifacts "-p:ThirdPartyNotices=$notices" $PackTime
    Write-BillOfMaterial $packages "$made.cdx.json"
    Remove-Item -LiteralPath $tool -Recurse -Force

    Get-Item -LiteralPath $module, "$made.zip", "$made.nupkg", (Join-Path $Artifacts "PluginMarket.Cli.$Version.nupkg"), "$made.sha256", "$made.cdx.json"
}

function Invoke-Native {
    $native = Join-Path $Artifacts 'native'
    Remove-Item -LiteralPath $native -Recurse -Force -ErrorAction Ignore
    # The analyzers judge each project by itself; the compiler of native code judges what is left of the whole program, and its warnings are errors.
    Invoke-DotNet publish (Join-Path $Root 'src' 'PluginMarket.Cli') -c $Configuration --nologo -v quiet -o $native --ucr '-p:PublishAot=true' '-p:RunAnalyzers=false'
    # It cannot load them: native code has no other assemblies.
    Remove-Item -Path (Join-Path $native 'libgit2'), (Join-Path $native '*.pdb'), (Join-Path $native '*.dbg') -Recurse -Force -ErrorAction Ignore
    Get-Item -Path (Join-Path $native 'pluginmarket*')
}

function Clear-Package {
    Remove-Item -Path (Join-Path $Artifacts 'PluginMarket'), (Join-Path $Artifacts 'tool'), (Join-Path $Artifacts 'PluginMarket.*') -Recurse -Force -ErrorAction Ignore
}

function Invoke-Clean {
    # Not all of artifacts: what is in artifacts/modules was put there by hand.
    Clear-Package
    $made = @('artifacts/native', 'module/bin') | ForEach-Object { Join-Path $Root $_ }
    $made += Get-ChildItem -Path (Join-Path $Root 'src'), (Join-Path $Root 'tests') -Directory | ForEach-Object { Join-Path $_.FullName 'bin'; Join-Path $_.FullName 'obj' }
    $made | Where-Object { Test-Path -LiteralPath $_ } | ForEach-Object { Remove-Item -LiteralPath $_ -Recurse -Force }
}

foreach ($name in $Task) {
    & "Invoke-$name"
}
