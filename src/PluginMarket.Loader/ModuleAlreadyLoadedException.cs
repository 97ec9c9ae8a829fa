using System.Management.Automation;
using System.Reflection;

namespace PluginMarket.Loader;

/// <summary>A session has one copy of the module for its whole life: assemblies cannot be unloaded.</summary>
public sealed class ModuleAlreadyLoadedException : RuntimeException
{
    private const string Id = "ModuleAlreadyLoaded";
    private const string Remedy = "Start a new PowerShell session to use the other one.";

    private ModuleAlreadyLoadedException(string message, string folder)
        : base(message) =>
        ErrorRecord = new ErrorRecord(this, Id, ErrorCategory.ResourceExists, folder)
        {
            ErrorDetails = new ErrorDetails(message) { RecommendedAction = Remedy },
        };

    /// <inheritdoc/>
    public override ErrorRecord ErrorRecord { get; }

    /// <summary>The failure of a copy that finds another one.</summary>
    /// <param name="wanted">The version that is being imported.</param>
    /// <param name="loaded">An assembly of the other one.</param>
    internal static ModuleAlreadyLoadedException Of(Version wanted, Assembly loaded)
    {
        // The assembly is in the folder module/bin of the module's.
        var folder = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(loaded.Location)))!;
        var present = loaded.GetName().Version!;
        return new ModuleAlreadyLoadedException(
            $"PluginMarket {wanted.ToString(3)} cannot be imported: this session has loaded PluginMarket {present.ToString(3)} "
                + $"from '{folder}'. {Remedy}",
            folder);
    }
}
