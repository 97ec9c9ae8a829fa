BeforeAll {
    . $PSScriptRoot/Common.ps1
    $at = New-TestHome
    $root = New-SampleMarketplace
    Add-PluginMarketplace $root @at
    $policy = Join-Path (New-Folder) 'policy.json'
    Set-Json $policy ([ordered]@{
            format = 1; id = 'corp'; revision = '1'; mode = 'enforce'; contact = 'plugins@example.com'
            rules = @(
                [ordered]@{ id = 'PLG-DEPLOY'; kind = 'plugin'; effect = 'deny'; match = @(@{ plugin = 'deploy@*' }); reason = 'Not reviewed.' }
                [ordered]@{ id = 'MKT-ALLOW'; kind = 'marketplace'; effect = 'allow'; match = @(@{ localRoot = $root }) }
            )
        })
}

Describe 'Test-PluginPolicy' {
    It 'says which rule decides, for every kind of object' {
        $result = Test-PluginPolicy deploy@corp -PolicyPath $policy @at
        $result.Subject, $result.Effect, $result.Rule, $result.Layer | Should -Be 'deploy@corp', 'Denied', 'PLG-DEPLOY', 'Command'
        $result.IsAllowed | Should -BeFalse
        $result.Reason | Should -Match 'Not reviewed'
        (Find-Plugin deploy @at | Test-PluginPolicy -PolicyPath $policy @at).Rule | Should -Be 'PLG-DEPLOY'
        (Get-PluginMarketplace corp @at | Test-PluginPolicy -PolicyPath $policy @at).IsAllowed | Should -BeTrue
        Test-PluginPolicy -Source (New-Folder) -PolicyPath $policy -Quiet @at | Should -BeFalse
        Test-PluginPolicy notes@corp -PolicyPath $policy -Quiet @at | Should -BeTrue
    }

    It 'ends with NothingToCheck where nothing was tested: <_>' -ForEach 'lock file', 'pipeline' {
        $test = if ($_ -eq 'lock file') {
            $lock = Join-Path (New-Folder) 'plugins.lock.json'
            Set-Json $lock @{ format = 1; plugins = @() }
            { param($with) Test-PluginPolicy -LockFile $lock -PolicyPath $policy @at @with -ErrorAction SilentlyContinue -ErrorVariable script:record }
        }
        else {
            { param($with) @() | Test-PluginPolicy -PolicyPath $policy @at @with -ErrorAction SilentlyContinue -ErrorVariable script:record }
        }
        & $test @{} | Should -BeNullOrEmpty
        Get-ErrorCode $record[0] | Should -Be 'NothingToCheck'
        & $test @{ Quiet = $true } | Should -BeFalse
        & $test @{ Quiet = $true; AllowEmpty = $true } | Should -BeTrue
        $record | Should -BeNullOrEmpty
    }

    It 'judges all that a desired state wants, by what the state and its lock file say' {
        $here = New-TestHome
        Add-PluginMarketplace $root @here
        $null = Install-Plugin deploy@corp, notes@corp @here
        $folder = New-Folder
        $null = Export-PluginLockFile (Join-Path $folder 'plugins.lock.json') @here
        $state = Join-Path $folder 'state.json'
        Set-Json $state ([ordered]@{
                format = 1; id = 'web'; revision = '1'; lockFile = @{ path = './plugins.lock.json'; sha256 = "sha256:$((Get-FileHash (Join-Path $folder 'plugins.lock.json')).Hash.ToLower())" }
                marketplaces = [ordered]@{ corp = @{ source = $root }; other = @{ source = (New-Folder) } }
                plugins = @(@{ id = 'deploy@corp' }, @{ id = 'notes@corp' })
            })
        $results = Test-PluginPolicy -RequiredPluginFile $state -PolicyPath $policy @at
        $results.Effect | Should -Be 'Allowed', 'Denied', 'Denied', 'Allowed'
        $results.Rule | Should -Be $null, 'MKT-ALLOW', 'PLG-DEPLOY', $null
        Test-PluginPolicy -RequiredPluginFile $state -PolicyPath $policy -Quiet @at | Should -BeFalse
    }

    It 'judges what machines reported, each plugin by its report' {
        $here = New-TestHome
        Add-PluginMarketplace $root @here
        $null = Install-Plugin deploy@corp, notes@corp @here
        $folder = New-Folder
        $null = Export-PluginInventory $folder @here
        $results = Test-PluginPolicy -InventoryPath $folder -PolicyPath $policy @at
        $results.Effect | Should -Be 'Denied', 'Allowed'
        $results[0].Subject | Should -BeLike 'deploy@corp of *'
        (Get-PluginInventory @here | Test-PluginPolicy -PolicyPath $policy @at).Effect | Should -Be 'Denied', 'Allowed'
        Test-PluginPolicy -InventoryPath (New-Folder) -Quiet @at -ErrorAction SilentlyContinue | Should -BeFalse
        Set-Text (Join-Path $folder 'broken.ndjson') '{}'
        Test-PluginPolicy -InventoryPath (Join-Path $folder 'broken.ndjson') @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'InventoryUnreadable'
    }

    It 'fails where it is asked to' {
        $null = Test-PluginPolicy deploy@corp -PolicyPath $policy -FailOn Denied @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'PolicyDenied'
        $record[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
    }
}

Describe 'A policy' {
    It 'refuses installing, updating and enabling, and not disabling and uninstalling' {
        $null = Install-Plugin deploy@corp @at
        Disable-Plugin deploy@corp @at
        Enable-Plugin deploy@corp -PolicyPath $policy @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'PolicyDenied'
        (Get-InstalledPlugin deploy @at).Enabled | Should -BeFalse
        (Update-Plugin deploy@corp -PolicyPath $policy @at -ErrorAction SilentlyContinue).Error | Should -Be 'PolicyDenied'
        (Uninstall-Plugin deploy@corp -Confirm:$false @at).Status | Should -Be 'Removed'
        $refused = Install-Plugin deploy@corp -PolicyPath $policy @at -ErrorAction SilentlyContinue -ErrorVariable record
        $refused.Status, $refused.Error | Should -Be 'Failed', 'PolicyDenied'
        $record[0].Exception.Message | Should -Match "^'deploy@corp' is refused by PLG-DEPLOY of corp \(.*policy\.json, line \d+\): .*Ask plugins@example\.com\.$"
        Get-InstalledPlugin deploy @at -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'is told when what it refuses is approved or locked, and does not keep from holding it' {
        $here = New-TestHome
        Add-PluginMarketplace $root @here
        $null = Install-Plugin deploy@corp, notes@corp @here
        $folder = New-Folder
        $null = Approve-Plugin deploy@corp -ApprovalFile (Join-Path $folder 'approvals.json') -PolicyPath $policy @here -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -Match 'PLG-DEPLOY'
        $lock = Export-PluginLockFile (Join-Path $folder 'plugins.lock.json') -PolicyPath $policy @here -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -HaveCount 1
        $lock.Entries.IsAllowedByPolicy | Should -Be $false, $true
        $lock.Entries.PolicyRule | Should -Be 'PLG-DEPLOY', $null
        { Export-PluginMarketplace (Join-Path $folder 'frozen') -LockFile $lock.Path -Frozen -PolicyPath $policy @here } | Should -Throw -ErrorId 'PolicyDenied*'
        Test-Path (Join-Path $folder 'frozen') | Should -BeFalse
        Suspend-PluginUpdate deploy -PolicyPath $policy @here
        Resume-PluginUpdate deploy -PolicyPath $policy @here
        (Save-Plugin deploy@corp (Join-Path $folder 'saved') -PolicyPath $policy @here).Status | Should -Be 'Saved'
        Clear-PluginCache -PolicyPath $policy -Confirm:$false @here | Should -BeNullOrEmpty
    }

    It 'refuses a marketplace that it does not list' {
        $other = New-SampleMarketplace 'elsewhere'
        Add-PluginMarketplace $other -PolicyPath $policy @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'PolicyDenied'
        (Get-PluginMarketplace @at).Name | Should -Not -Contain 'elsewhere'
    }

    It 'is not passed by an object that says something else' {
        foreach ($forged in @(
                [pscustomobject]@{ Name = 'deploy'; Marketplace = 'corp'; IsAllowedByPolicy = $true; Installation = 'AVAILABLE' }
                (Find-Plugin deploy@corp @at | Add-Member -NotePropertyName IsAllowedByPolicy -NotePropertyValue $true -Force -PassThru)
                (Find-Plugin deploy@corp @at | ConvertTo-Json -Depth 5 | ConvertFrom-Json)
                'deploy@corp')) {
            (,$forged | Install-Plugin -PolicyPath $policy @at -ErrorAction SilentlyContinue).Error | Should -Be 'PolicyDenied'
        }
    }
}
