BeforeAll {
    . $PSScriptRoot/Common.ps1
    $at = New-TestHome
    $failure = { Update-Plugin kit@corp @at -ErrorAction Stop } | Should -Throw -PassThru
    $core = $failure.Exception.GetType().Assembly
}

Describe 'What a message tells to do' {
    It 'is the recommended action of the error, and the end of its text' {
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $failure.Exception.Message | Should -BeLike "*$($failure.ErrorDetails.RecommendedAction)"
        "$failure" | Should -Be $failure.Exception.Message
    }

    It 'names cmdlets that are there' {
        foreach ($operation in $core.GetType('PluginMarket.Messages.Operation')::All) {
            Get-Command "$operation" -Module PluginMarket -ErrorAction SilentlyContinue | Should -Not -BeNullOrEmpty -Because "$operation"
        }
    }

    It 'names parameters that are there' {
        $parameters = (Get-Command -Module PluginMarket).ForEach{ $_.Parameters.Keys } | Sort-Object -Unique
        foreach ($option in $core.GetType('PluginMarket.Messages.OperationOption')::All) {
            $parameters | Should -Contain "$option".TrimStart('-').Split(' ')[0]
        }
    }

    It 'gives a cmdlet only parameters that it has' {
        $pattern = 'Operation\.(?<operation>[A-Z]\w+)(?:\.On\((?:[^()]|\([^()]*\))*\))*(?:\s*\.With\(OperationOption\.(?<option>\w+)(?:\.Of\((?:[^()]|\([^()]*\))*\))?\))+'
        $sources = Get-ChildItem (Join-Path $PSScriptRoot '../../src') -Recurse -Filter *.cs | Where-Object FullName -NotMatch '[\\/]obj[\\/]'
        $uses = foreach ($source in $sources) { [regex]::Matches([IO.File]::ReadAllText($source.FullName), $pattern) }
        $uses.Count | Should -BeGreaterThan 5
        foreach ($use in $uses) {
            $cmdlet = "$($core.GetType('PluginMarket.Messages.Operation')::($use.Groups['operation'].Value))"
            foreach ($option in $use.Groups['option'].Captures.Value) {
                $parameter = "$($core.GetType('PluginMarket.Messages.OperationOption')::$option)".TrimStart('-').Split(' ')[0]
                (Get-Command $cmdlet).Parameters.Keys | Should -Contain $parameter -Because $cmdlet
            }
        }
    }

    It 'escapes what a name or a path brings' {
        $esc = [char]0x1B
        $failure = { Install-Plugin "a$esc`[2J@corp" @at -ErrorAction Stop } | Should -Throw -PassThru
        "$failure$($failure.TargetObject)$($failure.ErrorDetails.RecommendedAction)" | Should -Not -Match $esc
        "$failure" | Should -Match '\\u\{001B\}'
    }

    It 'is there for the errors that only cmdlets give' {
        $folder = Join-Path $at.HomePath 'plain'
        $null = New-Item -ItemType Directory $folder
        $failures = @(
            { [IO.FileInfo]'x' | Uninstall-Plugin @at -Confirm:$false -ErrorAction Stop }
            { [IO.FileInfo]'x' | Update-PluginMarketplace @at -ErrorAction Stop }
            { 1 | ConvertTo-PluginReport JUnit -ErrorAction Stop }
            { Test-PluginManifest $folder -FailOn Error -ErrorAction Stop }
        ).ForEach{ $_ | Should -Throw -PassThru }
        $failures.FullyQualifiedErrorId -replace ',.*' | Should -Be 'InputNotAPlugin', 'InputNotAMarketplace', 'InputNotAResult', 'ValidationFailed'
        $failures.ErrorDetails.RecommendedAction | Should -Match '^[A-Z].*\.$'
    }
}
