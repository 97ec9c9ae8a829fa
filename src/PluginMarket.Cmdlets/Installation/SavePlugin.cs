using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Installation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Save-Plugin</c>: writes the files of plugins into a folder for review and installs nothing.</summary>
[Cmdlet(VerbsData.Save, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Save-Plugin.md")]
[OutputType(typeof(PluginOperationResult))]
public sealed class SavePluginCommand : FetchCmdlet
{
    private readonly WantedPlugins _asked = new();
    private readonly Dictionary<string, SavePlugin> _savers = new(StringComparer.Ordinal);

    /// <summary>The plugins' names, <c>plugin</c> or <c>plugin@marketplace</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(InstallablePluginCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The folder in which each plugin gets a folder of its name; made where it is missing.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The plugins: what Find-Plugin, Get-PluginUpdate or Get-PluginLockFile gives, objects with Name and Marketplace or with
    /// Id, or strings <c>plugin@marketplace</c>. Blank lines and lines starting with <c>#</c> are ignored.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByInputObject)]
    [PluginReferenceTransformation]
    public PluginInput[] InputObject { get; set; } = [];

    /// <summary>The marketplace of plugins given by name alone, wildcards allowed.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Marketplace { get; set; }

    /// <summary>The branch, tag or full commit to take instead of the entry's; git sources only.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(RefCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Ref { get; set; }

    /// <summary>The full commit to take instead of the entry's; git sources only.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(RefCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Sha { get; set; }

    /// <summary>The manifest version that the source must have.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(OfferedVersionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Version { get; set; }

    /// <summary>Refuses a plugin with links, submodules or devices, which are left out otherwise.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>Replaces a folder that contains files already, but never a git repository.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Policy files that count in addition to those of the computer; no policy prevents saving files for review.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    private protected override IReadOnlyList<string> Policies => PolicyPath;
    private protected override bool ChangesHome => false;

    private protected override void Process() =>
        _asked.Take(
            PluginsIn(PluginsOf(ParameterSetName == ByInputObject ? InputObject : [.. Name.Select(PluginInput.From)]), Marketplace));

    private protected override void End()
    {
        foreach (var (market, entries) in _asked.Locked)
        {
            Attempt(market.CodexHome, () => Save(market, Conditions(market) with
            {
                Intent = new InstallIntent.RestoreLock { Entries = entries, Frozen = true },
            }));
        }

        foreach (var (market, references) in _asked.References)
        {
            Attempt(market.CodexHome, () => Save(market, Conditions(market) with
            {
                References = references,
                Intent = new InstallIntent.Install
                {
                    OnlyReads = true,
                    Ref = Ref,
                    Sha = Sha,
                    Version = Version is null ? null : PluginVersion.Parse(Version),
                },
            }));
        }
    }

    private InstallRequest Conditions(MarketEnvironment market) => new()
    {
        Strict = Strict,
        AcceptCapability = ["All"],
        Git = GitAccess.Options(this, market),
    };

    private void Save(MarketEnvironment market, InstallRequest request)
    {
        var folder = PathInput.Resolve(this, Path);
        if (!_savers.TryGetValue(market.CodexHome, out var saver))
        {
            saver = _savers[market.CodexHome] = new SavePlugin(market, folder, Force);
        }

        var plan = Run(token => saver.PlanAsync(request, token));
        foreach (var settled in plan.Settled)
        {
            Emit(SavePlugin.Settled(settled));
        }

        var approved = new List<InstallPlanItem>();
        foreach (var item in plan.Items)
        {
            if (Approve(item.Id.ToString(), $"Save the files of {item.Source} to {saver.TargetOf(item)}"))
            {
                approved.Add(item);
            }
            else if (IsWhatIf)
            {
                Emit(saver.Preview(item));
            }
        }

        Run(async token =>
        {
            await foreach (var result in saver.RunAsync(plan, approved, token).ConfigureAwait(false))
            {
                Post(() => Emit(result));
            }

            return approved.Count;
        });
    }
}
