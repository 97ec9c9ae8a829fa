# Dot-sourced by every test file: imports the module under test and makes homes, catalogs and repositories to try it on.

$ErrorActionPreference = 'Stop'
$RepositoryRoot = Split-Path (Split-Path $PSScriptRoot)

. $PSScriptRoot/PowerShell.ps1

# The packaged folder is tested by the same files: PLUGINMARKET_TEST_MANIFEST names its manifest.
$ModuleManifest = if ($env:PLUGINMARKET_TEST_MANIFEST) { $env:PLUGINMARKET_TEST_MANIFEST } else { Join-Path $RepositoryRoot 'PluginMarket.psd1' }
Import-Module $ModuleManifest

# Files and folders are made by .NET: most of the time of these tests would go into cmdlets that make them.
function New-Folder {
    [IO.Directory]::CreateDirectory((Join-Path $TestDrive ([guid]::NewGuid().ToString('n').Substring(0, 12)))).FullName
}

# Parameters of a home of its own, for splatting.
function New-TestHome {
    $folder = New-Folder
    @{ CodexHome = [IO.Directory]::CreateDirectory([IO.Path]::Join($folder, '.codex')).FullName; HomePath = $folder }
}

function Set-Text([string] $Path, [string] $Text) {
    $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($full))
    [IO.File]::WriteAllText($full, $Text)
}

function Set-Json([string] $Path, $Value) {
    Set-Text $Path ((ConvertTo-Json -InputObject $Value -Depth 12) + [Environment]::NewLine)
}

# A folder with all that is in it; there are no links.
function Copy-Folder([string] $From, [string] $To) {
    $null = [IO.Directory]::CreateDirectory($To)
    foreach ($folder in [IO.Directory]::GetDirectories($From, '*', 'AllDirectories')) { $null = [IO.Directory]::CreateDirectory($To + $folder.Substring($From.Length)) }
    foreach ($file in [IO.Directory]::GetFiles($From, '*', 'AllDirectories')) { [IO.File]::Copy($file, $To + $file.Substring($From.Length), $true) }
}

# A plugin folder below a root, with the components asked for.
function New-TestPlugin([string] $Root, [string] $Name, [string] $Version = '1.0.0', [string[]] $Component = 'Skill', [hashtable] $Manifest = @{}) {
    $folder = Join-Path $Root 'plugins' $Name
    $content = [ordered]@{ name = $Name; version = $Version; description = "The plugin $Name" }
    foreach ($key in $Manifest.Keys) { $content[$key] = $Manifest[$key] }
    Set-Json (Join-Path $folder '.codex-plugin/plugin.json') $content
    if ($Component -contains 'Skill') {
        Set-Text (Join-Path $folder "skills/$Name-skill/SKILL.md") "---`nname: $Name-skill`ndescription: What $Name can do`n---`n`nDo it.`n"
    }

    if ($Component -contains 'McpServer') {
        Set-Json (Join-Path $folder '.mcp.json') @{ mcpServers = @{ "$Name-server" = @{ command = 'node'; args = @('server.js', '--quiet'); env = @{ TOKEN = 'topsecret' } }; "$Name-remote" = @{ url = 'https://mcp.example.com/api' } } }
    }

    if ($Component -contains 'Hook') {
        Set-Json (Join-Path $folder 'hooks/hooks.json') @{ hooks = @{ PreToolUse = @(@{ matcher = 'Bash'; hooks = @(@{ type = 'command'; command = 'echo checked' }) }) } }
    }

    if ($Component -contains 'App') {
        Set-Json (Join-Path $folder '.app.json') @{ apps = @{ "$Name-app" = @{ id = 'connector_1'; category = 'Mail' } } }
    }

    $folder
}

function Set-Catalog([string] $Root, [string] $Name, [object[]] $Plugins) {
    Set-Json (Join-Path $Root '.agents/plugins/marketplace.json') ([ordered]@{ name = $Name; plugins = @($Plugins) })
}

function New-Entry([string] $Name, $Source = "./plugins/$Name", [string] $Category, [string] $Installation, [string] $Authentication) {
    $entry = [ordered]@{ name = $Name; source = $Source }
    $policy = [ordered]@{}
    if ($Installation) { $policy.installation = $Installation }
    if ($Authentication) { $policy.authentication = $Authentication }
    if ($policy.Count) { $entry.policy = $policy }
    if ($Category) { $entry.category = $Category }
    $entry
}

# The marketplace most tests use: seven entries of every kind, one of which cannot be used.
function New-SampleMarketplace([string] $Name = 'corp') {
    $root = New-Folder
    $null = New-TestPlugin $root notes -Manifest @{ keywords = @('writing', 'memo'); author = @{ name = 'Ada'; email = 'ada@example.com' }; license = 'MIT'; interface = @{ displayName = 'Notes'; capabilities = @('Read', 'Write'); defaultPrompt = @('Take a note') } }
    $null = New-TestPlugin $root deploy '2.1.0' -Component Skill, Hook, McpServer
    $null = New-TestPlugin $root mail -Component App
    $null = New-TestPlugin $root locked
    $null = New-TestPlugin $root base
    $null = New-TestPlugin $root old-one '0.9.0'
    Set-Catalog $root $Name @(
        New-Entry notes -Category Productivity
        New-Entry deploy -Category 'Dev Tools'
        New-Entry mail -Category Productivity -Authentication ON_USE
        New-Entry locked -Category Productivity -Installation NOT_AVAILABLE
        New-Entry base -Category Productivity -Installation INSTALLED_BY_DEFAULT
        New-Entry old-one
        New-Entry broken -Source '../outside'
    )
    $root
}

function Invoke-Git([string] $Folder) {
    $output = & git -C $Folder -c user.name=Test -c user.email=test@example.com -c commit.gpgsign=false -c init.defaultBranch=main @args 2>&1
    if ($LASTEXITCODE -ne 0) { throw "git $args failed: $output" }
    $output
}

# Makes a folder a repository, or commits what changed in it; gives the commit.
function Save-Repository([string] $Folder, [string] $Message = 'change') {
    if (-not (Test-Path -LiteralPath (Join-Path $Folder '.git'))) { $null = Invoke-Git $Folder init -q }
    $null = Invoke-Git $Folder add -A
    $null = Invoke-Git $Folder commit -q --allow-empty -m $Message
    Invoke-Git $Folder rev-parse HEAD
}

function Get-FileUrl([string] $Folder) { 'file://' + ($Folder -replace '\\', '/') }

# The bytes of a whole folder in one text, to show that nothing was changed.
function Get-FolderState([string] $Folder) {
    if (-not [IO.Directory]::Exists($Folder)) { return '(missing)' }
    $lines = [Collections.Generic.List[string]]::new()
    $pending = [Collections.Generic.Stack[IO.DirectoryInfo]]::new()
    $pending.Push($Folder)
    while ($pending.Count) {
        foreach ($entry in $pending.Pop().EnumerateFileSystemInfos()) {
            $content = if ($entry.LinkTarget) { "-> $($entry.LinkTarget)" }
            elseif ($entry -is [IO.DirectoryInfo]) { $pending.Push($entry) }
            else { [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([IO.File]::ReadAllBytes($entry.FullName))) }
            $lines.Add("$([IO.Path]::GetRelativePath($Folder, $entry.FullName)) $content")
        }
    }

    $lines.Sort([StringComparer]::Ordinal)
    $lines -join "`n"
}

function Get-ErrorCode($ErrorRecord) { ($ErrorRecord.FullyQualifiedErrorId -split ',')[0] }

# What pressing the tab key at the end of a line offers.
function Complete([string] $Line) {
    [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches
}
