BeforeDiscovery {
    $manifest = if ($env:PLUGINMARKET_TEST_MANIFEST) { $env:PLUGINMARKET_TEST_MANIFEST } else { Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'PluginMarket.psd1' }
    $commands = (Import-PowerShellDataFile $manifest).CmdletsToExport
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $data = Import-PowerShellDataFile $ModuleManifest
    $folder = Split-Path $ModuleManifest
    $core = [AppDomain]::CurrentDomain.GetAssemblies().Where{ $_.GetName().Name -eq 'PluginMarket.Core' }[0]
    $cmdlets = [AppDomain]::CurrentDomain.GetAssemblies().Where{ $_.GetName().Name -eq 'PluginMarket.Cmdlets' }[0]
}

Describe 'Module manifest' {
    It 'is valid' {
        { Test-ModuleManifest $ModuleManifest -ErrorAction Stop -WarningAction Stop } | Should -Not -Throw
    }

    It 'is told to be in order without a warning or an error' {
        $said = Test-ModuleManifest $ModuleManifest *>&1
        $said | Where-Object { $_ -isnot [psmoduleinfo] } | Should -BeNullOrEmpty
        @($said).Count | Should -Be 1
        $said.ExportedCmdlets.Keys | Sort-Object | Should -Be ($data.CmdletsToExport | Sort-Object)
    }

    It 'tells a gallery what it asks a publisher for' {
        foreach ($field in 'Author', 'CompanyName', 'Copyright', 'Description') { $data.$field | Should -Not -BeNullOrEmpty -Because $field }
        $data.GUID | Should -Not -Be ([guid]::Empty)
        $data.PowerShellVersion | Should -Be '7.4'
        $data.CompatiblePSEditions | Should -Be 'Core'
        $told = $data.PrivateData.PSData
        $told.Tags.Count | Should -BeGreaterThan 3
        # A gallery parts its tags at blanks.
        $told.Tags | Where-Object { $_ -match '\s' } | Should -BeNullOrEmpty
        $told.ReleaseNotes | Should -Not -BeNullOrEmpty
        foreach ($address in @($told.LicenseUri) + @($told.ProjectUri, $told.IconUri, $data.HelpInfoURI | Where-Object { $_ })) { ([uri] $address).Scheme | Should -Be 'https' -Because $address }
    }

    It 'names only files that exist' {
        @($data.RootModule) + $data.NestedModules | ForEach-Object { Join-Path $folder $_ | Should -Exist }
        $nested = Import-PowerShellDataFile (Join-Path $folder 'module/PluginMarket.Data.psd1')
        $nested.FormatsToProcess + $nested.TypesToProcess | ForEach-Object { Join-Path $folder 'module' $_ | Should -Exist }
        $nested.ModuleVersion | Should -Be $data.ModuleVersion
    }

    It 'brings the schemas that files refer to' {
        $schemas = Get-ChildItem (Join-Path $folder 'module/schemas')
        $schemas.Name | Sort-Object | Should -Be @(
            'app.schema.json', 'approvals.schema.json', 'hooks.schema.json', 'lock.schema.json', 'marketplace.schema.json', 'mcp.schema.json', 'plugin.schema.json', 'settings.schema.json', 'state.schema.json')
        $schemas | ForEach-Object { (Get-Content -Raw $_ | ConvertFrom-Json -AsHashtable).'$schema' | Should -Be 'http://json-schema.org/draft-07/schema#' }
    }

    It 'exports exactly the cmdlets there are, by name' {
        $types = $cmdlets.GetExportedTypes() | ForEach-Object { $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false) } | ForEach-Object { "$($_.VerbName)-$($_.NounName)" }
        $data.CmdletsToExport | Sort-Object | Should -Be ($types | Sort-Object)
        (Get-Command -Module PluginMarket).Name | Sort-Object | Should -Be ($types | Sort-Object)
    }

    It 'exports nothing else' {
        @($data.FunctionsToExport) + $data.AliasesToExport + $data.VariablesToExport | Should -BeNullOrEmpty
        $data.CmdletsToExport | Should -Not -Contain '*'
    }

    It 'holds the version of every assembly' {
        foreach ($assembly in $core, $cmdlets) {
            $assembly.GetName().Version.ToString(3) | Should -Be $data.ModuleVersion
        }
    }
}

Describe 'Command <_>' -ForEach $commands {
    BeforeAll {
        $command = Get-Command $_ -Module PluginMarket
        $changes = $command.Verb -notin 'Compare', 'ConvertTo', 'Find', 'Get', 'Import', 'Test'
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
    }

    It 'has an approved verb and a noun of the family' {
        $command.Verb | Should -BeIn (Get-Verb).Verb
        $command.Noun | Should -Match '^(Installed)?Plugin'
    }

    It 'says what it gives' {
        $command.OutputType | Should -Not -BeNullOrEmpty
    }

    # The rules are the module's own, whatever home is meant.
    It 'has -CodexHome and -HomePath, but for the rules' {
        'CodexHome', 'HomePath' | Where-Object { $_ -in $command.Parameters.Keys } | Should -Be @(if ($_ -ne 'Get-PluginManifestRule') { 'CodexHome', 'HomePath' })
    }

    It 'supports -WhatIf exactly when it changes something' {
        $command.Parameters.ContainsKey('WhatIf') | Should -Be $changes
    }

    It 'takes one parameter from the pipeline at most, and nothing by property name' {
        # A home says where to work and not on what; it is told apart by its type.
        $parameters = $command.Parameters.Values | Where-Object { $_.Name -notin $common -and $_.Name -ne 'PluginHome' }
        @($parameters | Where-Object { $_.Attributes.ValueFromPipeline -contains $true }).Count | Should -BeLessOrEqual 1
        @($parameters | Where-Object { $_.Attributes.ValueFromPipelineByPropertyName -contains $true }) | Should -BeNullOrEmpty
        if ($changes) {
            @($parameters | Where-Object { $_.Attributes.ValueFromPipeline -contains $true -and $_.Name -ne 'InputObject' }) | Should -BeNullOrEmpty
        }
    }

    It 'has the impact it was designed with' {
        $attribute = $command.ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)[0]
        $expected = if (-not $changes) { 'None' } elseif ($_ -in 'Remove-PluginMarketplace', 'Uninstall-Plugin', 'Clear-PluginCache') { 'High' } else { 'Medium' }
        "$($attribute.ConfirmImpact)" | Should -Be $expected
    }
}

