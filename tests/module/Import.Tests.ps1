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

    # The module's folder in another version. Its loader is really built in that version, once: nothing else of it can be loaded.
    function New-OtherVersion([string] $Version) {
        $sources, $folder = (New-Folder), (New-Folder)
        $loader = Join-Path $sources 'src/PluginMarket.Loader'
        $null = New-Item -ItemType Directory $loader
        Copy-Item (Join-Path $RepositoryRoot 'Directory.*.props'), (Join-Path $RepositoryRoot BannedSymbols.txt), (Join-Path $RepositoryRoot global.json) $sources
        Copy-Item (Join-Path $RepositoryRoot 'src/PluginMarket.Loader/*.cs'), (Join-Path $RepositoryRoot 'src/PluginMarket.Loader/*.csproj') $loader
        Copy-Item (Join-Path (Split-Path $ModuleManifest) module) $folder -Recurse
        $text = (Get-Content -Raw $ModuleManifest) -replace "(?m)^(\s*ModuleVersion\s*=).*$", "`$1 '$Version'"
        foreach ($place in $sources, $folder) { $text | Set-Content (Join-Path $place PluginMarket.psd1) }

        $output = dotnet build $loader --nologo -v q -o (Join-Path $sources out) -nodeReuse:false -p:UseSharedCompilation=false -p:RunAnalyzers=false 2>&1
        if ($LASTEXITCODE -ne 0) { throw "The loader was not built: $output" }
        Copy-Item (Join-Path $sources "out/PluginMarket.Loader.$Version.dll") (Join-Path $folder 'module/bin/PluginMarket.Loader.dll') -Force
        Join-Path $folder PluginMarket.psd1
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

    It 'says in one sentence that the session has another version, <When>' -ForEach @(
        @{ When = 'imported'; Before = '' }
        @{ When = 'removed again'; Before = 'Remove-Module PluginMarket' }
    ) {
        $other = $script:other ??= New-OtherVersion '9.8.7'
        $lines = Invoke-Child ([scriptblock]::Create(@"
            Import-Module `$manifest
            $Before
            `$before = "`$(Get-Module PluginMarket)"
            try { Import-Module '$other' } catch { `$_.FullyQualifiedErrorId, "`$_" }
            "`$(Get-Module PluginMarket)" -eq `$before
            Import-Module `$manifest
            (Get-Command Find-Plugin).Version.ToString()
            (Find-Plugin -CodexHome (New-Item -ItemType Directory '$(Join-Path $TestDrive ([guid]::NewGuid()))')).Count
"@))
        $loaded = (Import-PowerShellDataFile $ModuleManifest).ModuleVersion
        $lines | Should -Be @(
            'ModuleAlreadyLoaded,Microsoft.PowerShell.Commands.ImportModuleCommand'
            "PluginMarket 9.8.7 cannot be imported: this session has loaded PluginMarket $loaded from '$(Split-Path $ModuleManifest)'. Start a new PowerShell session to use the other one."
            'True', $loaded, '0')
    }

    It 'says in one sentence that the session has the same version from another folder' {
        $other = New-Folder
        Copy-Item (Split-Path $ModuleManifest | Join-Path -ChildPath module), $ModuleManifest $other -Recurse
        $lines = Invoke-Child ([scriptblock]::Create(@"
            Import-Module `$manifest
            try { Import-Module '$other/PluginMarket.psd1' } catch { `$_.FullyQualifiedErrorId, "`$_" }
            `$Error.Count
            (Get-Module PluginMarket -All).Path
            Import-Module `$manifest -Force
            (Find-Plugin -CodexHome (New-Item -ItemType Directory '$(Join-Path $TestDrive ([guid]::NewGuid()))')).Count
"@))
        $loaded = (Import-PowerShellDataFile $ModuleManifest).ModuleVersion
        $lines | Should -Be @(
            'ModuleAlreadyLoaded,Microsoft.PowerShell.Commands.ImportModuleCommand'
            "PluginMarket $loaded cannot be imported: this session has loaded PluginMarket $loaded from '$(Split-Path $ModuleManifest)'. Start a new PowerShell session to use the other one."
            '1', (Join-Path (Split-Path $ModuleManifest) 'module/bin/PluginMarket.Cmdlets.dll'), '0')
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
