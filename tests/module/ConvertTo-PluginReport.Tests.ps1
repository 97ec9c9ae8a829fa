BeforeAll {
    . $PSScriptRoot/Common.ps1

    # Results as they arrive from another computer or a file: the properties, not the type.
    function New-Result([string] $Path = '/src/plugins/demo', [object[]] $Diagnostics = @(), [string] $Kind = 'Plugin', [bool] $IsValid = $Diagnostics.Count -eq 0) {
        [pscustomobject]@{
            PSTypeName   = 'Deserialized.PluginMarket.ValidationResult'
            Kind         = $Kind
            Name         = Split-Path -Leaf $Path
            Path         = $Path
            IsValid      = $IsValid
            ErrorCount   = $Diagnostics.Count
            WarningCount = 0
            Diagnostics  = $Diagnostics
            ComputerName = 'build-7'
        }
    }

    function New-Finding([string] $Message = 'The version is blank.', [string] $Severity = 'Error', [string] $File = '/src/plugins/demo/.codex-plugin/plugin.json', [bool] $IsAccepted = $false) {
        [pscustomobject]@{
            PSTypeName = 'Deserialized.PluginMarket.Diagnostic'
            Severity = $Severity; RuleId = 'PM9999'; Message = $Message; File = $File; Line = 3; Column = 14; EndLine = 3; EndColumn = 16
            JsonPointer = '/version'; Suggestion = $null; HelpUri = 'docs/rules.md#pm9999'; PluginName = 'demo'; Fingerprint = 'ab' * 32; IsAccepted = $IsAccepted
        }
    }

    $bad = New-Result -Diagnostics (New-Finding)
    $clean = New-Result '/src/plugins/clean'
}