Describe 'Errors' {
    It 'gives every failure a category, and the one of the error page' {
        $records = $cmdlets.GetType('PluginMarket.Cmdlets.Pipeline.ErrorRecords')
        $category = $records.GetMethod('CategoryOf')
        $codes = [Enum]::GetValues($core.GetType('PluginMarket.MarketErrorCode'))
        $codes.Count | Should -BeGreaterThan 40
        $page = @{}
        Get-Content (Join-Path $RepositoryRoot 'docs/errors.md') | ForEach-Object {
            if ($_ -match '^\| (\w+) \| (\w+) \|') { $page[$Matches[1]] = $Matches[2] }
        }
        foreach ($code in $codes) {
            $given = "$($category.Invoke($null, @($code)))"
            "$code $given" | Should -Be "$code $($page["$code"])"
            $given | Should -Not -Be 'NotSpecified'
        }
    }
}

Describe 'Views' {
    BeforeAll {
        [xml] $format = Get-Content -Raw (Join-Path $folder 'module/PluginMarket.Format.ps1xml')
        $views = $format.Configuration.ViewDefinitions.View
        $outputTypes = (Get-Command -Module PluginMarket).OutputType.Type | Where-Object { $_ -and $_.FullName -like 'PluginMarket.*' } | Sort-Object -Unique FullName
    }

    It 'shows every output type as a table, also when it is deserialized' {
        foreach ($type in $outputTypes) {
            @($views | Where-Object { $_.TableControl -and $_.ViewSelectedBy.TypeName -contains $type.FullName }).Count | Should -Be ($type.Name -eq 'FileInfo' ? 0 : 1) -Because $type
        }

        foreach ($view in $views) { $view.ViewSelectedBy.TypeName | Should -Contain "Deserialized.$($view.ViewSelectedBy.TypeName[0])" }
    }

    It 'has no list that repeats what PowerShell lists by itself' {
        $views | Where-Object ListControl | Should -BeNullOrEmpty
    }

    It 'leaves ten columns or more of a narrow terminal to the text that takes the rest' {
        foreach ($view in $views | Where-Object { $_.TableControl -and -not $_.SelectSingleNode('TableControl/AutoSize') }) {
            $columns = @($view.TableControl.TableHeaders.TableColumnHeader)
            $open = @($columns | Where-Object { -not $_.Width }).Count
            $width = ($columns.Width | Measure-Object -Sum).Sum + $columns.Count - 1 + 10 * $open
            $width | Should -BeLessOrEqual 80 -Because $view.Name
        }
    }

    It 'names only properties that exist' {
        foreach ($view in $views) {
            $type = $core.GetType($view.ViewSelectedBy.TypeName[0].Split('#')[0])
            $type | Should -Not -BeNullOrEmpty -Because $view.Name
            $properties = $type.GetProperties().Name
            $view.TableControl.TableRowEntries.TableRowEntry.TableColumnItems.TableColumnItem.PropertyName | Where-Object { $_ } | ForEach-Object { $_ | Should -BeIn $properties -Because $view.Name }
        }
    }
}

Describe 'Base classes' {
    It 'are at most four deep below PSCmdlet, the cmdlet itself included' {
        $types = @($cmdlets.GetTypes() | Where-Object { $_.IsSubclassOf([System.Management.Automation.PSCmdlet]) })
        $types.Count | Should -BeGreaterThan 38
        $deep = foreach ($type in $types) {
            $line = for ($at = $type; $at -ne [System.Management.Automation.PSCmdlet]; $at = $at.BaseType) { $at.Name }
            if (@($line).Count -gt 4) { $line -join ' : ' }
        }
        $deep | Should -BeNullOrEmpty -Because 'a cmdlet is parameters and one call: what cmdlets share that is no parameter is a type of its own'
    }

    It 'have the parameters of git once' {
        foreach ($type in $cmdlets.GetTypes() | Where-Object { $_.IsSubclassOf([System.Management.Automation.PSCmdlet]) -and $_.GetProperty('AllowHost') }) {
            foreach ($name in 'AllowHttp', 'AllowHost', 'Credential', 'GitEngine') { $type.GetProperty($name).DeclaringType.Name | Should -Be 'FetchCmdlet' -Because $type.Name }
        }
    }
}

Describe 'Sources' -Skip:($null -ne $env:PLUGINMARKET_TEST_MANIFEST) {
    It 'keeps every cmdlet file within 160 lines' {
        $files = Get-ChildItem (Join-Path $RepositoryRoot 'src/PluginMarket.Cmdlets') -Directory | Where-Object Name -NotIn bin, obj, Parameters, Pipeline | Get-ChildItem -Filter *.cs
        $files | Should -Not -BeNullOrEmpty
        $files | Where-Object { (Get-Content $_.FullName).Count -gt 160 } | Should -BeNullOrEmpty
    }
}
