using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Installation;

namespace PluginMarket.Cmdlets;

/// <summary>What cmdlets share that put files of plugins in place: collect what is asked for, plan once per home, ask per
/// plugin, then work side by side.</summary>
public abstract class PluginBatchCmdlet : FetchCmdlet
{
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

    /// <summary>Policy files that count in addition to those of the computer; they can only forbid more.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    /// <summary>How many plugins are worked on at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 5;

    /// <summary>The plugins: what Find-Plugin or Get-InstalledPlugin gives, objects with Name and Marketplace or with Id, or strings
    /// <c>plugin@marketplace</c>. Blank lines and lines starting with <c>#</c> are ignored.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByInputObject)]
    [PluginReferenceTransformation]
    public PluginInput[] InputObject { get; set; } = [];

    /// <summary>The marketplace of plugins given by name alone, wildcards allowed.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Marketplace { get; set; }

    private protected override IReadOnlyList<string> Policies => PolicyPath;

    /// <summary>The request of one home.</summary>
    private protected abstract InstallRequest RequestOf(MarketEnvironment market, IReadOnlyList<PluginReference> references);

    /// <summary>The request of locked plugins of one home.</summary>
    private protected abstract InstallRequest LockRequestOf(MarketEnvironment market, IReadOnlyList<PluginLockEntry> entries);

    /// <summary>What has to be done before the catalogs of a home are read; not done under -WhatIf.</summary>
    private protected virtual void Prepare(MarketEnvironment market, IReadOnlyList<PluginReference> references)
    {
    }

    /// <summary>The item as it is to be worked on once it was approved.</summary>
    private protected virtual InstallPlanItem Prepare(InstallPlanItem item) => item;

    /// <summary>The plugins that were asked for, to be filled.</summary>
    private protected WantedPlugins Asked { get; } = new();

    private protected sealed override void End()
    {
        foreach (var (market, entries) in Asked.Locked)
        {
            Attempt(market.CodexHome, () => Execute(market, LockRequestOf(market, entries)));
        }

        foreach (var (market, references) in Asked.References)
        {
            Attempt(market.CodexHome, () =>
            {
                if (!IsWhatIf)
                {
                    Prepare(market, references);
                }

                Execute(market, RequestOf(market, references));
            });
        }
    }

    /// <summary>What the parameters of this class say, as a request without plugins.</summary>
    private protected InstallRequest Conditions(MarketEnvironment market) => new()
    {
        AllowDowngrade = AllowDowngrade,
        AcceptCapability = AcceptCapability,
        Approvals = ApprovalFile is null ? null : PluginMarket.Records.ApprovalFile.Read(market, PathInput.Resolve(this, ApprovalFile)),
        KeepVersion = KeepVersion,
        ThrottleLimit = ThrottleLimit,
        Git = GitAccess.Options(this, market),
    };

    private void Execute(MarketEnvironment market, InstallRequest request)
    {
        var installer = new PluginInstaller(market);
        var plan = Run(token => installer.PlanAsync(request, token));
        foreach (var settled in plan.Settled)
        {
            Emit(settled);
        }

        var approved = new List<InstallPlanItem>();
        foreach (var item in plan.Items)
        {
            if (Approve(item.Id.ToString(), item.Description))
            {
                approved.Add(Prepare(item));
            }
            else if (IsWhatIf)
            {
                Emit(Run(token => installer.PreviewAsync(plan, item, token)));
            }
        }

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
