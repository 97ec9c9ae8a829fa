# Detection script of an Intune remediation: is the home of the signed-in user as the desired state says?
# Exit code 0: yes. 1: no, or nobody can tell; Intune then runs Repair-PluginState.ps1. It prints one line of ASCII.
$state = Join-Path $env:ProgramData 'PluginMarket/baseline.json'

try {
    $line = & pluginmarket apply --file $state --check --format line 2>$null
    $code = $LASTEXITCODE
}
catch {
    $line = 'FAILED pluginmarket was not found. Add its folder to PATH.'
    $code = 1
}

Write-Output "$line"
if ($code -eq 0) { exit 0 }
exit 1
