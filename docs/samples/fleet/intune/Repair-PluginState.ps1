# Remediation script of an Intune remediation: makes the home of the signed-in user what the desired state says.
# Exit code 0: it is so now. 1: something failed or was refused, which the line names. It prints one line of ASCII.
$state = Join-Path $env:ProgramData 'PluginMarket/baseline.json'

try {
    $line = & pluginmarket apply --file $state --format line 2>$null
    $code = $LASTEXITCODE
}
catch {
    $line = 'FAILED pluginmarket was not found. Add its folder to PATH.'
    $code = 1
}

Write-Output "$line"
if ($code -eq 0) { exit 0 }
exit 1
