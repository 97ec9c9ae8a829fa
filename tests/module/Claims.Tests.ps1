BeforeAll {
    . $PSScriptRoot/Common.ps1

    # Every object of ours among the given ones, those in their properties included, each with its properties read by reflection.
    function Expand-Object([object[]] $Given) {
        $read = [Collections.Generic.List[object]]::new()
        $seen = [Collections.Generic.HashSet[object]]::new([Collections.Generic.ReferenceEqualityComparer]::Instance)
        $open = [Collections.Generic.Queue[object]]::new($Given)
        while ($open.Count) {
            $object = $open.Dequeue()
            if ($object -is [Collections.IDictionary]) { $object = $object.Values }
            if ($object -is [Collections.IEnumerable] -and $object -isnot [string]) { foreach ($item in $object) { $open.Enqueue($item) }; continue }
            if ($null -eq $object -or $object.GetType().Namespace -ne 'PluginMarket' -or $object -is [enum] -or -not $seen.Add($object)) { continue }
            foreach ($property in $object.GetType().GetProperties('Instance, Public')) {
                $value, $problem = $null
                try { $value = $property.GetValue($object) } catch { $problem = "$_" }
                $read.Add([pscustomobject]@{ Type = $object.GetType(); Name = $property.Name; PropertyType = $property.PropertyType; Value = $value; Problem = $problem })
                $open.Enqueue($value)
            }
        }

        $read
    }

    function Get-Known($Object) {
        $Object.GetType().GetProperties().Where{ $null -ne $_.GetValue($Object) }.Name | Sort-Object
    }

    # What these say depends on files, policies and settings that other tests vary.
    $variedElsewhere = @(
        'PluginHome.Exists', 'Capability.HasHiddenText', 'Capability.IsActive', 'CapabilityChange.HasHiddenText', 'Diagnostic.IsAccepted', 'Hook.Async', 'InstalledPlugin.IsAllowedByPolicy'
        'McpServer.Enabled', 'Plugin.IsAllowedByPolicy', 'PluginHookTrust.PluginEnabled', 'PluginInventoryPlugin.IsAllowed', 'PluginLockEntry.HeldAgainstCodex'
        'PluginManifest.IsGenerated', 'PluginPolicyResult.IsAllowed', 'PluginSecurityContext.HooksAllowed', 'PluginSecurityContext.PluginsEnabled'
        'PluginUpdate.IsHistoryRewritten', 'Skill.AllowImplicitInvocation', 'Skill.HasHiddenText')
    $origin = 'CodexHome', 'ComputerName', 'UserName'
    $at = New-TestHome
    $root = New-SampleMarketplace
    $catalog = Get-Content -Raw (Join-Path $root '.agents/plugins/marketplace.json') | ConvertFrom-Json -AsHashtable
    $catalog.plugins += @(
        @{ name = 'gone'; source = './plugins/gone' }
        @{ name = 'remote'; source = @{ source = 'url'; url = (Get-FileUrl (Join-Path (New-Folder) none)) } })
    Set-Json (Join-Path $root '.agents/plugins/marketplace.json') $catalog
    $lost, $dropped = (New-Folder), (New-Folder)
    foreach ($place in @($lost, 'lost'), @($dropped, 'dropped')) {
        $null = New-TestPlugin $place[0] kit
        Set-Catalog $place[0] $place[1] @(New-Entry kit)
    }

    $served = New-SampleMarketplace served
    $null = Save-Repository $served
    $found = [Collections.Generic.List[object]]::new()
    function Save($Object) { foreach ($one in $Object) { if ($null -ne $one) { $found.Add(($one -is [psobject] ? $one.PSObject.BaseObject : $one)) } } }

    $quiet = @{ ErrorAction = 'SilentlyContinue'; WarningAction = 'SilentlyContinue' }
    foreach ($place in $root, $lost, $dropped, (Get-FileUrl $served)) { Save (Add-PluginMarketplace $place @at -PassThru) }
    Save (Install-Plugin notes@corp, deploy@corp, mail@corp, old-one@corp, kit@lost, kit@dropped, base@served @at)
    Save (Install-Plugin gone, locked, nothing @at @quiet)
    Save (Install-Plugin notes@corp @at)
    Disable-Plugin deploy @at
    Suspend-PluginUpdate mail @at
    $lock = Join-Path (New-Folder) plugins.lock.json
    Save (Get-InstalledPlugin notes, deploy @at | Export-PluginLockFile $lock @at)
    Save (Get-PluginLockFile $lock @at)
    Save (Remove-PluginMarketplace dropped @at -PassThru -Confirm:$false @quiet)
    Remove-Item -Recurse -Force $lost
    Add-Content (Join-Path $at.CodexHome config.toml) "`n[plugins.`"absent@corp`"]`nenabled = true`n"
    $null = New-TestPlugin $root mail '1.5.0' -Component App
    $null = New-TestPlugin $root deploy '3.0.0' -Component Skill, Hook, McpServer
    $null = New-TestPlugin $root old-one '0.8.0'
    Add-Content (Join-Path $at.CodexHome plugins/cache/corp/notes/local/README.md) changed
    Set-Content (Join-Path $root 'plugins/base/.mcp.json') '{}'

    $markets = Get-PluginMarketplace @at @quiet
    $plugins = Find-Plugin -IncludeSkipped -Resolve @at @quiet
    $unread = Find-Plugin -IncludeSkipped @at @quiet
    $installed = Get-InstalledPlugin @at @quiet
    $updates = Get-PluginUpdate @at @quiet
    $checks = Test-PluginIntegrity @at @quiet
    Save $markets; Save $plugins; Save $unread; Save $installed; Save $updates; Save $checks
    Save (Get-InstalledPlugin -IncludeHash @at @quiet)
    Save (Test-PluginIntegrity -LockFile $lock -Exact @at @quiet)
    Save (Update-Plugin -WhatIf @at @quiet)
    Save (Update-Plugin @at @quiet)
    Save (Update-PluginMarketplace @at @quiet); Save (Update-PluginMarketplace corp, served -WhatIf @at @quiet)
    Save ('deploy@corp' | Approve-Plugin -ApprovalFile (Join-Path $at.HomePath a.json) @at)
    Save (Update-Plugin deploy -AcceptCapability All @at @quiet)
    Save (Clear-PluginCache -WhatIf @at @quiet); Save (Undo-PluginUpdate deploy @at @quiet); Save (Repair-Plugin notes @at @quiet)
    Save ($installed | Get-PluginCapability @quiet); Save (Find-Plugin deploy @at @quiet | Get-PluginCapability @quiet)
    Save (Compare-Plugin (Join-Path $root plugins/notes) (Join-Path $root plugins/deploy) @quiet)
    Save (Get-PluginManifest (Join-Path $root plugins/*) @quiet)
    Save (Test-PluginManifest (Join-Path $root plugins/*) @quiet); Save (Test-PluginMarketplace $root @at @quiet)
    Save (Get-PluginManifestRule | Select-Object -First 3); Save (Test-PluginEnvironment @at @quiet); Save (Get-PluginSecurityContext @at @quiet)
    Save (Get-PluginMarketplace -Path $dropped @at)
    Set-PluginMarketplace corp -AutoUpdate $true @at; Save (Get-PluginMarketplace corp @at @quiet); Set-PluginMarketplace corp -AutoUpdate $false @at
    Save (Get-PluginMarketplace corp @at @quiet)
    $hidden = Join-Path (New-Folder) secretive
    $null = New-TestPlugin (Split-Path $hidden) secretive -Manifest @{ description = "a`u{200B}b" }
    Save (Get-PluginManifest (Join-Path (Split-Path $hidden) plugins/secretive))
    $faulty = New-Folder
    [IO.File]::WriteAllText((Join-Path (New-Item -ItemType Directory (Join-Path $faulty 'faulty/.codex-plugin')) plugin.json), ([char]0xFEFF + '{"name":"faulty"}'))
    Save (Repair-PluginManifest (Join-Path $faulty faulty) -WhatIf @quiet); Save (Repair-PluginManifest (Join-Path $faulty faulty) -Confirm:$false @quiet)
    $policy = Join-Path (New-Folder) policy.json
    $null = New-PluginPolicy $policy -Id corp @at @quiet
    Save (Get-PluginPolicy -PolicyPath $policy @at @quiet); Save (Test-PluginPolicy notes@corp -PolicyPath $policy @at @quiet)
    Save (Export-PluginPolicy CodexRequirements -Path (Join-Path (New-Folder) r.toml) -AllowPartial -PolicyPath $policy @at @quiet)
    $state = Join-Path (New-Folder) s.json
    Save (Export-PluginState $state @at @quiet); Save (Get-PluginDrift -RequiredPluginFile $state @at @quiet)
    Save (Get-PluginDrift -RequiredPluginFile $state -Summary @at @quiet); Save (Get-PluginPolicy -Rule -PolicyPath $policy @at @quiet)
    Save (Get-PluginInventory @at @quiet); Save (Get-PluginHistory @at @quiet)
    Save (Get-PluginHome @at @quiet)
    Save (Sync-Plugin -RequiredPlugin @{ plugins = @(@{ id = 'notes@corp'; enabled = $false }) } @at @quiet)
    Save (Uninstall-Plugin old-one @at -Confirm:$false @quiet)

    $claims = @(Expand-Object $found)
}

