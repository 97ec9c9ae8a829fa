BeforeAll {
    . $PSScriptRoot/Common.ps1

    # In a process of its own: an assembly once loaded stays for the life of a process.
    function Invoke-Child([scriptblock] $Script) {
        $text = "`$ErrorActionPreference = 'Stop'; `$manifest = '$ModuleManifest'`n$Script"
        $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($text))
        $output = Invoke-PowerShell -NoProfile -NonInteractive -OutputFormat Text -EncodedCommand $encoded 2>&1
        if ($LASTEXITCODE -ne 0) { throw "The child process failed: $output" }
        $output
    }
}

Describe 'Import' {
    It 'has every command after importing twice with -Force' {
        $counts = Invoke-Child {
            1..3 | ForEach-Object { Import-Module $manifest -Force; (Get-Command -Module PluginMarket).Count }
        }
        $expected = (Import-PowerShellDataFile $ModuleManifest).CmdletsToExport.Count
        $counts | Should -Be @("$expected", "$expected", "$expected")
    }

    It 'works after removing and importing again' {
        Invoke-Child {
            Import-Module $manifest
            Remove-Module PluginMarket
            if (Get-Command Find-Plugin -ErrorAction Ignore) { throw 'still there' }
            Import-Module $manifest
            $folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) ([guid]::NewGuid()))).FullName
            @(Get-PluginMarketplace -CodexHome $folder -HomePath $folder -Scope User).Count
        } | Should -Be '0'
    }

    It 'loads the core and no third-party library' {
        $loaded = Invoke-Child {
            $before = [AppDomain]::CurrentDomain.GetAssemblies().ForEach{ $_.GetName().Name }
            Import-Module $manifest
            [AppDomain]::CurrentDomain.GetAssemblies().ForEach{ $_.GetName().Name } | Where-Object { $_ -notin $before }
        }
        $loaded | Should -Contain 'PluginMarket.Core'
        $shipped = (Get-ChildItem (Join-Path (Split-Path $ModuleManifest) 'module/bin/core') -Filter *.dll).BaseName | Where-Object { $_ -ne 'PluginMarket.Core' }
        $shipped | Should -Not -BeNullOrEmpty
        $loaded | Where-Object { $_ -in $shipped } | Should -BeNullOrEmpty
    }

    It 'keeps its libraries apart from those of PowerShell' {
        Invoke-Child {
            Import-Module $manifest
            $null = '{"a":1}' | ConvertFrom-Json
            $folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) ([guid]::NewGuid()))).FullName
            Find-Plugin -CodexHome $folder -HomePath $folder
            $contexts = [Runtime.Loader.AssemblyLoadContext]::All
            $core = $contexts.Where{ $_.Name -eq 'PluginMarket' }
            if ($core.Count -ne 1) { throw "contexts: $($core.Count)" }
            $default = [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.ForEach{ $_.GetName().Name }
            if ('PluginMarket.Core' -in $default) { throw 'the core leaked into the default context' }
            if ('Newtonsoft.Json' -notin $default) { throw 'PowerShell does not use its own Newtonsoft.Json any more; this test needs another library' }
            'YamlDotNet', 'Tomlyn', 'Semver' | Where-Object { $_ -in $default } | ForEach-Object { throw "$_ leaked" }
            'apart'
        } | Should -Be 'apart'
    }

    It 'answers for no other assembly than the core' {
        Invoke-Child {
            Import-Module $manifest
            $null = Get-Command Find-Plugin
            foreach ($name in 'YamlDotNet', 'Tomlyn', 'Semver') {
                try { $null = [Reflection.Assembly]::Load($name); throw "$name was found" } catch [IO.FileNotFoundException] { "no $name" }
            }
        } | Should -Be 'no YamlDotNet', 'no Tomlyn', 'no Semver'
    }

    It 'works from several threads at once' {
        $homes = 1..4 | ForEach-Object { New-TestHome }
        $root = New-SampleMarketplace
        $names = $homes | ForEach-Object {
            Start-ThreadJob {
                Import-Module $using:ModuleManifest
                $at = $using:_
                Add-PluginMarketplace $using:root @at
                (Install-Plugin notes@corp @at).Status
            }
        } | Receive-Job -Wait -AutoRemoveJob
        $names | Should -Be @('Installed', 'Installed', 'Installed', 'Installed')
    }

    It 'does not ship a copy of what PowerShell brings' {
        (Get-ChildItem (Join-Path (Split-Path $ModuleManifest) 'module') -Recurse -Filter *.dll).BaseName |
            Where-Object { $_ -in 'System.Text.Json', 'System.Management.Automation' } | Should -BeNullOrEmpty
    }
}
