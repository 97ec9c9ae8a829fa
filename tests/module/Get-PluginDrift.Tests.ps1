BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Get-PluginDrift' {
    BeforeEach {
        $at = New-TestHome
        $root = New-SampleMarketplace
        Add-PluginMarketplace $root @at
        $null = Install-Plugin notes@corp, deploy@corp @at
        $folder = New-Folder
        $state = Join-Path $folder 'state.json'
        $null = Export-PluginState $state -Pin Version @at
    }

    It 'gives nothing for a home in order, and each difference else' {
        Get-PluginDrift -RequiredPluginFile $state @at | Should -BeNullOrEmpty
        Get-PluginDrift -RequiredPluginFile $state -Quiet @at | Should -BeTrue
        (Get-PluginDrift -RequiredPluginFile $state -IncludeInSync @at).Kind | Should -Be 'InSync'
        Disable-Plugin notes@corp @at
        $null = Install-Plugin mail@corp @at
        Add-Content (Join-Path (Get-InstalledPlugin deploy @at).Path '.mcp.json') ' '
        $drift = Get-PluginDrift -RequiredPluginFile $state @at
        $drift[0].PSTypeNames[0] | Should -Be 'PluginMarket.PluginDrift'
        $drift | ForEach-Object { "$($_.Kind) $($_.Subject) $($_.Severity)" } | Sort-Object | Should -Be 'Disabled notes@corp Error', 'Modified deploy@corp Error', 'Unexpected mail@corp Warning'
        (Get-PluginDrift -RequiredPluginFile $state -Kind Disabled @at).Subject | Should -Be 'notes@corp'
        Get-PluginDrift -RequiredPluginFile $state -Quiet @at | Should -BeFalse
        { Get-PluginDrift -RequiredPluginFile $state -FailOn Error @at } | Should -Throw -ErrorId 'DriftFound,PluginMarket.Cmdlets.GetPluginDriftCommand'
    }

    It 'finds the same in objects, CliXml, JSON and files' {
        Disable-Plugin notes@corp @at
        Add-Content (Join-Path (Get-InstalledPlugin deploy @at).Path '.mcp.json') ' '
        $inventory = Get-PluginInventory @at
        $inventory | Export-Clixml (Join-Path $folder 'i.xml')
        $inventory | ConvertTo-Json -Depth 5 | Set-Content (Join-Path $folder 'i.json')
        $file = Export-PluginInventory (New-Folder) @at
        $sent = Start-Job -ArgumentList $ModuleManifest, $at { param($manifest, $at) Import-Module $manifest; Get-PluginInventory @at } | Receive-Job -Wait -AutoRemoveJob
        $told = { process { "$($_.ComputerName) $($_.Subject) $($_.Kind) $($_.Severity) $($_.Expected) $($_.Actual)" } }
        $live = Get-PluginDrift -RequiredPluginFile $state @at | & $told
        $live | Should -HaveCount 2
        foreach ($other in $inventory, (Import-Clixml (Join-Path $folder 'i.xml')), (Get-Content -Raw (Join-Path $folder 'i.json') | ConvertFrom-Json), (Import-PluginInventory $file.FullName), $sent) {
            $other | Get-PluginDrift -RequiredPluginFile $state | & $told | Should -Be $live
        }
        Get-PluginDrift -InventoryPath $file.DirectoryName -RequiredPluginFile $state | & $told | Should -Be $live
    }

    It 'reports an unknown state as a difference' {
        $lock = Join-Path $folder 'plugins.lock.json'
        $null = Export-PluginLockFile $lock @at
        $held = @{ Kind = 'Unverified', 'Missing', 'Content', 'Modified' }
        Get-InstalledPlugin -IncludeHash @at | Get-PluginDrift -LockFile $lock @held | Should -BeNullOrEmpty
        (Get-InstalledPlugin @at | Get-PluginDrift -LockFile $lock @held).Kind | Should -Be 'Unverified', 'Unverified'
        Get-InstalledPlugin @at | Get-PluginDrift -LockFile $lock -Quiet | Should -BeFalse
    }

    It 'tells of machines that did not report, and of old reports' {
        $inventory = Get-PluginInventory @at
        $record = [System.Management.Automation.ErrorRecord]::new([Exception]::new('x'), 'x', 'OpenError', 'build02')
        $drift = $inventory | Get-PluginDrift -RequiredPluginFile $state -ExpectedComputer $inventory.ComputerName, 'build01', $record
        $drift | ForEach-Object { "$($_.Kind) $($_.ComputerName)" } | Should -Be 'NoReport build01', 'NoReport build02'
        $summary = $inventory | Get-PluginDrift -RequiredPluginFile $state -ExpectedComputer $inventory.ComputerName, 'build01' -Summary
        "$($summary.Expected) $($summary.Reporting) $($summary.InSync) $($summary.Unknown)" | Should -Be '2 1 1 1'
        ($inventory | Get-PluginDrift -RequiredPluginFile $state -MaximumAge ([timespan]::FromTicks(1))).Kind | Should -Be 'StaleReport'
    }

    It 'compares with another home, and refuses a file that is not an inventory' {
        $reference = Export-PluginInventory (Join-Path $folder 'reference.ndjson') @at
        Get-PluginDrift -ReferenceInventory $reference.FullName -Kind Missing, Unexpected, Disabled, MarketplaceMissing @at | Should -BeNullOrEmpty
        $other = New-TestHome
        (Get-PluginDrift -ReferenceInventory $reference.FullName @other).Kind | Sort-Object | Should -Be 'MarketplaceMissing', 'Missing', 'Missing'
        Get-Item $folder | Get-PluginDrift -RequiredPluginFile $state -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'InputNotAResult'
        { Get-PluginDrift @at } | Should -Throw -ErrorId 'SourceInvalid,PluginMarket.Cmdlets.GetPluginDriftCommand'
    }

    It 'finds the same in a report with everything that a report can have, whichever way it came' {
        $hash = 'sha256:' + 'a' * 64
        $report = [pscustomobject]@{
            ComputerName = 'build07'; UserName = 'dev'; CodexHome = '/home/dev/.codex'; CollectedOn = [datetime]::UtcNow; ToolVersion = '1.0.0'
            Policies = @([pscustomobject]@{ Id = 'corp'; Revision = '0'; State = 'Active'; Digest = $hash }); ChannelId = 'corp'; ChannelExpires = [datetime]'2020-01-01'
            Blocks = @([pscustomobject]@{ Id = 'X-1'; Target = 'treeHash'; Value = $hash })
            Plugins = @([pscustomobject]@{ Id = 'a@corp'; State = 'Installed'; EffectiveEnabled = $true; TreeHash = $hash; Integrity = 'Intact'; Provenance = 'Recorded'; Advisories = @('GHSA-1') })
        }
        $policy = Join-Path $folder 'policy.json'
        Set-Json $policy ([ordered]@{ format = 1; id = 'corp'; revision = '1'; mode = 'enforce'; rules = @(@{ id = 'NO-A'; kind = 'plugin'; effect = 'deny'; match = @(@{ plugin = 'a@*' }) }) })
        $report | Export-Clixml (Join-Path $folder 'i.xml')
        $report | ConvertTo-Json -Depth 5 | Set-Content (Join-Path $folder 'i.json')
        $file = $report | Export-PluginInventory (New-Folder) @at
        $told = { process { "$($_.Subject) $($_.Kind) $($_.Expected) $($_.Actual)" } }
        $live = $report | Get-PluginDrift -Policy $policy | & $told
        $live | Sort-Object | Should -HaveCount 5
        ($report | Get-PluginDrift -Policy $policy).Kind | Sort-Object | Should -Be 'Advisory', 'Blocked', 'ChannelExpired', 'PolicyOutdated', 'PolicyViolation'
        foreach ($other in (Import-Clixml (Join-Path $folder 'i.xml')), (Get-Content -Raw (Join-Path $folder 'i.json') | ConvertFrom-Json), (Import-PluginInventory $file.FullName)) {
            $other | Get-PluginDrift -Policy $policy | & $told | Should -Be $live
        }
        Get-PluginDrift -InventoryPath $file.DirectoryName -Policy $policy | & $told | Should -Be $live
    }

    It 'takes a comparison of nothing, or of what could not be read, for no answer' {
        $empty = New-Folder
        Get-PluginDrift -InventoryPath $empty -RequiredPluginFile $state -Quiet -ErrorAction SilentlyContinue -ErrorVariable record | Should -BeFalse
        Get-ErrorCode $record[0] | Should -Be 'NothingToCheck'
        Get-PluginDrift -InventoryPath $empty -RequiredPluginFile $state -Quiet -AllowEmpty | Should -BeTrue
        $good = (Export-PluginInventory (New-Folder) @at).FullName
        Get-PluginDrift -InventoryPath $good, (Join-Path $empty 'none') -RequiredPluginFile $state -Quiet -ErrorAction SilentlyContinue | Should -BeFalse
    }
}