Describe 'ConvertTo-PluginReport' {
    It 'gives one report of everything in the pipeline' {
        $report = @($bad, $clean | ConvertTo-PluginReport -Format Json -BasePath /src)
        $report.Count | Should -Be 1
        $report[0] | Should -BeOfType [string]
        $read = $report[0] | ConvertFrom-Json
        $read.results.name | Should -Be 'demo', 'clean'
        $read.results[0].diagnostics[0].relativeFile | Should -Be 'plugins/demo/.codex-plugin/plugin.json'
        $read.errorCount | Should -Be 1
    }

    It 'writes SARIF' {
        $run = ($bad | ConvertTo-PluginReport -Format Sarif -BasePath /src -RunName nightly | ConvertFrom-Json).runs[0]
        $run.automationDetails.id | Should -Be 'nightly/'
        $run.results[0].ruleId | Should -Be 'PM9999'
        $run.results[0].partialFingerprints.'findingHash/v1' | Should -Be ('ab' * 32)
        $run.results[0].locations[0].physicalLocation.artifactLocation.uri | Should -Be 'plugins/demo/.codex-plugin/plugin.json'
        $run.results[0].locations[0].physicalLocation.region.startColumn | Should -Be 14
    }

    It 'writes JUnit XML' {
        [xml] $xml = $bad, $clean | ConvertTo-PluginReport JUnit -BasePath /src
        $xml.testsuites.tests | Should -Be 2
        $xml.testsuites.failures | Should -Be 1
        $xml.SelectSingleNode('//failure').message | Should -Be 'The version is blank.'
    }

    It 'writes annotations' {
        $lines = ($bad | ConvertTo-PluginReport -Format GitHub -BasePath /src) -split "`n"
        $lines[0] | Should -Match '^::error file=plugins/demo/\.codex-plugin/plugin\.json,line=3,endLine=3,col=14,endColumn=16,title=PM9999.*::The version is blank\.$'
    }

    It 'writes Markdown, and a table for a terminal when nothing is asked for' {
        $bad | ConvertTo-PluginReport -Format Markdown | Should -Match '(?m)^\| Error \| <code>PM9999</code>'
        $bad | ConvertTo-PluginReport -BasePath /src | Should -Match '(?m)^plugins/demo/\.codex-plugin/plugin\.json:3:14 +ERROR +PM9999 +The version is blank\.$'
    }

    It 'names files from the current folder when no base is given' {
        $folder = New-Folder
        $here = New-Result (Join-Path $folder demo) (New-Finding -File (Join-Path $folder 'demo/plugin.json'))
        Push-Location $folder
        try {
            $here | ConvertTo-PluginReport Text | Should -Match '(?m)^demo/plugin\.json:3:14 '
            $here | ConvertTo-PluginReport Text -BasePath ./demo | Should -Match '(?m)^plugin\.json:3:14 '
        }
        finally { Pop-Location }
    }

    It 'takes a base in the spelling of another system' {
        $windows = New-Result 'C:\agent\repo\demo' (New-Finding -File 'C:\agent\repo\demo\plugin.json')
        $windows | ConvertTo-PluginReport GitHub -BasePath 'C:\agent\repo' | Should -Match '^::error file=demo/plugin\.json,'
    }

    It 'gives a valid report of no finding and of no input' -ForEach 'Text', 'Json', 'Sarif', 'JUnit', 'GitHub', 'Markdown', 'Csv', 'Line' {
        $format = $_
        foreach ($report in ($clean | ConvertTo-PluginReport -Format $format), (@() | ConvertTo-PluginReport -Format $format -AllowEmpty), (ConvertTo-PluginReport -InputObject @() -Format $format -AllowEmpty)) {
            $report | Should -Not -BeNullOrEmpty
            switch ($format) {
                'JUnit' { ([xml] $report).testsuites.failures | Should -Be 0 }
                'Json' { ($report | ConvertFrom-Json).errorCount | Should -Be 0 }
                'Csv' { @($report | ConvertFrom-Csv).Where({ $_.Outcome -ne 'Passed' }).Count | Should -Be 0 }
                'Line' { $report | Should -Match '^OK results=[01] failed=0 unknown=0\n$' }
                'Sarif' { @(($report | ConvertFrom-Json).runs[0].results).Count | Should -Be 0 }
                default { $report | Should -Match '0 errors' }
            }
        }
    }

    It 'reads what comes through <_> as what was there' -ForEach 'JSON', 'CliXml' {
        $result = New-Result -Diagnostics (New-Finding), (New-Finding -Severity Warning -IsAccepted $true)
        $sent = if ($_ -eq 'JSON') { $result | ConvertTo-Json -Depth 4 | ConvertFrom-Json } else { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($result, 4)) }
        $sent | ConvertTo-PluginReport Sarif | Should -Be ($result | ConvertTo-PluginReport Sarif)
    }

    It 'writes no document of input that it refuses, or of nothing' {
        $records = $null
        $report = $true, (Get-Item $PSScriptRoot), $bad, [pscustomobject]@{ Path = 'x' } | ConvertTo-PluginReport Json -ErrorAction SilentlyContinue -ErrorVariable records
        $records.Count | Should -Be 3
        $records | ForEach-Object { Get-ErrorCode $_ | Should -Be 'InputNotAResult' }
        $report | Should -BeNullOrEmpty
        $report = @() | ConvertTo-PluginReport JUnit -ErrorAction SilentlyContinue -ErrorVariable records
        Get-ErrorCode $records[0] | Should -Be 'NothingToCheck'
        $report | Should -BeNullOrEmpty
    }

    It 'keeps hostile text text' -ForEach @(
        "`e[2J", "x`n::error::y", '##vso[task.complete]', '<script>', ']]>', "`u{202E}", '| a |', '@team'
    ) {
        $hostile = New-Result -Diagnostics (New-Finding -Message $_ -File "/src/$_")
        foreach ($format in 'Text', 'Json', 'Sarif', 'JUnit', 'GitHub', 'Markdown', 'Csv', 'Line') {
            $report = $hostile | ConvertTo-PluginReport $format -BasePath /src -RunName $_
            $report | Should -Not -Match "[`e`u{202E}]" -Because $format
            $report | Should -Not -Match '##vso\[' -Because $format
            @($report -split "`n" -match '^\s*::').Count | Should -Be ([int]($format -eq 'GitHub')) -Because $format
        }
        { [xml] ($hostile | ConvertTo-PluginReport JUnit) } | Should -Not -Throw
        $hostile | ConvertTo-PluginReport Markdown | Should -Not -Match '<script|@team|\| a \|'
    }

    It 'writes the report of a check that fails the pipeline, and then fails it' {
        $folder = New-TestPlugin (New-Folder) broken -Manifest @{ keywords = 'one' }
        foreach ($action in 'Continue', 'Stop') {
            $file = Join-Path $TestDrive "$([guid]::NewGuid()).sarif"
            { Test-PluginManifest $folder -FailOn Error -ErrorAction $action | ConvertTo-PluginReport Sarif -ErrorAction $action | Set-Content $file } | Should -Throw -ErrorId 'ValidationFailed,*'
            @((Get-Content -Raw $file | ConvertFrom-Json).runs[0].results).Count | Should -BeGreaterThan 0
        }
    }

    It 'takes no failure over from a check that is past, nor one that did not ask to fail' {
        $folder = New-TestPlugin (New-Folder) broken -Manifest @{ keywords = 'one' }
        $kept = [System.Collections.Generic.List[object]]::new()
        { Test-PluginManifest $folder -FailOn Error | ForEach-Object { $kept.Add($_) } } | Should -Throw -ErrorId 'ValidationFailed,*'
        $kept | ConvertTo-PluginReport | Should -Match 'ERROR'
        Test-PluginManifest $folder | ConvertTo-PluginReport | Should -Match 'ERROR'
    }
}

