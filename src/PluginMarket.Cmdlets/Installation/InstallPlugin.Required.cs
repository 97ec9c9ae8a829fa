using System.Collections;
using System.Management.Automation;
using PluginMarket.Cmdlets.Fleet;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Fleet;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <content>The plugins of a desired state: put in place, updated, turned on or off and held as it says; nothing is removed.</content>
public sealed partial class InstallPluginCommand
{
    private const string ByRequiredPlugin = "RequiredPlugin";
    private const string ByRequiredFile = "RequiredPluginFile";

    // What the state itself decides.
    private static readonly string[] Decided =
        [nameof(Reinstall), nameof(CacheVersion), nameof(TrustMarketplace), nameof(Disabled), nameof(Enable)];

    /// <summary>A desired state as a hashtable; <c>format</c>, <c>id</c> and <c>revision</c> may be left out. Nothing is removed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByRequiredPlugin)]
    [ValidateNotNull]
    public Hashtable RequiredPlugin { get; set; } = [];

    /// <summary>A desired state, a file of JSON or a data file of PowerShell. Nothing is removed; Sync-Plugin does that.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByRequiredFile)]
    [ValidateNotNullOrEmpty]
    public string? RequiredPluginFile { get; set; }

    private void Add()
    {
        if (Array.Find(Decided, MyInvocation.BoundParameters.ContainsKey) is { } decided)
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                $"-{decided} cannot be used with a desired state, which decides that. {Remedy.Do($"Remove -{decided}.")}");
        }

        var conditions = Conditions(Market);
        var sync = new SyncRun(Market, new SyncRequest(RequiredPluginFile is null ? StateTable.Read(Market, RequiredPlugin)
            : DesiredStateFile.Read(Market, PathInput.Resolve(this, RequiredPluginFile)))
        {
            Options = new SyncOptions { AddsOnly = true },
            AllowDowngrade = AllowDowngrade,
            AcceptCapability = AcceptCapability,
            Approvals = conditions.Approvals,
            KeepVersion = KeepVersion,
            Strict = Strict,
            ThrottleLimit = ThrottleLimit,
            Git = conditions.Git,
        });
        var plan = Run(token => Task.FromResult(sync.Plan(token)));
        var approved = plan.Changes.Where(step => Approve(step.Subject, step.Description)).ToHashSet();
        var isAllApproved = approved.Count == plan.Changes.Count();
        var listed = plan.Home.Plugins.Select(plugin => plugin.Id.ToString()).ToHashSet(StringComparer.Ordinal);
        Run(async token =>
        {
            var items = IsWhatIf ? sync.PreviewAsync(plan, token)
                : sync.ExecuteAsync(plan, step => isAllApproved || approved.Contains(step), token);
            await foreach (var item in items.ConfigureAwait(false))
            {
                Post(() => Emit(item, listed));
            }

            return 0;
        });
    }

    private void Emit(PluginSyncItem item, HashSet<string> listed)
    {
        if (item.Id.Contains('@', StringComparison.Ordinal))
        {
            Emit(item.ToResult(), write: listed.Contains(item.Id) || item.Planned != "None");
        }
        else if (item.GetFailure() is { } failure)
        {
            Report(failure, item.Id);
        }
        else if (item.IsChange)
        {
            WriteVerbose($"{item.Planned}: {item.Id}");
        }
    }
}
