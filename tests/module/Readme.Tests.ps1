# The README is followed line by line in a new PowerShell and a copy of what a clone has, and prints what it shows.
BeforeDiscovery {
    $text = (Get-Content -Raw (Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'README.md')) -replace "`r"
    $count = [regex]::Matches($text, '(?m)^```powershell$').Count
    $number = 0
    # A block and the output that is shown right below it.
    $blocks = @([regex]::Matches($text, '(?ms)^```powershell\n(?<Code>.*?)^```\n(\n```output\n(?<Output>.*?)^```\n)?') | ForEach-Object {
            @{ Number = $number++; Code = $_.Groups['Code'].Value; Shown = $_.Groups['Output'].Value; Title = ($_.Groups['Code'].Value -split "`n")[0] }
        })
}

Describe 'README' {
    BeforeAll {
        . $PSScriptRoot/Common.ps1
        $readme = Join-Path $RepositoryRoot README.md
        $clone = New-Folder
        Copy-Item -Recurse (Join-Path $RepositoryRoot docs) $clone
        foreach ($item in 'PluginMarket.psd1', 'module', 'en-US') { Copy-Item -Recurse (Join-Path (Split-Path $ModuleManifest) $item) $clone }

        # As at a prompt: each line is printed before the next one runs.
        $script = {
            param($Readme)
            $PSStyle.OutputRendering = 'PlainText'
            [cultureinfo]::CurrentCulture = 'en-US'
            $text = (Get-Content -Raw $Readme) -replace "`r"
            $answers = foreach ($block in [regex]::Matches($text, '(?ms)^```powershell\n(.*?)^```$')) {
                $faults = @()
                $printed = foreach ($statement in [scriptblock]::Create($block.Groups[1].Value).Ast.EndBlock.Statements) {
                    $output = @(. ([scriptblock]::Create($statement.Extent.Text)) *>&1 | ForEach-Object {
                            if ($_ -is [System.Management.Automation.WarningRecord]) { "WARNING: $_" } else { $_ }
                        })
                    $faults += @($output | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | ForEach-Object { "$($statement.Extent.Text): $_" })
                    $output | Out-String -Width 100
                }

                @{ Printed = $printed -join ''; Faults = $faults }
            }

            [IO.File]::WriteAllText("$PWD/answers.json", (ConvertTo-Json @($answers)))
        }
        $file = Join-Path $TestDrive readme.ps1
        "$script" | Set-Content $file
        $said = Invoke-PowerShell -NoProfile -NonInteractive -WorkingDirectory $clone -File $file $readme 2>&1
        $answers = Join-Path $clone answers.json
        $answers | Should -Exist -Because "$said"
        $answers = @(Get-Content -Raw $answers | ConvertFrom-Json)

        # Lines without trailing blanks, and one empty line for several.
        function Get-Line([string] $Text) { (($Text -split '\r?\n' | ForEach-Object TrimEnd) -join "`n" -replace '\n{3,}', "`n`n").Trim("`n") }
    }

    It 'has its PowerShell blocks in the form that is read here' -ForEach @{ Found = $blocks.Count; Count = $count } {
        $Found | Should -Be $Count
        $answers.Count | Should -Be $Count
        $Count | Should -BeGreaterThan 8
    }

    It 'prints what it shows: <Title>' -ForEach $blocks {
        $answers[$Number].Faults | Should -BeNullOrEmpty
        $printed = Get-Line $answers[$Number].Printed
        if ($env:PLUGINMARKET_WRITE_PAGES -and $Shown) { [IO.File]::WriteAllText($readme, [IO.File]::ReadAllText($readme).Replace("``````output`n$($Shown.Trim("`n"))`n", "``````output`n$printed`n")); $Shown = $printed }
        $printed | Should -Be (Get-Line $Shown) -Because 'the README shows it; PLUGINMARKET_WRITE_PAGES=1 writes what is printed'
    }
}
