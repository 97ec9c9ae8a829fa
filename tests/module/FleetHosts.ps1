# Dot-sourced by the tests of fleets: hosts on this machine, each with a name, a home and an sshd of its own.

# Why there can be no such hosts here; nothing where there can.
function Get-FleetProblem {
    if (-not $IsLinux) { return 'hosts with names of their own are made on Linux only' }
    foreach ($program in 'sshd', 'ssh', 'ssh-keygen', 'unshare') {
        if (-not (Find-Program $program)) { return "$program is missing (Debian packages openssh-server, openssh-client, util-linux)" }
    }

    if ((& id -u) -ne '0') { return 'only root can give a process another name of the machine' }
    $null = & unshare --uts true 2>&1
    if ($LASTEXITCODE) { 'this machine lets no process have a name of the machine of its own (unshare --uts)' }
}

function Find-Program([string] $Name) {
    foreach ($folder in ($env:PATH -split ':') + '/usr/sbin', '/sbin') {
        if (Test-Path -LiteralPath "$folder/$Name" -PathType Leaf) { return "$folder/$Name" }
    }
}

# Makes the keys, the files of ssh and one folder a host; starts nothing.
function New-Fleet([string] $Folder, [string[]] $Name) {
    $null = New-Item -ItemType Directory -Force /run/sshd, "$Folder/bin", "$Folder/modules"
    foreach ($key in 'host', 'user') { & ssh-keygen -q -t ed25519 -N '' -C $key -f "$Folder/$key" }
    Copy-Item "$Folder/user.pub" "$Folder/allowed"
    $null = New-Item -ItemType SymbolicLink "$Folder/modules/PluginMarket" -Target (Split-Path $ModuleManifest)
    $shell = ($PowerShell + '-sshs', '-NoLogo', '-NoProfile') -join ' '
    $listeners = foreach ($one in $Name) { $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0); $listener.Start(); $listener }
    $fleet = for ($number = 0; $number -lt $Name.Count; $number++) {
        $at = "$Folder/$($Name[$number])"
        $port = $listeners[$number].LocalEndpoint.Port
        $null = New-Item -ItemType Directory "$at/home/.codex"
        Set-Text "$at/sshd_config" @"
Port $port
ListenAddress 127.0.0.1
HostKey $Folder/host
AuthorizedKeysFile $Folder/allowed
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
SetEnv HOME=$at/home PATH=$Folder/bin:$env:PATH PSModulePath=$Folder/modules DOTNET_TieredPGO=0 POWERSHELL_TELEMETRY_OPTOUT=1 TMPDIR=$at
Subsystem powershell $shell
Subsystem sftp internal-sftp
"@
        [pscustomobject]@{ Name = $Name[$number]; Folder = $at; Port = $port; At = @{ CodexHome = "$at/home/.codex"; HomePath = "$at/home" }; Process = $null }
    }

    foreach ($listener in $listeners) { $listener.Stop() }
    $key = Get-Content "$Folder/host.pub"
    Set-Text "$Folder/known_hosts" (($Name | ForEach-Object { "$_ $key`n" }) -join '')
    Set-Text "$Folder/ssh_config" ((@($fleet | ForEach-Object { "Host $($_.Name)`n  Port $($_.Port)`n  HostKeyAlias $($_.Name)`n" }) + @"
Host *
  HostName 127.0.0.1
  IdentityFile $Folder/user
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile $Folder/known_hosts
  GlobalKnownHostsFile none
  LogLevel ERROR
"@) -join '')
    # ssh reads the files of the account whatever HOME says; this one reads those of the fleet.
    Set-Text "$Folder/bin/ssh" "#!/bin/sh`nexec $(Find-Program ssh) -F '$Folder/ssh_config' ""`$@""`n"
    & chmod +x "$Folder/bin/ssh"
    $fleet
}

# Starts the sshd of hosts and waits until all listen.
function Start-FleetHost([object[]] $Fleet) {
    foreach ($one in $Fleet) { Start-Sshd $one }
    foreach ($one in $Fleet) {
        $tries = 1
        while (-not (Select-String 'Server listening' "$($one.Folder)/log" -Quiet -ErrorAction Ignore)) {
            if ($one.Process.HasExited) {
                $said = "exit code $($one.Process.ExitCode): $($one.Process.StandardError.ReadToEnd())$(Get-Content -Raw "$($one.Folder)/log" -ErrorAction Ignore)"
                # A busy machine can refuse a process, or give the port to somebody else in the meantime.
                if ($tries++ -eq 3) { throw "sshd of $($one.Name) ended three times, the last time with $said" }
                Write-Warning "sshd of $($one.Name) ended with $said"
                Start-Sleep -Milliseconds 500
                Start-Sshd $one
            }

            Start-Sleep -Milliseconds 20
        }
    }
}

function Start-Sshd([object] $One) {
    $start = [Diagnostics.ProcessStartInfo]::new('unshare', [string[]] ('--uts', 'sh', '-c', 'hostname "$1"; exec "$2" -D -e -f "$3" 2>"$4"', 'sh', $One.Name,
            (Find-Program sshd), "$($One.Folder)/sshd_config", "$($One.Folder)/log"))
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $One.Process = [Diagnostics.Process]::Start($start)
}

# Ends hosts with all that they started.
function Stop-FleetHost([object[]] $Fleet) {
    foreach ($one in $Fleet | Where-Object Process) {
        $one.Process.Kill($true)
        $one.Process.WaitForExit()
        $one.Process = $null
    }
}
