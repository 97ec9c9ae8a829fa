# Dot-sourced by what starts another PowerShell. PLUGINMARKET_PWSH names a program, or the pwsh.dll of the .NET tool; without it, another PowerShell
# is the same as this one. The path of the running process does not tell which that is: where PowerShell is a .NET tool, it is dotnet's.
$PowerShell = @(& {
        $dotnet, $own = if ($IsWindows) { 'dotnet.exe', 'pwsh.exe' } else { 'dotnet', 'pwsh' }
        $hasRuntime = Test-Path -LiteralPath (Join-Path $PSHOME System.Private.CoreLib.dll)
        $path = if ($env:PLUGINMARKET_PWSH) { $env:PLUGINMARKET_PWSH } else { Join-Path $PSHOME ($hasRuntime ? $own : 'pwsh.dll') }
        if (-not (Test-Path -LiteralPath $path)) { throw "There is no PowerShell '$path' to start. Set PLUGINMARKET_PWSH to the path of a pwsh or a pwsh.dll." }

        # By its path: some tests take away what is on the search path.
        if ($path -like '*.dll') { [IO.Path]::GetFullPath((Join-Path ([Runtime.InteropServices.RuntimeEnvironment]::GetRuntimeDirectory()) "../../../$dotnet")) }
        $path
    })

# Runs one with arguments, as `& pwsh` does.
function Invoke-PowerShell {
    $program, $first = $PowerShell[0], @($PowerShell[1..1])
    $input | & $program @first @args
}

# What starts one, for those that set its environment or its streams.
function New-PowerShellStart([string[]] $Argument) {
    [Diagnostics.ProcessStartInfo]::new($PowerShell[0], [string[]] (@($PowerShell[1..1]) + $Argument))
}
