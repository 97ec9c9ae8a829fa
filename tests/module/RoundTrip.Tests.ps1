BeforeDiscovery {
    $types = 'Marketplace', 'MarketplaceUpdateResult', 'Plugin', 'InstalledPlugin', 'PluginOperationResult', 'PluginManifest', 'ValidationResult', 'ManifestRule', 'Capability', 'CapabilityChange', 'PluginUpdate', 'PluginApproval', 'PluginCacheItem', 'IntegrityResult', 'PluginLockFile', 'PluginLockEntry', 'PluginSecurityContext', 'EnvironmentCheck', 'PluginPolicy', 'PluginPolicyRule', 'PluginPolicyResult', 'PluginHistoryEntry'
    $ways = 'CliXml', 'JSON', 'a job'
    $matrix = foreach ($type in $types) { foreach ($way in $ways) { if ($type -ne 'PluginCacheItem' -or $way -ne 'a job') { @{ type = $type; way = $way } } } }
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $at = New-TestHome
    $root = New-SampleMarketplace
    # One plugin that has something in every property a manifest can fill.
    $null = New-TestPlugin $root full '3.2.1' -Component Skill, Hook, McpServer, App -Manifest @{
        keywords   = @('one', 'two')
        author     = @{ name = 'Ada'; email = 'ada@example.com'; url = 'https://example.com/ada' }
        homepage   = 'https://example.com'
        repository = 'https://example.com/full.git'
        license    = 'MIT'
        interface  = @{
            displayName = 'Full'; shortDescription = 'short'; longDescription = 'long'; developerName = 'Ada'; category = 'Tools'; capabilities = @('Read', 'Write')
            websiteUrl = 'https://example.com'; privacyPolicyUrl = 'https://example.com/p'; termsOfServiceUrl = 'https://example.com/t'; brandColor = '#123456'
            composerIcon = './a.png'; logo = './b.png'; logoDark = './c.png'; screenshots = @('./d.png', './e.png'); defaultPrompt = @('First', 'Second')
        }
    }
    Set-Catalog $root corp @(New-Entry full -Category Productivity -Authentication ON_USE)
    $null = Save-Repository $root
    Add-PluginMarketplace (Get-FileUrl $root) @at
    $objects = @{ Marketplace = Get-PluginMarketplace corp @at }
    Set-Catalog $root corp @(New-Entry full -Category Productivity -Authentication ON_USE; New-Entry notes; New-Entry mail)
    $null = Save-Repository $root
    $objects.MarketplaceUpdateResult = Update-PluginMarketplace corp @at
    $objects.PluginOperationResult = Install-Plugin full@corp @at
    $objects.InstalledPlugin = Get-InstalledPlugin full @at
    $objects.PluginManifest = Get-PluginManifest full@corp @at
    $objects.ValidationResult = Test-PluginManifest (Join-Path $root 'plugins/full')
    $objects.ManifestRule = Get-PluginManifestRule PM0201
    $objects.Capability = Get-PluginCapability full@corp @at | Select-Object -First 1
    $null = Install-Plugin notes@corp @at
    foreach ($version in '2.0.0', '3.0.0') {
        $null = New-TestPlugin $root notes $version -Component Skill, Hook -Manifest @{ description = $version }
        $null = Save-Repository $root
        $objects.PluginUpdate = Get-PluginUpdate notes -Refresh -IncludeContentChange @at
        if ($version -eq '2.0.0') { $null = $objects.PluginUpdate | Update-Plugin -AcceptCapability All @at }
    }
    $objects.CapabilityChange = (Compare-Plugin full@corp notes@corp @at)[0]
    $objects.PluginApproval = Approve-Plugin full@corp -ApprovalFile (Join-Path $TestDrive 'approvals.json') -Note 'why' @at
    $objects.PluginCacheItem = Clear-PluginCache -Confirm:$false @at
    $objects.Plugin = Find-Plugin full@corp @at
    $lock = Join-Path (New-Folder) 'plugins.lock.json'
    $null = Get-InstalledPlugin full @at | Export-PluginLockFile $lock
    $objects.PluginLockFile = Get-InstalledPlugin full @at | Export-PluginLockFile $lock
    $objects.PluginLockEntry = Get-PluginLockFile $lock @at
    $objects.PluginSecurityContext = Get-PluginSecurityContext @at
    $objects.EnvironmentCheck = Test-PluginEnvironment @at | Where-Object Name -EQ Git
    $policy = Join-Path (New-Folder) 'policy.json'
    Set-Json $policy ([ordered]@{ format = 1; id = 'corp'; revision = '1'; mode = 'enforce'; rules = @(@{ id = 'PLG-FULL'; kind = 'plugin'; effect = 'deny'; match = @(@{ plugin = 'full@*' }) }) })
    $objects.PluginPolicy = Get-PluginPolicy $policy @at | Where-Object Layer -EQ Command
    $objects.PluginPolicyRule = Get-PluginPolicy $policy -Rule -Id PLG-FULL @at
    $objects.PluginHistoryEntry = Get-PluginHistory -Action AddMarketplace @at | Select-Object -First 1
    $objects.PluginHome = Get-PluginHome @at
    $objects.PluginPolicyResult = Test-PluginPolicy full@corp -PolicyPath $policy @at
    $cached = (Get-InstalledPlugin full @at).Path
    Add-Content (Join-Path $cached '.mcp.json') ' '
    Remove-Item -Force (Join-Path $cached '.app.json')
    'x' | Set-Content (Join-Path $cached 'more.txt')
    $objects.IntegrityResult = Test-PluginIntegrity full @at
    $null = Repair-Plugin full @at

    # Every property, down to texts and numbers, as lines "path = value".
    function Get-Leaf($Value, [string] $Path) {
        if ($null -eq $Value) { return "$Path = null" }
        if ($Value -is [System.Management.Automation.PSObject] -and $Value.PSObject.BaseObject -isnot [System.Management.Automation.PSCustomObject]) { $Value = $Value.PSObject.BaseObject }
        if ($Value -is [datetimeoffset]) { return "$Path = $($Value.UtcDateTime.ToString('o'))" }
        if ($Value -is [datetime]) { return "$Path = $($Value.ToUniversalTime().ToString('o'))" }
        if ($Value -is [timespan]) { return "$Path = $($Value.Ticks) ticks" }
        if ($Value -is [string] -or $Value -is [ValueType]) { return "$Path = $([string]::Format([cultureinfo]::InvariantCulture, '{0}', $Value))" }
        if ($Value -is [System.Collections.IEnumerable]) {
            $items = @($Value)
            "$Path is a list of $($items.Count)"
            for ($i = 0; $i -lt $items.Count; $i++) { Get-Leaf $items[$i] "$Path[$i]" }
            return
        }
        # A time arrives from an export as an object with the members of one, a span from JSON likewise.
        if ($Value.PSObject.Properties['UtcTicks']) { return "$Path = $(([datetime]::new($Value.UtcTicks, 'Utc')).ToString('o'))" }
        if ($Value.PSObject.Properties['TotalMilliseconds']) { return "$Path = $($Value.Ticks) ticks" }
        $Value.PSObject.Properties | Where-Object Name -NotIn 'PSComputerName', 'RunspaceId', 'PSShowComputerName', 'PSSourceJobInstanceId' | ForEach-Object { Get-Leaf $_.Value "$Path.$($_.Name)" }
    }

    # Made in a job, as a fleet makes them: what arrives is what that process sent. One job for all, since each is a process; what changes something comes
    # first, so that what is only read is as it will be read again.
    $sent = Start-Job -ArgumentList $ModuleManifest, $at, $root, $lock, $policy {
        param($manifest, $at, $root, $lock, $policy)
        Import-Module $manifest
        'PluginMarket.MarketplaceUpdateResult'; Update-PluginMarketplace corp @at
        'PluginMarket.PluginOperationResult'; Install-Plugin full@corp @at
        'PluginMarket.PluginApproval'; Approve-Plugin full@corp -ApprovalFile (Join-Path $at.HomePath 'approvals.json') -Note 'why' @at
        'PluginMarket.PluginLockFile'; Get-InstalledPlugin full @at | Export-PluginLockFile $lock
        'PluginMarket.PluginLockEntry'; Get-PluginLockFile $lock @at
        'PluginMarket.Marketplace'; Get-PluginMarketplace corp @at
        'PluginMarket.Plugin'; Find-Plugin full@corp @at
        'PluginMarket.InstalledPlugin'; Get-InstalledPlugin full @at
        'PluginMarket.PluginManifest'; Get-PluginManifest full@corp @at
        'PluginMarket.ValidationResult'; Test-PluginManifest (Join-Path $root 'plugins/full')
        'PluginMarket.ManifestRule'; Get-PluginManifestRule PM0201
        'PluginMarket.IntegrityResult'; Test-PluginIntegrity full @at
        'PluginMarket.PluginSecurityContext'; Get-PluginSecurityContext @at
        'PluginMarket.Capability'; Get-PluginCapability full@corp @at | Select-Object -First 1
        'PluginMarket.CapabilityChange'; (Compare-Plugin full@corp notes@corp @at)[0]
        'PluginMarket.PluginUpdate'; Get-PluginUpdate notes -IncludeContentChange @at
        'PluginMarket.EnvironmentCheck'; Test-PluginEnvironment @at | Where-Object Name -EQ Git
        'PluginMarket.PluginPolicy'; Get-PluginPolicy $policy @at | Where-Object Layer -EQ Command
        'PluginMarket.PluginPolicyRule'; Get-PluginPolicy $policy -Rule -Id PLG-FULL @at
        'PluginMarket.PluginHistoryEntry'; Get-PluginHistory -Action AddMarketplace @at | Select-Object -First 1
        'PluginMarket.PluginPolicyResult'; Test-PluginPolicy full@corp -PolicyPath $policy @at
    } | Receive-Job -Wait -AutoRemoveJob
    $fromJob = @{}
    foreach ($one in $sent) {
        if ($one -is [string]) { $named = $one } else { $fromJob[$named] = @($fromJob[$named]) + $one | Where-Object { $null -ne $_ } }
    }

    function Send-Object([string] $Way, $Object) {
        switch ($Way) {
            'CliXml' {
                $file = Join-Path $TestDrive "$([guid]::NewGuid()).xml"
                $Object | Export-Clixml $file
                Import-Clixml $file
            }
            'JSON' { $Object | ConvertTo-Json -Depth 8 | ConvertFrom-Json }
            'a job' { $fromJob[$Object.PSTypeNames[0]] }
        }
    }
}

