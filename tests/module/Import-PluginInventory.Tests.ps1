BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Import-PluginInventory' {
    It 'reads files and folders, and refuses one that was edited' {
        $at = New-TestHome
        Add-PluginMarketplace (New-SampleMarketplace) @at
        $null = Install-Plugin notes@corp @at
        $folder = New-Folder
        $file = Export-PluginInventory $folder @at
        (Import-PluginInventory $file.FullName).Plugins.Id | Should -Be 'notes@corp'
        (Get-Content -Raw $file.FullName).Replace('"version":"1.0.0"', '"version":"1.0.1"') | Set-Content -NoNewline (Join-Path $folder 'edited.ndjson')
        $read = Import-PluginInventory $folder -ErrorAction SilentlyContinue -ErrorVariable record
        $read.Plugins.Version | Should -Be '1.0.0'
        Get-ErrorCode $record[0] | Should -Be 'InventoryUnreadable'
        $record[0].TargetObject | Should -BeLike '*edited.ndjson'
    }
}
