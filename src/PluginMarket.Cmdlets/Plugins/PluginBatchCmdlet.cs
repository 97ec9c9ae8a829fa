using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary>What cmdlets share that put files of plugins in place: collect what is asked for, plan once per home, ask per plugin, then work side by side.</summary>
public abstract class PluginBatchCmdlet : PluginFetchCmdlet
{
    private readonly Dictionary<MarketEnvironment, List<PluginReference>> _wanted = new(ReferenceEqualityComparer.Instance);

    /// <summary>Kinds of capability that a replacement may add or change. Does not count with -ApprovalFile.</summary>
    [Parameter]
    [ValidateSet("Hook", "McpServer", "App", "Script", "Skill", "All")]
    public string[] AcceptCapability { get; set; } = [];

    /// <summary>A file of approvals, which alone decides: exactly the bytes it names are put in place, and nothing else.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ApprovalFile { get; set; }

    /// <summary>Lets a version be replaced by a lower one, and a commit by one that does not follow it.</summary>
    [Parameter]
    public SwitchParameter AllowDowngrade { get; set; }

    /// <summary>How many replaced versions of a plugin are kept.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int KeepVersion { get; set; } = InstallRequest.DefaultKeepVersion;

    /// <summary>How many plugins are worked on at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 5;

    /// <summary>The request of one home.</summary>
    private protected abstract InstallRequest RequestOf(MarketEnvironment market, IReadOnlyList<PluginReference> references);

    /// <summary>The item as it is to be worked on once it was approved.</summary>
    private protected virtual InstallPlanItem Prepare(InstallPlanItem item) => item;

    /// <summary>The plugins asked for in one home, to be filled.</summary>
    private protected List<PluginReference> ReferencesOf(MarketEnvironment market)
    {
        if (!_wanted.TryGetValue(market, out var references))
        {
            references = _wanted[market] = [];
        }

        return references;
    }

    private protected sealed override void End()
    {
        foreach (var (market, references) in _wanted)
        {
            Attempt(market.CodexHome, () => Execute(new PluginInstaller(market), RequestOf(market, references)));
        }
    }

    /// <summary>What the parameters of this class say, as a request without plugins.</summary>
    private protected InstallRequest Conditions(MarketEnvironment market) => new()
    {
        AllowDowngrade = AllowDowngrade,
        AcceptCapability = AcceptCapability,
        Approvals = ApprovalFile is null ? null : PluginMarket.ApprovalFile.Read(market, PathInput.Resolve(this, ApprovalFile)),
        KeepVersion = KeepVersion,
        ThrottleLimit = ThrottleLimit,
        Git = GitAccess.Options(this, market),
    };

    private void Execute(PluginInstaller installer, InstallRequest request)
    {
        var plan = Run(token => installer.PlanAsync(request, token));
        foreach (var failure in plan.Failures)
        {
            Emit(failure);
        }

        var approved = plan.Items.Where(item => Approve(item.Id.ToString(), item.Description)).Select(Prepare).ToList();
        Run(async token =>
        {
            await foreach (var result in installer.ExecuteAsync(plan, approved, token).ConfigureAwait(false))
            {
                Post(() => Emit(result));
            }

            return approved.Count;
        });
    }
}
