# Dot-sourced by the tests of samples, after Common.ps1: what is in a workflow, and running it.
Add-Type -Path (Join-Path (Split-Path $ModuleManifest) 'module/bin/core/YamlDotNet.dll')

# A file's mappings as pairs of key and scalar, wherever they stand.
function Get-YamlScalar([string] $Path) {
    $stream = [YamlDotNet.RepresentationModel.YamlStream]::new()
    $stream.Load([IO.StringReader]::new((Get-Content -Raw $Path)))
    foreach ($node in $stream.Documents[0].AllNodes | Where-Object { $_ -is [YamlDotNet.RepresentationModel.YamlMappingNode] }) {
        foreach ($pair in $node.Children) {
            if ($pair.Value -is [YamlDotNet.RepresentationModel.YamlScalarNode]) { [pscustomobject]@{ Key = $pair.Key.Value; Value = $pair.Value.Value } }
        }
    }
}

function Get-YamlScript([string] $Path) { (Get-YamlScalar $Path | Where-Object Key -In 'run', 'pwsh').Value }

# The commands of this module in a script whose name or parameters do not exist.
function Get-WrongUse([string] $Script) {
    $errors = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseInput($Script, [ref] $null, [ref] $errors)
    $errors | ForEach-Object { "$_" }
    foreach ($use in $tree.FindAll({ param($node) $node -is [System.Management.Automation.Language.CommandAst] }, $true)) {
        if ($use.GetCommandName() -notmatch '-(Installed)?Plugin') { continue }
        $command = Get-Command $use.GetCommandName() -Module PluginMarket -ErrorAction Ignore
        if (-not $command) { "$($use.GetCommandName()) does not exist"; continue }
        foreach ($parameter in $use.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] }) {
            if ($parameter.ParameterName -notin $command.Parameters.Keys) { "$command has no -$($parameter.ParameterName)" }
        }
    }
}

# Runs a script in a folder as a build server does: in a process of its own, errors ending it.
function Invoke-Step([string] $Folder, [string] $Script) {
    $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
    "`$ErrorActionPreference = 'stop'`nImport-Module '$ModuleManifest'`nSet-Location '$Folder'`n$Script" | Set-Content $file
    $output = Invoke-PowerShell -NoProfile -NonInteractive -File $file 2>&1
    [pscustomobject]@{ ExitCode = $LASTEXITCODE; Output = $output -join "`n" }
}

# The folder with the command line that is tested, by default the one that was built last.
function Get-CommandLineFolder {
    if ($env:PLUGINMARKET_TEST_PROGRAM) { return Split-Path $env:PLUGINMARKET_TEST_PROGRAM }
    $found = Get-ChildItem (Join-Path $RepositoryRoot 'src/PluginMarket.Cli/bin/*/net*/pluginmarket.dll') | Sort-Object LastWriteTime | Select-Object -Last 1
    if (-not $found) { throw 'The command line was not built. Run dotnet build.' }
    $found.DirectoryName
}
