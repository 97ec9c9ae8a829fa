@{
    ModuleVersion        = '0.1.0'
    GUID                 = '6f0a9b1e-6d0c-4d0b-9c39-0b5d6d1c7a52'
    Author               = 'The PluginMarket authors'
    CompanyName          = 'PluginMarket'
    Copyright            = '(c) 2026 The PluginMarket authors. MIT License.'
    Description          = 'Plugin marketplaces of coding agents, as OpenAI Codex has them: add catalogs, filter them, install plugins on one machine or hundreds.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')

    NestedModules        = @('module/bin/PluginMarket.Loader.dll', 'module/PluginMarket.Data.psd1')
    RootModule           = 'module/bin/PluginMarket.Cmdlets.dll'

    CmdletsToExport      = @(
        'Add-PluginMarketplace'
        'Add-PluginMarketplaceEntry'
        'Approve-Plugin'
        'Clear-PluginCache'
        'Compare-Plugin'
        'ConvertTo-PluginReport'
        'Disable-Plugin'
        'Enable-Plugin'
        'Export-PluginDirectory'
        'Export-PluginInventory'
        'Export-PluginLockFile'
        'Export-PluginMarketplace'
        'Export-PluginPolicy'
        'Export-PluginState'
        'Find-Plugin'
        'Get-InstalledPlugin'
        'Get-PluginCapability'
        'Get-PluginDrift'
        'Get-PluginHistory'
        'Get-PluginHome'
        'Get-PluginInventory'
        'Get-PluginLockFile'
        'Get-PluginManifest'
        'Get-PluginManifestRule'
        'Get-PluginMarketplace'
        'Get-PluginPolicy'
        'Get-PluginSecurityContext'
        'Get-PluginUpdate'
        'Import-PluginInventory'
        'Install-Plugin'
        'New-Plugin'
        'New-PluginMarketplace'
        'New-PluginPolicy'
        'Remove-PluginMarketplace'
        'Remove-PluginMarketplaceEntry'
        'Repair-Plugin'
        'Repair-PluginManifest'
        'Resume-PluginUpdate'
        'Save-Plugin'
        'Set-PluginMarketplace'
        'Set-PluginMarketplaceEntry'
        'Suspend-PluginUpdate'
        'Sync-Plugin'
        'Test-PluginEnvironment'
        'Test-PluginIntegrity'
        'Test-PluginManifest'
        'Test-PluginMarketplace'
        'Test-PluginPolicy'
        'Undo-PluginUpdate'
        'Uninstall-Plugin'
        'Update-Plugin'
        'Update-PluginMarketplace'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()

    PrivateData          = @{
        PSData = @{
            Tags         = @('Codex', 'Plugin', 'Marketplace', 'Agent', 'MCP', 'Skill')
            ProjectUri   = 'https://pluginmarket.example/'
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = 'CHANGELOG.md in the folder of the module says what changed.'
        }
    }
}
