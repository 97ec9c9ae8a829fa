using System.Management.Automation;

namespace PluginMarket.Loader;

/// <summary>Runs before PowerShell reflects over the cmdlets, so that the types of the core can be found then.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    /// <inheritdoc/>
    public void OnImport() => CoreLoadContext.Attach();
}
