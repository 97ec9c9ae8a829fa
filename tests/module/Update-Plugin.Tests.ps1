BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Update-Plugin' {
    BeforeEach {
        $at = New-TestHome
        $root = New-Folder
        $null = New-TestPlugin $root tool
        $null = New-TestPlugin $root other
        Set-Catalog $root shop @((New-Entry tool), (New-Entry other), (New-Entry third))
        Add-PluginMarketplace $root @at
        $null = Install-Plugin tool@shop, other@shop @at
        $null = New-TestPlugin $root tool '1.1.0'
    }

    It 'updates everything that is installed, and nothing else' {
        $null = New-TestPlugin $root third
        $results = Update-Plugin @at | Sort-Object Name
        $results | ForEach-Object { "$($_.Name) $($_.Action) $($_.Status)" } | Should -Be 'other Update Unchanged', 'tool Update Updated'
        (Get-InstalledPlugin tool @at).Version | Should -Be '1.1.0'
        (Get-InstalledPlugin @at).Count | Should -Be 2
        { Update-Plugin third@shop @at -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNotInstalled,*'
    }

    It 'takes updates without a risk from the pipeline' {
        $null = New-TestPlugin $root other '1.1.0' -Component Skill, Hook
        $results = Get-PluginUpdate @at | Where-Object Risk -EQ 'None' | Update-Plugin @at
        $results | ForEach-Object { "$($_.Name) $($_.Status) $($_.Version)" } | Should -Be 'tool Updated 1.1.0'
        (Get-InstalledPlugin other @at).Version | Should -Be '1.0.0'
    }

    It 'installs exactly the reviewed bytes' {
        $update = Get-PluginUpdate tool @at
        Add-Content (Join-Path $root 'plugins/tool/skills/tool-skill/SKILL.md') 'Further.'
        { $update | Update-Plugin -AcceptCapability All @at -ErrorAction Stop } | Should -Throw -ErrorId 'UpdateChangedSinceReview,*'
        (Get-InstalledPlugin tool @at).Version | Should -Be '1.0.0'
        $copy = Get-PluginUpdate tool @at | ConvertTo-Json -Depth 5 | ConvertFrom-Json
        ($copy | Update-Plugin @at).Status | Should -Be 'Updated'
    }

    It 'stops at a capability that nobody accepted, and installs nothing' {
        $null = New-TestPlugin $root tool '1.1.0' -Component Skill, Hook
        $result = Update-Plugin tool @at -ErrorVariable problem -ErrorAction SilentlyContinue
        Get-ErrorCode $problem[0] | Should -Be 'CapabilityNotAccepted'
        $result.Status | Should -Be 'Failed'
        (Get-InstalledPlugin tool @at).Version | Should -Be '1.0.0'
        (Update-Plugin tool -AcceptCapability Hook @at).CapabilityChange.Component | Should -Be 'Hook'
    }

    It 'accepts what the approvals file says, on another home too, and nothing else' {
        $null = New-TestPlugin $root tool '1.1.0' -Component Skill, Hook
        $file = Join-Path (New-Folder) 'approvals.json'
        $null = Get-PluginUpdate tool @at | Approve-Plugin -ApprovalFile $file @at
        $there = New-TestHome
        Add-PluginMarketplace $root @there
        (Install-Plugin tool@shop -ApprovalFile $file @there).Version | Should -Be '1.1.0'
        { Install-Plugin other@shop -ApprovalFile $file @there -ErrorAction Stop } | Should -Throw -ErrorId 'CapabilityNotAccepted,*'
        (Update-Plugin tool -ApprovalFile $file @at).Status | Should -Be 'Updated'
        { Update-Plugin tool -ApprovalFile (Join-Path $TestDrive 'nowhere.json') @at -ErrorAction Stop } | Should -Throw -ErrorId 'ApprovalFileUnreadable,*'
    }

    It 'asks first and changes nothing with -WhatIf' {
        $before = Get-FolderState $at.CodexHome
        (Update-Plugin -WhatIf @at).Status | Sort-Object -Unique | Should -Be 'WhatIf'
        Get-FolderState $at.CodexHome | Should -Be $before
    }

    It 'goes back only with -AllowDowngrade' {
        $null = New-TestPlugin $root tool '0.9.0'
        { Update-Plugin tool @at -ErrorAction Stop } | Should -Throw -ErrorId 'DowngradeRefused,*'
        (Update-Plugin tool -AllowDowngrade @at).Status | Should -Be 'Updated'
    }
}
