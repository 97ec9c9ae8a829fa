using System.Text;
using System.Text.Json.Nodes;
using PluginMarket.Inventory;
using PluginMarket.Json;

namespace PluginMarket.Fleet.Dsc;

/// <summary>A kind that is a desired state of its own: testing and setting share the comparison and the plan of every other
/// state.</summary>
internal abstract class DscSyncKind : DscKind
{
    /// <summary>The state that is wanted, with what was not given taken from what is there.</summary>
    private protected abstract DesiredState Wanted(MarketEnvironment environment, DscInput input, PluginInventory there);

    /// <summary>What is there.</summary>
    private protected abstract JsonObject Show(MarketEnvironment environment, DscInput input, DesiredState wanted, PluginInventory there);

    /// <summary>The property that a difference is about; null where applying would not act on it.</summary>
    private protected abstract string? PropertyOf(Difference difference, DscInput input);

    /// <summary>What would be there after applying.</summary>
    private protected abstract JsonObject Preview(DscInput input, JsonObject state);

    /// <summary>How far applying may go.</summary>
    private protected virtual SyncOptions OptionsOf(DscInput input) => new();

    /// <summary>Whether the home remembers that the state was applied.</summary>
    private protected virtual bool IsRecorded(DscInput input) => false;

    /// <summary>Properties that differ and are not about a plugin or a marketplace.</summary>
    private protected virtual IEnumerable<string> OwnDifferences(DscInput input, DesiredState wanted, PluginInventory there) => [];

    internal override DscAnswer Get(MarketEnvironment environment, DscInput input, CancellationToken cancellation)
    {
        var there = Collect(environment, cancellation);
        return new DscAnswer(Show(environment, input, Wanted(environment, input, there), there), []);
    }

    internal override DscAnswer Test(MarketEnvironment environment, DscInput input, CancellationToken cancellation)
    {
        var there = Collect(environment, cancellation);
        var wanted = Wanted(environment, input, there);
        return Judged(new DscAnswer(Show(environment, input, wanted, there), Differing(environment, input, wanted, there)));
    }

    internal override async Task<DscAnswer> SetAsync(MarketEnvironment environment, DscInput input, bool isPreview,
        CancellationToken cancellation)
    {
        var there = Collect(environment, cancellation);
        var wanted = Wanted(environment, input, there);
        var before = Show(environment, input, wanted, there);
        var differing = Differing(environment, input, wanted, there);
        if (differing.Count == 0)
        {
            return Judged(new DscAnswer(before, []));
        }

        var run = new SyncRun(environment, new SyncRequest(wanted) { Options = OptionsOf(input), IsRecorded = IsRecorded(input) });
        var plan = run.Plan(cancellation);
        if (plan.Refusal is { } refusal)
        {
            throw refusal;
        }

        var items = new List<PluginSyncItem>();
        await foreach (var item in (isPreview ? run.PreviewAsync(plan, cancellation) : run.ExecuteAsync(plan, _ => true, cancellation))
            .ConfigureAwait(false))
        {
            items.Add(item);
        }

        var failures = FailuresOf(items);
        if (isPreview)
        {
            return Judged(new DscAnswer(Preview(input, before), differing, failures)) with
            {
                IsPartial = items.Exists(item => item.IsChange),
            };
        }

        var now = Collect(environment, cancellation);
        wanted = Wanted(environment, input, now);
        var after = Show(environment, input, wanted, now);
        return Judged(new DscAnswer(after, Differing(environment, input, wanted, now), failures)) with
        {
            Differing = Changed(before, after),
            IsPartial = items.Exists(item => item.IsChange),
        };
    }

    private static List<PluginMarketException> FailuresOf(List<PluginSyncItem> items) =>
    [
        .. items.Select(item => item.GetFailure()).OfType<PluginMarketException>(),
        .. items.Where(item => item is { Status: "Skipped", ReasonCode: nameof(MarketErrorCode.ProvenanceUnknown) })
            .Select(item => item.GetReason() is { } reason
                ? new PluginMarketException(MarketErrorCode.ProvenanceUnknown, $"{reason}", item.Id) : null)
            .OfType<PluginMarketException>(),
    ];

    private protected static PluginInventory Collect(MarketEnvironment environment, CancellationToken cancellation) =>
        new CollectInventory(environment).Demand(withCapabilities: false, cancellation);

    /// <summary>Reads a document of a desired state that was made of properties.</summary>
    private protected static DesiredState Read(MarketEnvironment environment, JsonObject members, string revision = "1")
    {
        members["format"] = 1;
        members["id"] = "dsc";
        members["revision"] = revision;
        return new DesiredStateReader(environment, folder: null).Read(JsonFile.Parse(Encoding.UTF8.GetBytes(members.ToJsonString()),
            "standard input", MarketErrorCode.StateFileUnreadable, environment.Limits));
    }

    // Without members that are null: a document of a state says nothing there.
    private protected static JsonObject Given(DscInput input, params ReadOnlySpan<string> names)
    {
        var members = new JsonObject();
        foreach (var name in names)
        {
            Put(members, name, input.Copy(name));
        }

        return members;
    }

    private List<string> Differing(MarketEnvironment environment, DscInput input, DesiredState wanted, PluginInventory there)
    {
        var home = ExpectedHome.Of(wanted, ExpectedMarketplace.AllOf(wanted, environment), MachineFacts.Of(there),
            DefaultPlugins.Of(environment, wanted.Defaults));
        var plan = SyncPlanner.Plan(home, there, OptionsOf(input));
        var acted = plan.Changes
            .Concat(plan.Steps.Where(step => step.SkippedBecause == nameof(MarketErrorCode.ProvenanceUnknown)))
            .Select(step => step.Subject).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. StateComparison.Compare(home, there).Where(difference => acted.Contains(difference.Subject))
                .Select(difference => PropertyOf(difference, input)).OfType<string>()
                .Concat(OwnDifferences(input, wanted, there)).Distinct(StringComparer.Ordinal),
        ];
    }
}