Describe 'ConvertTo-PluginReport of a review' {
    BeforeAll {
        $old = New-TestPlugin (New-Folder) kit -Component Skill, Hook
        $new = New-TestPlugin (New-Folder) kit '2.0.0' -Component Skill, Hook, McpServer
        Set-Json (Join-Path $new 'hooks/hooks.json') @{ hooks = @{ Stop = @(@{ hooks = @(@{ type = 'command'; command = 'echo a | sh <b>@all' }) }) } }
        $changes = Compare-Plugin $old $new
        $capabilities = Get-PluginCapability -Path $new
    }

    It 'shows changes as Markdown, the most severe first, and escapes all their text' {
        $report = $changes | ConvertTo-PluginReport Markdown -RunName kit
        $report | Should -Match '^## What changes in what plugins can do: <code>kit</code>\n'
        $rows = @($report -split '\n' | Where-Object { $_ -like '| <code>*' })
        $rows.Count | Should -Be @($changes).Count
        $risks = $rows | ForEach-Object { ($_ -split '\|')[2].Trim() }
        $risks | Should -Be ($risks | Sort-Object { [array]::IndexOf(@('<code>High</code>', '<code>Low</code>', '<code>None</code>'), $_) } -Stable)
        $report | Should -Match 'echo a &#124; sh &#60;b&#62;&#64;all'
        $report | Should -Not -Match '@all|<b>'
    }

    It 'shows what a plugin can do, with the plugin' {
        $report = $capabilities | ConvertTo-PluginReport Markdown
        $report | Should -Match '^## What plugins can do\n'
        @($report -split '\n' | Where-Object { $_ -like '| <code>*' }).Count | Should -Be @($capabilities).Count
        $report | Should -Match '<code>McpServer</code>'
    }

    It 'gives the same from imported objects and from JSON' {
        $live = $changes | ConvertTo-PluginReport Markdown
        $file = Join-Path (New-Folder) 'changes.xml'
        $changes | Export-Clixml $file
        Import-Clixml $file | ConvertTo-PluginReport Markdown | Should -Be $live
        $changes | ConvertTo-Json -AsArray | ConvertFrom-Json | ConvertTo-PluginReport Markdown | Should -Be $live
    }

    It 'takes an update as its changes, with the plugin, live and sent' {
        $at = New-TestHome
        $root = New-Folder
        $null = New-TestPlugin $root tool
        $null = New-TestPlugin $root other
        Set-Catalog $root shop @((New-Entry tool), (New-Entry other))
        Add-PluginMarketplace $root @at
        $null = Install-Plugin tool@shop, other@shop @at
        $null = New-TestPlugin $root tool '1.1.0' -Component Skill, Hook
        $null = New-TestPlugin $root other '1.1.0'
        $updates = Get-PluginUpdate @at
        $report = $updates | ConvertTo-PluginReport Markdown
        $rows = @($report -split '\n' | Where-Object { $_ -like '| <code>*' })
        $rows.Count | Should -Be 2
        $rows[0] | Should -Match '^\| <code>Added</code> \| <code>High</code> \| <code>tool&#64;shop</code> \| <code>Hook</code> '
        $rows[1] | Should -Match '^\| <code>NewVersion</code> \| <code>.+</code> \| <code>other&#64;shop</code> \| <code>Plugin</code> .*1\.0\.0 -.* 1\.1\.0'
        $file = Join-Path (New-Folder) 'updates.xml'
        $updates | Export-Clixml $file
        Import-Clixml $file | ConvertTo-PluginReport Markdown | Should -Be $report
        $updates | ConvertTo-Json -Depth 4 | ConvertFrom-Json | ConvertTo-PluginReport Markdown | Should -Be $report
        $files = Get-PluginUpdate other -IncludeContentChange @at | ConvertTo-PluginReport Markdown
        $files | Should -Match '<code>File</code> \| <code>\.codex-plugin/plugin\.json</code>'
    }

    It 'refuses a review in another form, by its id' {
        { $changes | ConvertTo-PluginReport Sarif -ErrorAction Stop } | Should -Throw -ErrorId 'InputNotAResult,*'
    }
}

