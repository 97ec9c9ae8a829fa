<#
.SYNOPSIS
Shows what the plugin directory costs: bytes, seconds to write it, milliseconds until a browser can search it.

.DESCRIPTION
Takes a marketplace's root, or makes one of as many plugins as asked for in a folder that is removed at the end.
Without chromium on the path the last figure is left out.

.EXAMPLE
./tests/performance/Measure-PluginDirectory.ps1 -Count 5000
#>
[CmdletBinding(DefaultParameterSetName = 'Made')]
param(
    [Parameter(ParameterSetName = 'Made')] [int] $Count = 180,
    [Parameter(Mandatory, ParameterSetName = 'Root')] [string] $Root,
    [int] $Runs = 5
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../../PluginMarket.psd1')
$scratch = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "plugin-directory-$PID")).FullName
try {
    if (-not $Root) {
        $Root = Join-Path $scratch 'market'
        $words = 'alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima'.Split(' ')
        $entries = foreach ($i in 1..$Count) {
            $folder = Join-Path $Root "plugins/plugin-$i"
            $null = [IO.Directory]::CreateDirectory("$folder/.codex-plugin"), [IO.Directory]::CreateDirectory("$folder/skills/one")
            $text = (0..59 | ForEach-Object { $words[($i * 7 + $_ * $_) % 12] }) -join ' '
            [IO.File]::WriteAllText("$folder/.codex-plugin/plugin.json", (ConvertTo-Json -Compress -Depth 4 @{
                        name = "plugin-$i"; version = '1.0.0'; description = $text.Substring(0, 60); keywords = @($words[$i % 12], $words[$i % 7])
                        interface = @{ displayName = "Plugin $i"; longDescription = $text; developerName = $words[$i % 11]; category = $words[$i % 9]; brandColor = '#{0:x6}' -f ($i * 3355 % 0xffffff); logo = './logo.svg'; defaultPrompt = @($text.Substring(0, 50)) }
                    }))
            [IO.File]::WriteAllText("$folder/skills/one/SKILL.md", "---`nname: one`ndescription: $($text.Substring(0, 80))`n---`nText.`n")
            [IO.File]::WriteAllText("$folder/logo.svg", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><circle cx='4' cy='4' r='$($i % 40 / 10 + 0.1)'/></svg>")
            @{ name = "plugin-$i"; source = "./plugins/plugin-$i" }
        }
        $null = [IO.Directory]::CreateDirectory("$Root/.agents/plugins")
        [IO.File]::WriteAllText("$Root/.agents/plugins/marketplace.json", (ConvertTo-Json -Compress -Depth 4 @{ name = 'made'; plugins = @($entries) }))
    }

    $at = @{ CodexHome = Join-Path $scratch '.codex'; HomePath = $scratch }
    $null = [IO.Directory]::CreateDirectory($at.CodexHome)
    $market = Get-PluginMarketplace -Path $Root @at
    $page = Join-Path $scratch 'page.html'
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $file = $market | Export-PluginDirectory $page @at
    $seconds = $watch.Elapsed.TotalSeconds

    $browser = Get-Command chromium, chromium-browser, google-chrome -CommandType Application -ErrorAction Ignore | Select-Object -First 1
    $ready = if ($browser) {
        $times = foreach ($run in 1..$Runs) {
            $document = & $browser --headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run "--user-data-dir=$scratch/profile" --dump-dom "file://$page" 2>$null | Out-String
            if ($document -match 'data-ready="(\d+)"') { [int]$Matches[1] }
        }
        ($times | Sort-Object)[[int][Math]::Floor(@($times).Count / 2)]
    }

    [pscustomobject]@{
        Plugins             = $market.Plugins
        MegaBytes           = [Math]::Round($file.Length / 1MB, 1)
        SecondsToWrite      = [Math]::Round($seconds, 1)
        MillisecondsToReady = $ready
    }
}
finally {
    Remove-Item -Recurse -Force -LiteralPath $scratch
}
