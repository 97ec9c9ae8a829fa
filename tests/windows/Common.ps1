# Dot-sourced by every file here, after the set-up of the module's tests: what only Windows has.

. (Join-Path $PSScriptRoot '../module/Common.ps1')

# Starts the command line as a process of its own.
function Start-CommandLine([string[]] $Argument, [hashtable] $Environment = @{}) {
    $start = [Diagnostics.ProcessStartInfo]::new($env:PLUGINMARKET_TEST_HOST, [string[]] (@('exec', $env:PLUGINMARKET_TEST_PROGRAM) + $Argument))
    $start.WorkingDirectory = (Get-Location -PSProvider FileSystem).ProviderPath
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = $start.StandardErrorEncoding = [Text.Encoding]::UTF8
    foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
    [Diagnostics.Process]::Start($start)
}

# Runs the command line; gives its standard output and exit code.
function Invoke-CommandLine {
    $process = Start-CommandLine $args
    $text, $null = $process.StandardOutput.ReadToEnd(), $process.StandardError.ReadToEnd()
    $process.WaitForExit()
    [pscustomobject]@{ ExitCode = $process.ExitCode; Text = $text.Trim() }
}

# The error that a script block ends in, as its id without the cmdlet's name; 'none' where there is none.
function Get-Failure([scriptblock] $Script) {
    try {
        $null = & $Script
        'none'
    }
    catch {
        Get-ErrorCode $_
    }
}

# A folder on drive C with a marketplace of two plugins in it.
function New-Market([string] $Parent = (New-Folder), [string] $Name = 'corp') {
    $null = New-TestPlugin $Parent notes
    $null = New-TestPlugin $Parent deploy '2.1.0' -Component Skill, Hook
    Set-Catalog $Parent $Name @((New-Entry notes), (New-Entry deploy))
    $Parent
}

# Paths of one system do not mix the separators of two.
function Find-MixedSeparator([string[]] $Path) { $Path | Where-Object { $_ -match '^([A-Za-z]:|\\\\)' -and $_ -match '/' } }
