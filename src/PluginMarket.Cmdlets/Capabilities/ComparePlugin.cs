using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;

namespace PluginMarket.Cmdlets;

/// <summary><c>Compare-Plugin</c>: what one plugin, or one version of it, can do that another cannot.</summary>
[Cmdlet(VerbsData.Compare, "Plugin",
    HelpUri = OnlineHelp.Pages + "Compare-Plugin.md")]
[OutputType(typeof(CapabilityChange))]
public sealed class ComparePluginCommand : PluginContentCmdlet
{
    /// <summary>What is compared with: a folder, a path, an entry of a catalog, an installed plugin, or an id.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(ComparablePluginCompleter))]
    [PluginReferenceTransformation]
    [ValidateCount(1, 1)]
    public PluginInput[] ReferenceObject { get; set; } = [];

    /// <summary>What is new: a folder, a path, an entry of a catalog, an installed plugin, or an id.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ComparablePluginCompleter))]
    [PluginReferenceTransformation]
    public PluginInput[] DifferenceObject { get; set; } = [];

    /// <summary>Lists every file that differs too.</summary>
    [Parameter]
    public SwitchParameter IncludeFile { get; set; }

    /// <summary>Lists capabilities that are equal on both sides too.</summary>
    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    private protected override void Process()
    {
        foreach (var difference in DifferenceObject)
        {
            Attempt(difference.Source, () =>
            {
                PluginPlace[] places = [Locate(ReferenceObject[0]), Locate(difference)];
                WriteObject(Read(places, contents => contents[0].CompareTo(contents[1], IncludeFile, IncludeEqual)),
                    enumerateCollection: true);
            });
        }
    }
}
