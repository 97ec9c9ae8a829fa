BeforeAll {
    . $PSScriptRoot/Common.ps1
    . $PSScriptRoot/PowerShell.ps1

    # What the manifest says DSC runs, with the module's own files.
    $folder = Join-Path $PSScriptRoot '../../module/dsc'
    $manifests = (Get-Content -Raw (Join-Path $folder PluginMarket.dsc.manifests.json) | ConvertFrom-Json).resources
    function Invoke-Resource([string] $Type, [string] $Operation, $Property) {
        $command = ($manifests | Where-Object type -EQ "PluginMarket/$Type").$Operation
        $command.executable | Should -Be pwsh
        $start = New-PowerShellStart @($command.args | Where-Object { $_ -is [string] })
        $start.WorkingDirectory = (Resolve-Path $folder).Path
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $process = [Diagnostics.Process]::Start($start)
        $process.StandardInput.Write((ConvertTo-Json -Compress -Depth 6 $Property))
        $process.StandardInput.Close()
        $messages = $process.StandardError.ReadToEndAsync()
        $output = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        [pscustomobject]@{ Code = $process.ExitCode; Output = $output; Error = $messages.Result }
    }
}

Describe 'The resources of DSC in the module' {
    It 'sets what is wanted, in a process of their own' {
        $at = New-TestHome
        $root = New-Folder
        $null = New-TestPlugin $root tool
        Set-Catalog $root shop (New-Entry tool)
        $wanted = @{
            codexHome    = $at.CodexHome
            marketplaces = @{ shop = @{ source = $root } }
            plugins      = @{ 'tool@shop' = @{ version = '1.0.0' } }
        }
        $set = Invoke-Resource PluginSet set $wanted
        $set.Error | Should -Not -Match '"(error|warn)"'
        $set.Code | Should -Be 0
        $lines = $set.Output -split '\n'
        $lines.Count | Should -Be 3
        ($lines[0] | ConvertFrom-Json)._inDesiredState | Should -BeTrue
        $lines[1] | ConvertFrom-Json | Should -Be 'marketplaces', 'plugins', 'drift'
        (Get-InstalledPlugin @at).Id | Should -Be 'tool@shop'
    }

    It 'refuses a property that it does not know, as a line of JSON' {
        $test = Invoke-Resource Plugin test @{ id = 'tool@shop'; verion = '1.0.0' }
        $test.Code | Should -Be 2
        $test.Output | Should -BeNullOrEmpty
        ($test.Error | ConvertFrom-Json).error | Should -Match 'verion'
    }
}
