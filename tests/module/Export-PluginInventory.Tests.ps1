BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Export-PluginInventory' {
    BeforeEach {
        $at = New-TestHome
        Add-PluginMarketplace (New-SampleMarketplace) @at
        $null = Install-Plugin notes@corp @at
        $folder = New-Folder
    }

    It 'writes one file for a home and replaces it' {
        $file = Export-PluginInventory $folder @at
        $file.Name | Should -Match '\.[0-9a-f]{8}\.ndjson$'
        (Export-PluginInventory $folder @at).FullName | Should -Be $file.FullName
        Get-ChildItem -Force $folder | Should -HaveCount 1
        (Get-Content $file.FullName | ConvertFrom-Json).kind | Should -Be 'home', 'marketplace', 'plugin', 'end'
        (Get-PluginInventory @at | Export-PluginInventory $folder).FullName | Should -Be $file.FullName
    }

    It 'writes nothing under -WhatIf, and refuses a file that is not an inventory' {
        $before = Get-ChildItem -Force $folder | ForEach-Object LastWriteTimeUtc
        (Export-PluginInventory $folder -WhatIf @at).Directory.FullName | Should -Be $folder
        Get-ChildItem -Force $folder | ForEach-Object LastWriteTimeUtc | Should -Be $before
        Get-InstalledPlugin @at | Export-PluginInventory $folder -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'InputNotAResult'
        Export-PluginInventory (Join-Path $folder none gone) @at -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'SourceUnreachable'
        Get-ChildItem -Force $folder | Should -BeNullOrEmpty
    }

    It 'refuses an address that is not https, and tells an inventory that was not delivered' {
        { Export-PluginInventory -Uri http://reports.example.com/ @at -ErrorAction Stop } | Should -Throw -ErrorId 'SourceInvalid,PluginMarket.Cmdlets.ExportPluginInventoryCommand'
        Export-PluginInventory -Uri https://reports.example.com/ -WhatIf @at | Should -BeNullOrEmpty
        Get-PluginInventory @at | Export-PluginInventory -Uri http://127.0.0.1:9/ -ErrorAction SilentlyContinue -ErrorVariable record
        Get-ErrorCode $record[0] | Should -Be 'ReportNotDelivered'
    }
}
