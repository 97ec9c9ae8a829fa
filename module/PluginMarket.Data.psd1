@{
    # Types and views, in a module of their own so that PowerShell reads them only after the loader has seen that no other version is there.
    ModuleVersion        = '0.1.0'
    GUID                 = '0c1f3a55-3f0e-4bb1-8f65-6d5a2a6c9d1e'
    Author               = 'The PluginMarket authors'
    CompanyName          = 'PluginMarket'
    Copyright            = '(c) 2026 The PluginMarket authors. MIT License.'
    Description          = 'The types and views of PluginMarket.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('PluginMarket.Format.ps1xml')
    TypesToProcess       = @('PluginMarket.Types.ps1xml')
    FunctionsToExport    = @()
    CmdletsToExport      = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
}
