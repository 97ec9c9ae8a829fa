<#
.SYNOPSIS
    Runs Pester files, one after the other, as a pipe names them, and answers with the outcome of every test.
.DESCRIPTION
    Starting PowerShell and loading Pester and the module takes longer than most files run, so a worker runs many files: each in a runspace of its
    own, in a folder that is its home, and with the environment variables that the process was started with. A line of the pipe is a JSON object with
    Path and Folder; the answer is one line, the array of the outcomes.
#>
param(
    [Parameter(Mandatory)] [string] $Pester,
    [Parameter(Mandatory)] [string] $Pipe
)

$ErrorActionPreference = 'Stop'

$runFile = {
    param($Path, $Folder, $Pester)
    $ErrorActionPreference = 'Stop'
    Set-Location -LiteralPath $Folder

    # Nothing but PowerShell's own modules: a PluginMarket installed on this machine must not be the one tested.
    $env:PSModulePath = Join-Path $PSHOME 'Modules'
    Import-Module $Pester

    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $Path
    $configuration.Run.PassThru = $true
    # Read only where the file does not come to its end.
    $configuration.Output.Verbosity = 'Detailed'
    $configuration.Output.RenderMode = 'Plaintext'
    $run = Invoke-Pester -Configuration $configuration

    $file = Split-Path -Leaf $Path
    $results = @(
        foreach ($test in $run.Tests) {
            [ordered]@{
                File    = $file
                Name    = $test.ExpandedPath
                Outcome = [string] $test.Result
                Message = ($test.ErrorRecord | ForEach-Object { "$_`n$($_.ScriptStackTrace)" }) -join "`n"
            }
        }

        foreach ($broken in @($run.FailedBlocks) + @($run.FailedContainers)) {
            [ordered]@{
                File    = $file
                Name    = '(set-up)'
                Outcome = 'Failed'
                Message = ($broken.ErrorRecord | ForEach-Object { "$_`n$($_.ScriptStackTrace)" }) -join "`n"
            }
        }
    )
    ConvertTo-Json -InputObject $results -Depth 3 -Compress
}

$variables = [Environment]::GetEnvironmentVariables()

function Reset-Environment([string] $Folder) {
    foreach ($name in [Environment]::GetEnvironmentVariables().Keys | Where-Object { $_ -notin $variables.Keys }) { [Environment]::SetEnvironmentVariable($name, $null) }
    foreach ($name in $variables.Keys) { [Environment]::SetEnvironmentVariable($name, $variables[$name]) }
    $env:HOME = $env:TMPDIR = [Environment]::CurrentDirectory = $Folder
}

$stream = [IO.Pipes.NamedPipeClientStream]::new('.', $Pipe, 'InOut')
$stream.Connect(60000)
$reader = [IO.StreamReader]::new($stream)
$writer = [IO.StreamWriter]::new($stream)
$writer.AutoFlush = $true
while ($line = $reader.ReadLine()) {
    $asked = $line | ConvertFrom-Json
    Reset-Environment $asked.Folder
    $runspace = [runspacefactory]::CreateRunspace($Host, [initialsessionstate]::CreateDefault2())
    $runspace.ThreadOptions = 'ReuseThread'
    $runspace.Open()
    $shell = [powershell]::Create($runspace)
    try {
        $answer = $shell.AddScript($runFile).AddArgument($asked.Path).AddArgument($asked.Folder).AddArgument($Pester).Invoke()
        $writer.WriteLine("$answer")
    }
    finally {
        $shell.Dispose()
        $runspace.Dispose()
    }
}
