BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Approve-Plugin' {
    BeforeEach {
        $at = New-TestHome
        $root = New-Folder
        $null = New-TestPlugin $root tool -Component Skill, Hook, McpServer
        Set-Catalog $root shop @(New-Entry tool)
        Add-PluginMarketplace $root @at
        $file = Join-Path (New-Folder) 'approvals.json'
    }

    It 'writes what was reviewed, with the capabilities that are accepted' {
        $approval = Find-Plugin tool @at | Approve-Plugin -ApprovalFile $file -Note 'CHG-1' @at
        $approval.PSTypeNames[0] | Should -Be 'PluginMarket.PluginApproval'
        $approval.Id | Should -Be 'tool@shop'
        $approval.Capabilities.Component | Should -Be 'Hook', 'McpServer', 'McpServer'
        $json = Get-Content -Raw $file | ConvertFrom-Json
        $json.format | Should -Be 1
        $json.approvals[0].id | Should -Be 'tool@shop'
        $json.approvals[0].treeHash | Should -Be (Install-Plugin tool@shop @at).TreeHash
        $json.approvals[0].note | Should -Be 'CHG-1'
        $json.approvals[0].capabilities[0].hash | Should -Match '^sha256:[0-9a-f]{64}$'
        Get-Content -Raw $file | Should -Not -Match 'topsecret'
    }

    It 'writes what the published schema describes' {
        $null = 'tool@shop' | Approve-Plugin -ApprovalFile $file -Note 'CHG-1' @at
        Get-Content -Raw $file | Test-Json -SchemaFile (Join-Path $RepositoryRoot 'module/schemas/approvals.schema.json') | Should -BeTrue
        '{"format":1,"approvals":[{"id":"tool@shop"}]}' | Test-Json -SchemaFile (Join-Path $RepositoryRoot 'module/schemas/approvals.schema.json') -ErrorAction SilentlyContinue | Should -BeFalse
    }

    It 'approves a folder of a catalog that need not be registered' {
        $there = New-TestHome
        (Approve-Plugin -Path (Join-Path $root 'plugins/*') -ApprovalFile $file @there).Id | Should -Be 'tool@shop'
        { Approve-Plugin -Path $root -ApprovalFile $file @there -ErrorAction Stop } | Should -Throw -ErrorId 'PluginNotFound,*'
    }

    It 'approves an update only if its source is the reviewed one' {
        $null = Install-Plugin tool@shop @at
        $null = New-TestPlugin $root tool '2.0.0' -Component Skill, Hook
        $update = Get-PluginUpdate tool @at
        Add-Content (Join-Path $root 'plugins/tool/skills/tool-skill/SKILL.md') 'Further.'
        { $update | Approve-Plugin -ApprovalFile $file @at -ErrorAction Stop } | Should -Throw -ErrorId 'UpdateChangedSinceReview,*'
        Test-Path $file | Should -BeFalse
    }

    It 'loses no approval that another one writes at the same time, and leaves nothing beside the file' {
        $names = 1..8 | ForEach-Object { "tool-$_" }
        $names | ForEach-Object { $null = New-TestPlugin $root $_ -Component Hook }
        Set-Catalog $root shop @($names | ForEach-Object { New-Entry $_ })
        $codexHome, $homePath, $approvals, $manifest = $at.CodexHome, $at.HomePath, $file, $ModuleManifest
        $names | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:manifest
            Approve-Plugin "$_@shop" -ApprovalFile $using:approvals -CodexHome $using:codexHome -HomePath $using:homePath
        } | Should -HaveCount 8
        (Get-Content -Raw $file | ConvertFrom-Json).approvals.id | Should -Be ($names | ForEach-Object { "$_@shop" })
        (Get-ChildItem -Force (Split-Path $file)).Name | Should -Be 'approvals.json'
    }

    It 'writes nothing with -WhatIf, and over no file that it cannot read' {
        (Approve-Plugin tool@shop -ApprovalFile $file -WhatIf @at).Status | Should -Be 'WhatIf'
        Test-Path $file | Should -BeFalse
        '{' | Set-Content $file
        { Approve-Plugin tool@shop -ApprovalFile $file @at -ErrorAction Stop } | Should -Throw -ErrorId 'ApprovalFileUnreadable,*'
        Get-Content $file | Should -Be '{'
    }
}