Describe '<type> through <way>' -ForEach $matrix {
    It 'keeps every property' {
        $object = $objects[$type]
        $object.PSTypeNames[0] | Should -Be "PluginMarket.$type"
        if ($way -eq 'a job') {
            # What differs between two calls is not what the journey changed.
            $object = switch ($type) {
                'Marketplace' { Get-PluginMarketplace corp @at }
                'InstalledPlugin' { Get-InstalledPlugin full @at }
                'MarketplaceUpdateResult' { Update-PluginMarketplace corp @at }
                'PluginOperationResult' { Install-Plugin full@corp @at }
                'IntegrityResult' { Test-PluginIntegrity full @at }
                default { $object }
            }
        }
        $volatile = if ($way -eq 'a job') { '\.(CollectedOn|CheckedOn|Duration|ApprovedOn)( =|\.)' } else { '^$' }
        $before = @(Get-Leaf $object 'it') -notmatch $volatile
        $after = @(Get-Leaf (Send-Object $way $object) 'it') -notmatch $volatile
        $before.Count | Should -BeGreaterThan 7
        $after | Sort-Object | Should -Be ($before | Sort-Object)
    }
}

Describe 'What was exported' {
    It 'is shown by the same views' {
        $imported = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($objects.Plugin))
        $imported.PSTypeNames[0] | Should -Be 'Deserialized.PluginMarket.Plugin'
        ($imported | Out-String) | Should -Be ($objects.Plugin | Out-String)
        ($imported | Format-List | Out-String) | Should -Be ($objects.Plugin | Format-List | Out-String)
    }

    It 'is filtered by the same words' {
        $imported = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($objects.Plugin))
        ($imported | Where-Object { $_.Installation -eq 'AVAILABLE' -and $_.Authentication -eq 'ON_USE' -and $_.Components -contains 'Hook' }).Name | Should -Be 'full'
        $imported.Manifest.McpServers.Where{ $_.Command }.Arguments | Should -Be 'server.js', '--quiet'
        $imported.Manifest.Author.Email | Should -Be 'ada@example.com'
    }
}