Describe 'ConvertTo-PluginReport of homes' {
    BeforeAll {
        $at = New-TestHome
        $root = New-Folder
        $null = New-TestPlugin $root tool
        $null = New-TestPlugin $root other
        Set-Catalog $root shop @((New-Entry tool), (New-Entry other))
        Add-PluginMarketplace $root @at
        $null = Install-Plugin tool@shop, other@shop @at
        $state = Join-Path (New-Folder) state.json
        Export-PluginState -Path $state -Pin Digest @at | Out-Null
        $path = (Get-InstalledPlugin tool @at).Path
        Add-Content (Join-Path $path 'changed.md') 'x'
        $results = @{
            Drift       = @(Get-PluginDrift -RequiredPluginFile $state -ExpectedComputer absent -Kind Modified, NoReport @at)
            Inventory   = @(Get-PluginInventory @at)
            Integrity   = @(Test-PluginIntegrity @at)
            Environment = @(Test-PluginEnvironment @at)
        }
        function Send-Object($InputObject) {
            , @([System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($InputObject, 6)))
        }
    }

    It 'reports <_>, the same live, sent and from JSON' -ForEach 'Drift', 'Inventory', 'Integrity', 'Environment' {
        $live = $results[$_]
        foreach ($format in 'Text', 'Json', 'JUnit', 'GitHub', 'Markdown', 'Csv', 'Line') {
            $report = $live | ConvertTo-PluginReport $format
            Send-Object $live | ConvertTo-PluginReport $format | Should -Be $report -Because "$format of what was sent"
            ConvertTo-Json $live -Depth 8 | ConvertFrom-Json | ConvertTo-PluginReport $format | Should -Be $report -Because "$format from JSON"
        }
        ($live | ConvertTo-PluginReport Csv | ConvertFrom-Csv).Result | Select-Object -Unique | Should -Be $_
        { [xml] ($live | ConvertTo-PluginReport JUnit) } | Should -Not -Throw
    }

    It 'tells what is wrong and what cannot be determined apart' {
        [xml] $xml = $results.Drift | ConvertTo-PluginReport JUnit
        $xml.testsuites.failures | Should -Be 1
        $xml.testsuites.errors | Should -Be 1
        $xml.SelectSingleNode('//failure/..').name | Should -Be 'tool@shop: Modified'
        $xml.SelectSingleNode('//error/..').name | Should -Be 'absent: NoReport'
        [xml] $xml = $results.Integrity | ConvertTo-PluginReport JUnit
        $xml.testsuites.tests | Should -Be 2
        $xml.testsuites.failures | Should -Be 1
        $results.Integrity | ConvertTo-PluginReport Line | Should -Match '^FINDINGS results=2 failed=1 unknown=0 Changed:tool@shop\n$'
    }

    It 'reports installed plugins as the homes they are in' {
        $json = Get-InstalledPlugin -IncludeHash @at | ConvertTo-PluginReport Json | ConvertFrom-Json
        $json.results.Count | Should -Be 1
        $json.results[0].plugins.id | Should -Be 'other@shop', 'tool@shop'
    }

    It 'reports updates, of which one that is held is nobody''s fault' {
        $null = New-TestPlugin $root other '2.0.0'
        [xml] $xml = Get-PluginUpdate other @at | ConvertTo-PluginReport JUnit
        $xml.testsuites.failures | Should -Be 1
        Get-PluginUpdate other @at | ConvertTo-PluginReport Csv | ConvertFrom-Csv | ForEach-Object ToVersion | Should -Be '2.0.0'
        Suspend-PluginUpdate other @at | Out-Null
        [xml] $xml = Get-PluginUpdate other @at | ConvertTo-PluginReport JUnit
        $xml.testsuites.skipped | Should -Be 1
        $xml.testsuites.failures | Should -Be 0
    }

    It 'refuses a format that has no place for them' {
        { $results.Environment | ConvertTo-PluginReport Sarif -ErrorAction Stop } | Should -Throw -ErrorId 'InputNotAResult,*'
    }
}