Describe 'What objects claim' {
    It 'is of every type that commands give' {
        (Get-Command -Module PluginMarket).OutputType.Type | Where-Object { $_ -and $_.FullName -like 'PluginMarket.*' -and $_ -notin $claims.Type } |
            ForEach-Object Name | Sort-Object -Unique | Should -BeNullOrEmpty
    }

    It 'can be read' {
        $claims | Where-Object Problem | ForEach-Object { "$($_.Type.Name).$($_.Name): $($_.Problem)" } | Sort-Object -Unique | Should -BeNullOrEmpty
    }

    It 'is not a date that was never set' {
        $claims | Where-Object { $_.Value -is [DateTimeOffset] -and $_.Value.Year -lt 2000 -or $_.Value -is [datetime] -and $_.Value.Year -lt 2000 } |
            ForEach-Object { "$($_.Type.Name).$($_.Name)" } | Sort-Object -Unique | Should -BeNullOrEmpty
    }

    It 'varies where it is yes or no' {
        $claims | Where-Object { $_.PropertyType -in [bool], [Nullable[bool]] } | Group-Object { "$($_.Type.Name).$($_.Name)" } |
            Where-Object { @($_.Group.Value | ForEach-Object { "$_" } | Sort-Object -Unique).Count -lt 2 } | ForEach-Object Name |
            Where-Object { $_ -notin $variedElsewhere } | Should -BeNullOrEmpty
    }

    It 'is nothing more than what is known: <What>' -ForEach @(
        @{ What = 'a marketplace that cannot be read'; Get = { $markets | Where-Object Name -EQ lost }
            Known = 'ConfigurationFile', 'ConfigurationSource', 'IsRegistered', 'Name', 'Reason', 'Root', 'Scope', 'Source', 'SourceType', 'SparsePaths', 'Status' }
        @{ What = 'an entry that is skipped'; Get = { $plugins | Where-Object Id -EQ broken@corp }
            Known = 'Authentication', 'CatalogPath', 'Id', 'Installation', 'Installed', 'IsAllowedByPolicy', 'Marketplace', 'Name', 'Reason', 'Resolved', 'Scope', 'Status' }
        @{ What = 'an entry whose folder is missing'; Get = { $plugins | Where-Object Name -EQ gone }
            Known = 'Authentication', 'CatalogPath', 'Id', 'Installation', 'Installed', 'IsAllowedByPolicy', 'Marketplace', 'Name', 'Reason', 'Resolved', 'Scope', 'Source', 'SourceType' }
        @{ What = 'an entry whose repository was not asked'; Get = { $unread | Where-Object Name -EQ remote }
            Known = 'Authentication', 'CatalogPath', 'Id', 'Installation', 'Installed', 'IsAllowedByPolicy', 'Marketplace', 'Name', 'Resolved', 'Scope', 'Source', 'SourceType', 'Status' }
        @{ What = 'a plugin that is configured and has no files'; Get = { $installed | Where-Object Name -EQ absent }
            Known = 'CachedVersions', 'CollectedOn', 'ConfigurationSource', 'EffectiveEnabled', 'Enabled', 'Held', 'Id', 'IsAllowedByPolicy', 'Marketplace', 'Name', 'Provenance', 'State', 'ToolVersion' }
        @{ What = 'an update where there are no files'; Get = { $updates | Where-Object Name -EQ absent }
            Known = 'Change', 'CollectedOn', 'Id', 'IsHeld', 'Marketplace', 'Name', 'Reason' }
        @{ What = 'an update whose catalog cannot be read'; Get = { $updates | Where-Object Id -EQ kit@lost }
            Known = 'Change', 'CollectedOn', 'FromVersion', 'Id', 'IsHeld', 'Marketplace', 'Name', 'Reason' }
        @{ What = 'a check of no files'; Get = { $checks | Where-Object Name -EQ absent }
            Known = 'CheckedOn', 'Id', 'IsIntact', 'Marketplace', 'Name', 'State' }
        @{ What = 'an installation that failed'; Get = { $found | Where-Object { $_ -is [PluginMarket.PluginOperationResult] -and $_.Id -eq 'nothing' } }
            Known = 'Action', 'Duration', 'Error', 'Id', 'Name', 'Reason', 'ReasonCode', 'RestartRequired', 'Status' }
        @{ What = 'a preview of a refresh'; Get = { $found | Where-Object { $_ -is [PluginMarket.MarketplaceUpdateResult] -and $_.Status -eq 'WhatIf' } }
            Known = 'Duration', 'Name', 'OldCommit', 'Reason', 'Root', 'Source', 'Status' }
    ) {
        $object = @(& $Get)
        $object.Count | Should -Be 1
        Get-Known $object[0] | Should -Be ($Known + $origin | Sort-Object)
    }

    It 'is not what Codex does where nobody knows' {
        $lost = $installed | Where-Object Id -EQ kit@lost
        $lost.HeldAgainstCodex | Should -BeNullOrEmpty
        $lost.HeldReason | Should -BeLike '*not known*'
    }
}
