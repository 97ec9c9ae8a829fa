#Requires -Version 7.4
#Requires -Modules PluginMarket
<#
.SYNOPSIS
    Makes the Codex homes of many machines what a desired state says, over PowerShell remoting with SSH.
.DESCRIPTION
    Connects to the hosts in groups, so that no more than -ThrottleLimit connections are open at once. On each host it delivers the state and the
    files that the state refers to, takes the inventory, runs Sync-Plugin, and takes the inventory again. With -WhatIf the hosts only say what they
    would change. The hosts need PowerShell and PluginMarket, and the subsystem of PowerShell in their sshd_config. Host keys have to be in
    known_hosts, and nobody is asked for a password.
.OUTPUTS
    One object: Drift (what differed before, also hosts that did not answer), Change (the steps of Sync-Plugin that changed something, or would),
    Failure (errors of hosts), Inventory (as it is now), Summary (the numbers as it is now).
.EXAMPLE
    $run = ./Sync-PluginFleet.ps1 -HostFile ./hosts.txt -RequiredPluginFile ./baseline.json -File ./plugins.lock.json -WhatIf
    $run.Drift | Format-Table ComputerName, Kind, Subject, Expected, Actual
.EXAMPLE
    $run = ./Sync-PluginFleet.ps1 -HostFile ./hosts.txt -RequiredPluginFile ./baseline.json
    $run.Drift | ConvertTo-PluginReport JUnit | Set-Content ./fleet.junit.xml
    $run.Inventory | Export-PluginInventory ./inventory
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # One host a line: a name that ssh knows. Ports, users and keys are in ~/.ssh/config. Lines that begin with # are comments.
    [Parameter(Mandatory)] [string] $HostFile,

    # The desired state.
    [Parameter(Mandatory)] [string] $RequiredPluginFile,

    # What the state refers to by path: a lock file, a policy. They are put beside it.
    [string[]] $File = @(),

    # Removes plugins that the state does not list, where it says so.
    [switch] $RemoveUnlisted,

    # How many hosts to work on at once.
    [ValidateRange(1, 256)] [int] $ThrottleLimit = 32,

    # The folder on the hosts, below the home, for the state.
    [string] $Folder = '.local/share/pluginmarket'
)

$ErrorActionPreference = 'Stop'
$hosts = @(Get-Content $HostFile | ForEach-Object { $_.Trim() } | Where-Object { $_ -and $_[0] -ne '#' } | Select-Object -Unique)
$files = @{}
foreach ($path in @($RequiredPluginFile) + $File) { $files[(Split-Path -Leaf $path)] = [IO.File]::ReadAllBytes((Convert-Path -LiteralPath $path)) }
$state = Split-Path -Leaf $RequiredPluginFile

$work = {
    param($Files, $State, $Folder, $RemoveUnlisted, $IsCheck)
    $ErrorActionPreference = 'Stop'
    Import-Module PluginMarket

    # A check leaves no file behind.
    $target = $IsCheck ? (Join-Path ([IO.Path]::GetTempPath()) "pluginmarket-$(New-Guid)") : (Join-Path $HOME $Folder)
    $null = New-Item -ItemType Directory -Force $target
    try {
        foreach ($name in $Files.Keys) {
            $path = Join-Path $target $name
            if ((Test-Path -LiteralPath $path) -and -not (Compare-Object ([IO.File]::ReadAllBytes($path)) $Files[$name] -SyncWindow 0)) { continue }
            [IO.File]::WriteAllBytes("$path.new", $Files[$name])
            [IO.File]::Move("$path.new", $path, $true)
        }

        Get-PluginInventory -WarningAction Ignore
        Sync-Plugin (Join-Path $target $State) -RemoveUnlisted:$RemoveUnlisted -WhatIf:$IsCheck -Confirm:$false -ErrorAction Continue
        if (-not $IsCheck) { Get-PluginInventory }
    }
    finally {
        if ($IsCheck) { Remove-Item -Recurse -Force $target }
    }
}

$isCheck = -not $PSCmdlet.ShouldProcess("$($hosts.Count) hosts", "Apply $state")
$failures = [Collections.Generic.List[object]]::new()
$output = for ($first = 0; $first -lt $hosts.Count; $first += $ThrottleLimit) {
    $connections = @($hosts[$first..([Math]::Min($first + $ThrottleLimit, $hosts.Count) - 1)] | ForEach-Object {
            @{ HostName = $_; ConnectingTimeout = 30000; Options = @{ BatchMode = 'yes'; StrictHostKeyChecking = 'yes'; ConnectTimeout = '10'; ServerAliveInterval = '15' } }
        })
    Write-Verbose "Hosts $($first + 1) to $($first + $connections.Count) of $($hosts.Count)"
    Invoke-Command -SSHConnection $connections $work -ArgumentList $files, $state, $Folder, $RemoveUnlisted.IsPresent, $isCheck -ErrorAction SilentlyContinue -ErrorVariable failed
    $failures.AddRange(@($failed))
}

# The first inventory of a host is from before, the last one from now.
$answers = @($output | Where-Object { $_.PSTypeNames[0] -like '*PluginInventory' } | Group-Object PSComputerName)
$silent = @($hosts | Where-Object { $_ -notin $answers.Name })
$before = @($answers | ForEach-Object { $_.Group[0] })
$now = @($answers | ForEach-Object { $_.Group[-1] })
$expected = @{ RequiredPluginFile = $RequiredPluginFile; ExpectedComputer = @($now | ForEach-Object { $_.ComputerName }) + $silent }
[pscustomobject]@{
    Drift     = @($before | Get-PluginDrift @expected)
    Change    = @($output | Where-Object { $_.PSTypeNames[0] -like '*PluginSyncItem' -and $_.Status -notin 'Unchanged', 'Skipped', 'Failed' })
    Failure   = $failures.ToArray()
    Inventory = $now
    Summary   = $now | Get-PluginDrift @expected -Summary
}
