using System.Management.Automation;
using System.Runtime.Loader;

namespace PluginMarket.Loader;

/// <summary>Runs before PowerShell reflects over the cmdlets, so that the types of the core can be found then.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    private const string Cmdlets = "PluginMarket.Cmdlets";

    /// <inheritdoc/>
    /// <exception cref="ModuleAlreadyLoadedException">The session has the module, in another version or from another
    /// folder.</exception>
    public void OnImport()
    {
        var own = typeof(ModuleInitializer).Assembly;
        var other = AssemblyLoadContext.Default.Assemblies.FirstOrDefault(assembly => assembly.GetName() is { Name: Cmdlets } name
            && name.Version != own.GetName().Version);
        if (other is not null)
        {
            throw ModuleAlreadyLoadedException.Of(own.GetName().Version!, other);
        }

        // PowerShell does not come here for a module that is imported, and removes it before it comes here with -Force: this one is from
        // another folder, and would get the assemblies of the first.
        if (CoreLoadContext.IsAttached && IsImported())
        {
            throw ModuleAlreadyLoadedException.Of(own.GetName().Version!, own);
        }

        CoreLoadContext.Attach();
    }

    private static bool IsImported()
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddCommand("Microsoft.PowerShell.Core\\Get-Module").AddParameter("Name", "PluginMarket").AddParameter("All")
            .Invoke().Count > 0;
    }
}
