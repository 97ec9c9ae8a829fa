using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Installation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Clear-PluginCache</c>: removes versions that were replaced and kept, and with -Staging what ended commands left.</summary>
[Cmdlet(VerbsCommon.Clear, "PluginCache", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    HelpUri = OnlineHelp.Pages + "Clear-PluginCache.md")]
[OutputType(typeof(PluginCacheItem))]
public sealed class ClearPluginCacheCommand : MarketCmdlet
{
    /// <summary>The names of plugins, <c>plugin</c> or <c>plugin@marketplace</c>, wildcards allowed,
    /// installed or not; all by default.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(InstalledPluginCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
    public string[] Name { get; set; } = [];

    /// <summary>How many kept versions of each plugin stay, the newest.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int KeepVersion { get; set; }

    /// <summary>Removes the unfinished work of commands that ended, and no kept version.</summary>
    [Parameter]
    public SwitchParameter Staging { get; set; }

    /// <summary>Policy files that count in addition to those of the computer; no policy prevents removing kept versions.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    private protected override IReadOnlyList<string> Policies => PolicyPath;

    private protected override void End()
    {
        var pruning = new PrunePluginCache(Market);
        foreach (var item in Staging ? pruning.FindStaging() : pruning.FindKept(Name, KeepVersion))
        {
            Attempt(item, () =>
            {
                if (Approve(item.ToString(), item.Kind == "Kept" ? "Remove the kept version" : "Remove unfinished work"))
                {
                    WriteObject(Run(token => pruning.RemoveAsync(item, token)));
                }
                else if (IsWhatIf)
                {
                    WriteObject(pruning.Preview(item));
                }
            });
        }
    }
}
