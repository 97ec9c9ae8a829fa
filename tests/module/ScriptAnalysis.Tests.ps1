BeforeAll {
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $settings = Join-Path $PSScriptRoot 'PSScriptAnalyzerSettings.psd1'
    $before = $env:PSModulePath
    $env:PSModulePath += [IO.Path]::PathSeparator + (Join-Path $repository 'artifacts/modules')
    $analyzer = Get-Module PSScriptAnalyzer -ListAvailable | Select-Object -First 1
    if ($analyzer) { Import-Module $analyzer }

    function Get-Finding([string] $Path, [hashtable] $With = @{ Settings = $settings }) {
        if (-not $analyzer) { Set-ItResult -Skipped -Because 'THE SCRIPTS WERE NOT ANALYZED: PowerShell has no PSScriptAnalyzer; get it with Install-PSResource PSScriptAnalyzer' }
        Invoke-ScriptAnalyzer -Path $Path @With | ForEach-Object { '{0}({1}): {2} {3}' -f $_.ScriptName, $_.Line, $_.RuleName, $_.Message }
    }
}

AfterAll {
    $env:PSModulePath = $before
}

Describe 'PSScriptAnalyzer' {
    It 'finds nothing in manifest, scripts, samples and tests' {
        $scripts = @('PluginMarket.psd1', 'build.ps1' | ForEach-Object { Join-Path $repository $_ }) + @(
            'module', 'docs/samples', 'tests' | ForEach-Object { Get-ChildItem (Join-Path $repository $_) -Recurse -File -Include '*.ps1', '*.psm1', '*.psd1', '*.ps1xml' } |
                Where-Object FullName -NotMatch '[\\/](bin|obj)[\\/]' | ForEach-Object FullName)
        $scripts.Count | Should -BeGreaterThan 50
        $scripts | ForEach-Object { Get-Finding $_ } | Should -BeNullOrEmpty
    }

    It 'finds nothing in build.ps1 by the rules that are left out for tests' {
        Get-Finding (Join-Path $repository build.ps1) @{ IncludeRule = 'PSUseDeclaredVarsMoreThanAssignments', 'PSUseShouldProcessForStateChangingFunctions', 'PSUseUsingScopeModifierInNewRunspaces' } |
            Should -BeNullOrEmpty
    }

    It 'would find something with these settings' {
        $file = Join-Path $TestDrive 'Bad.ps1'
        "function Get-Things { Invoke-Expression 'gci' }" | Set-Content $file
        (Get-Finding $file) -join "`n" | Should -Match 'PSAvoidUsingInvokeExpression'
    }
}
