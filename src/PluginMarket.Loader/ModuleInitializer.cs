using System.Management.Automation;
using System.Runtime.Loader;

namespace PluginMarket.Loader;

/// <summary>Runs before PowerShell reflects over the cmdlets, so that the types of the core can be found then.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    private const string Cmdlets = "PluginMarket.Cmdlets";

    /// <inheritdoc/>
    /// <exception cref="ModuleAlreadyLoadedException">The session has another version of the module.</exception>
    public void OnImport()
    {
        var own = typeof(ModuleInitializer).Assembly;
        var other = AssemblyLoadContext.Default.Assemblies.FirstOrDefault(assembly => assembly.GetName() is { Name: Cmdlets } name
            && name.Version != own.GetName().Version);
        if (other is not null)
        {
            throw ModuleAlreadyLoadedException.Of(own.GetName().Version!, other);
        }

        CoreLoadContext.Attach();
    }
}
