using System.Collections;
using System.Management.Automation;
using PluginMarket.Cmdlets.Fleet;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Fleet;
using PluginMarket.Messages;
using PluginMarket.Sources;

namespace PluginMarket.Cmdlets;

/// <summary><c>Sync-Plugin</c>: makes a home what a desired state says, and gives one item for each step, planned or done.</summary>
[Cmdlet(VerbsData.Sync, "Plugin", DefaultParameterSetName = "RequiredPluginFile", SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Sync-Plugin.md")]
[OutputType(typeof(PluginSyncItem))]
public sealed class SyncPluginCommand : FetchCmdlet
{
    /// <summary>The desired state: a file of JSON or a data file of PowerShell.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "RequiredPluginFile")]
    [ValidateNotNullOrEmpty]
    public string RequiredPluginFile { get; set; } = "";

    /// <summary>The desired state as a hashtable with the same keys; <c>format</c>, <c>id</c> and <c>revision</c> may be left
    /// out.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "RequiredPlugin")]
    [ValidateNotNull]
    public Hashtable RequiredPlugin { get; set; } = [];

    /// <summary>Removes what the state does not list, where its rule is <c>remove</c>.</summary>
    [Parameter]
    public SwitchParameter RemoveUnlisted { get; set; }

    /// <summary>How many plugins may be removed; by default five, or a quarter of the installed ones if that is more.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaximumRemoval { get; set; }

    /// <summary>Lets a version be replaced by a lower one, and a commit by one that does not follow it.</summary>
    [Parameter]
    public SwitchParameter AllowDowngrade { get; set; }

    /// <summary>Kinds of capability that an update may add or change. Does not count with -ApprovalFile.</summary>
    [Parameter]
    [ValidateSet("Hook", "McpServer", "App", "Script", "Skill", "All")]
    public string[] AcceptCapability { get; set; } = [];

    /// <summary>A file of approvals, which alone decides: exactly the bytes it names are put in place, and nothing else.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ApprovalFile { get; set; }

    /// <summary>Fetches nothing: what is not on this machine already fails.</summary>
    [Parameter]
    public SwitchParameter Offline { get; set; }

    /// <summary>Waits up to this long before anything is read: each machine a part of its own, the same in every run.</summary>
    [Parameter]
    public TimeSpan Splay { get; set; }

    /// <summary>How many plugins are worked on at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 5;

    /// <summary>Removes plugins without asking, also those whose origin is not recorded.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Policy files that count in addition to those of the computer; they can only forbid more.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    private static readonly TimeSpan LongestSplay = TimeSpan.FromDays(1);

    private protected override IReadOnlyList<string> Policies => PolicyPath;

    private protected override bool CreatesHome => true;

    private protected override SharedSources? ShareSources() => new(Market, GitAccess.Options(this, Market));

    private protected override void Process()
    {
        if (Splay < TimeSpan.Zero || Splay > LongestSplay)
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"-Splay is from 0 to {LongestSplay.TotalDays} days. "
                + $"{Remedy.Do($"Use a shorter time.")}");
        }

        if (!IsWhatIf)
        {
            Run(async token =>
            {
                await PluginMarket.Fleet.Splay.WaitAsync(Market, Splay, token).ConfigureAwait(false);
                return 0;
            });
        }

        var state = ParameterSetName == "RequiredPlugin"
            ? StateTable.Read(Market, RequiredPlugin) : DesiredStateFile.Read(Market, PathInput.Resolve(this, RequiredPluginFile));
        var sync = new SyncRun(Market, new SyncRequest(state)
        {
            Options = new SyncOptions
            {
                RemoveUnlisted = RemoveUnlisted,
                MaximumRemoval = MyInvocation.BoundParameters.ContainsKey(nameof(MaximumRemoval)) ? MaximumRemoval : null,
                Force = Force,
            },
            AllowDowngrade = AllowDowngrade,
            AcceptCapability = AcceptCapability,
            Approvals = ApprovalFile is null ? null : PluginMarket.Records.ApprovalFile.Read(Market, PathInput.Resolve(this, ApprovalFile)),
            Offline = Offline,
            ThrottleLimit = ThrottleLimit,
            Git = GitAccess.Options(this, Market),
        });
        var plan = Run(token => Task.FromResult(sync.Plan(token)));
        if (plan.Refusal is { } refusal)
        {
            throw refusal;
        }

        // Asked here, on the pipeline's own thread, before anything is changed.
        var approved = plan.Changes.Where(step => Approve(step.Subject, step.Description)).ToHashSet();
        if (IsWhatIf)
        {
            Stream(token => sync.PreviewAsync(plan, token));
            return;
        }

        var removals = approved.Where(step => step.Operation is SyncOperation.Uninstall or SyncOperation.RemoveMarketplace).ToList();
        if (removals.Count > 0 && !Ask(Market.CodexHome, $"Remove {string.Join(", ", removals.Select(step => step.Subject))}?", Force))
        {
            approved.ExceptWith(removals);
        }

        var isAllApproved = approved.Count == plan.Changes.Count();
        Stream(token => sync.ExecuteAsync(plan, step => isAllApproved || approved.Contains(step), token));
    }

    private void Stream(Func<CancellationToken, IAsyncEnumerable<PluginSyncItem>> items) => Run(async token =>
    {
        await foreach (var item in items(token).ConfigureAwait(false))
        {
            Post(() => Emit(item));
        }

        return 0;
    });

    private void Emit(PluginSyncItem item)
    {
        WriteObject(item);
        if (item.GetFailure() is { } failure)
        {
            Report(failure, item.Id);
        }
    }
}
