using System.Text;
using PluginMarket.Fleet;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Each kind of drift with what produces it, and with what only looks like it.</summary>
[Trait("Category", "Fast")]
public sealed class DriftKindTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);
    private static readonly string Commit = new('3', 40);
    private static readonly string OtherCommit = new('4', 40);
    private static readonly string Digest = "sha256:" + new string('a', 64);
    private static readonly string OtherDigest = "sha256:" + new string('b', 64);

    private const string Source = "https://git.example.com/plugins.git";

    private readonly TestHome _home = new();

    /// <summary>What a home is compared with.</summary>
    public enum Against
    {
        State,
        Twin,
        Policy,
    }

    /// <summary>One home that is compared.</summary>
    /// <param name="Kind">The kind that the case is about.</param>
    /// <param name="Name">What is different.</param>
    /// <param name="Against">What the home is compared with.</param>
    /// <param name="Found">The kinds that are found, sorted; a near miss has not the kind.</param>
    /// <param name="Change">Makes the home different.</param>
    internal sealed record Case(DriftKind Kind, string Name, Against Against, string Found, Func<PluginInventory, PluginInventory> Change)
    {
        /// <summary>The plugins of the state.</summary>
        public string Plugins { get; init; } = $$"""{"id":"a@corp","version":"1.0.0","commit":"{{Commit}}","treeHash":"{{Digest}}"}""";

        /// <summary>More members of the state.</summary>
        public string More { get; init; } = "";

        /// <summary>The member <c>marketplaces</c> of the state.</summary>
        public string Marketplaces { get; init; } = $$"""{"corp":{"source":"{{Source}}","sha":"{{Commit}}"} }""";

        /// <summary>More rules of the policy.</summary>
        public string Rules { get; init; } = "";

        public override string ToString() => $"{Kind}: {Name}";
    }

    private static readonly Case[] All =
    [
        .. Machine(), .. Marketplaces(), .. Plugins(), .. Bytes(),
    ];

    public static TheoryData<string> Names => [.. All.Select(one => one.ToString())];

    public void Dispose() => _home.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_home_is_told_to_differ_in_exactly_what_it_differs_in(string name)
    {
        var one = All.Single(other => other.ToString() == name);
        _home.Change(environment => environment with { Time = new FixedTime(Now) });

        var query = new DriftQuery(_home.Environment, new DriftRequest
        {
            References = [Reference(one)],
            MaximumAge = TimeSpan.FromHours(1),
        });
        var found = query.Compare(new ReportedHome(one.Change(Home())));

        Assert.Equal(one.Found, string.Join(' ', found.Select(drift => drift.Kind).Distinct().Order(StringComparer.Ordinal)));
        Assert.All(found, drift => Assert.Equal("build01", drift.ComputerName));
    }

    [Theory]
    [InlineData("build02", "", 1)]
    [InlineData("build02,build03", "build01,build03", 1)]
    [InlineData("BUILD01", "build01", 0)]
    public void A_computer_that_was_expected_has_to_report(string expected, string reporting, int absent)
    {
        var query = new DriftQuery(_home.Environment, new DriftRequest { ExpectedComputers = expected.Split(',') });
        foreach (var computer in reporting.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            query.Compare(new ReportedHome(Home() with { ComputerName = computer }));
        }

        Assert.Equal(absent, query.Absent().Count(drift => drift is { Kind: "NoReport", Severity: "Error" }));
    }

    [Fact]
    public void Every_kind_has_two_cases_and_a_near_miss()
    {
        // Broken reports have their own test with 500 of them, and machines that do not report have the one above.
        foreach (var kind in Enum.GetValues<DriftKind>()
            .Except([DriftKind.InSync, DriftKind.NoReport, DriftKind.BrokenReport]))
        {
            var cases = All.Where(one => one.Kind == kind).ToLookup(one => one.Found.Split(' ').Contains(kind.ToString()));
            Assert.True(cases[true].Count() >= 2 && cases[false].Any(), $"{kind}: {cases[true].Count()} cases, {cases[false].Count()} near misses");
        }

        Assert.Equal(31, Enum.GetValues<DriftKind>().Length - 1);
    }

    private static IEnumerable<Case> Machine() =>
    [
        new(DriftKind.StaleReport, "two hours old", Against.State, "StaleReport", home => home with { CollectedOn = Now.AddHours(-2) }),
        new(DriftKind.StaleReport, "of the day after tomorrow", Against.State, "StaleReport",
            home => home with { CollectedOn = Now.AddDays(2) }),
        new(DriftKind.StaleReport, "exactly as old as it may be", Against.State, "", home => home with { CollectedOn = Now.AddHours(-1) }),
        new(DriftKind.HomeUnreadable, "configuration", Against.State, "HomeUnreadable",
            home => home with { Problem = "ConfigInvalid", Plugins = [], Marketplaces = [] }),
        new(DriftKind.HomeUnreadable, "rights", Against.Twin, "HomeUnreadable",
            home => home with { Problem = "HomeNotWritable", Plugins = [], Marketplaces = [] }),
        new(DriftKind.HomeUnreadable, "an empty home", Against.State, "MarketplaceMissing Missing",
            home => home with { Plugins = [], Marketplaces = [] }),
        new(DriftKind.ToolVersion, "newer", Against.Twin, "ToolVersion", home => home with { ToolVersion = "1.1.0" }),
        new(DriftKind.ToolVersion, "older", Against.Twin, "ToolVersion", home => home with { ToolVersion = "0.9.0" }),
        new(DriftKind.ToolVersion, "not reported", Against.Twin, "", home => home with { ToolVersion = null }),
        new(DriftKind.CodexVersion, "newer", Against.Twin, "CodexVersion", home => home with { CodexVersion = "0.172.0" }),
        new(DriftKind.CodexVersion, "older", Against.Twin, "CodexVersion", home => home with { CodexVersion = "0.169.0" }),
        new(DriftKind.CodexVersion, "not reported", Against.Twin, "", home => home with { CodexVersion = null }),
        new(DriftKind.PolicyMissing, "no policy", Against.Policy, "PolicyMissing", home => home with { Policies = [] }),
        new(DriftKind.PolicyMissing, "an unreadable one", Against.Policy, "PolicyMissing",
            home => home with { Policies = [new PluginInventoryPolicy { State = "Unreadable", Layer = "Machine" }] }),
        new(DriftKind.PolicyMissing, "beside another", Against.Policy, "",
            home => home with { Policies = [new PluginInventoryPolicy { Id = "team", State = "Active" }, .. home.Policies!] }),
        new(DriftKind.PolicyMissing, "not reported", Against.Policy, "Unverified", home => home with { Policies = null }),
        new(DriftKind.PolicyOutdated, "an earlier revision", Against.Policy, "PolicyOutdated",
            home => home with { Policies = [home.Policies![0] with { Revision = "0", Digest = OtherDigest }] }),
        new(DriftKind.PolicyOutdated, "an edited copy", Against.Policy, "PolicyOutdated",
            home => home with { Policies = [home.Policies![0] with { Digest = OtherDigest }] }),
        new(DriftKind.PolicyOutdated, "expired, which goes on enforcing", Against.Policy, "",
            home => home with { Policies = [home.Policies![0] with { State = "Expired" }] }),
        new(DriftKind.StateOutdated, "another revision", Against.State, "StateOutdated", home => home with { StateRevision = "0" }),
        new(DriftKind.StateOutdated, "another state", Against.State, "StateOutdated", home => home with { StateId = "other" }),
        new(DriftKind.StateOutdated, "none was applied", Against.State, "", home => home with { StateId = null, StateRevision = null }),
        new(DriftKind.ChannelExpired, "a second ago", Against.State, "ChannelExpired",
            home => home with { ChannelId = "corp", ChannelExpires = Now.AddSeconds(-1) }),
        new(DriftKind.ChannelExpired, "a year ago", Against.Policy, "ChannelExpired",
            home => home with { ChannelId = "corp", ChannelSerial = 4, ChannelExpires = Now.AddYears(-1) }),
        new(DriftKind.ChannelExpired, "now", Against.State, "", home => home with { ChannelId = "corp", ChannelExpires = Now }),
    ];

    private static IEnumerable<Case> Marketplaces() =>
    [
        new(DriftKind.MarketplaceMissing, "none", Against.State, "MarketplaceMissing", home => home with { Marketplaces = [] }),
        new(DriftKind.MarketplaceMissing, "another one", Against.Twin, "MarketplaceMissing MarketplaceUnexpected",
            home => home with { Marketplaces = [home.Marketplaces![0] with { Name = "team" }] }),
        new(DriftKind.MarketplaceMissing, "not reported", Against.State, "Unverified", home => home with { Marketplaces = null }),
        new(DriftKind.MarketplaceUnexpected, "one too many", Against.State, "MarketplaceUnexpected",
            home => home with { Marketplaces = [.. home.Marketplaces!, home.Marketplaces![0] with { Name = "team" }] }),
        new(DriftKind.MarketplaceUnexpected, "one that must not be", Against.State, "MarketplaceUnexpected", home => home)
        {
            Marketplaces = """{"corp":{"exist":false} }""",
        },
        new(DriftKind.MarketplaceUnexpected, "one of Codex", Against.State, "",
            home => home with { Marketplaces = [.. home.Marketplaces!, home.Marketplaces![0] with { Name = "openai-curated" }] }),
        new(DriftKind.MarketplaceSource, "another repository", Against.State, "MarketplaceSource",
            home => home with { Marketplaces = [home.Marketplaces![0] with { Source = "https://git.example.com/evil.git" }] }),
        new(DriftKind.MarketplaceSource, "a folder", Against.Twin, "MarketplaceSource",
            home => home with { Marketplaces = [home.Marketplaces![0] with { SourceType = "local", Source = "/opt/plugins" }] }),
        new(DriftKind.MarketplaceSource, "where any will do", Against.State, "",
            home => home with { Marketplaces = [home.Marketplaces![0] with { SourceType = "local", Source = "/opt/plugins" }] })
        {
            Marketplaces = """{"corp":{} }""",
        },
        new(DriftKind.MarketplaceRef, "a branch", Against.State, "MarketplaceRef",
            home => home with { Marketplaces = [home.Marketplaces![0] with { Ref = "main" }] }),
        new(DriftKind.MarketplaceRef, "a snapshot of another commit", Against.State, "MarketplaceRef",
            home => home with { Marketplaces = [home.Marketplaces![0] with { Commit = OtherCommit }] }),
        new(DriftKind.MarketplaceRef, "sparse paths", Against.Twin, "MarketplaceRef",
            home => home with { Marketplaces = [home.Marketplaces![0] with { SparsePaths = ["a"] }] }),
        new(DriftKind.MarketplaceRef, "another commit of a branch", Against.State, "",
            home => home with { Marketplaces = [home.Marketplaces![0] with { Ref = "main", Commit = OtherCommit }] })
        {
            Marketplaces = $$"""{"corp":{"source":"{{Source}}","ref":"main"} }""",
        },
        new(DriftKind.MarketplaceUnreadable, "as the state names it", Against.State, "MarketplaceUnreadable",
            home => home with { Marketplaces = [home.Marketplaces![0] with { State = "Unreadable" }] }),
        new(DriftKind.MarketplaceUnreadable, "as its twin has it", Against.Twin, "MarketplaceUnreadable",
            home => home with { Marketplaces = [home.Marketplaces![0] with { State = "Unreadable" }] }),
        new(DriftKind.MarketplaceUnreadable, "of another source as well", Against.State, "MarketplaceSource",
            home => home with { Marketplaces = [home.Marketplaces![0] with { State = "Unreadable", Source = "https://x.example/y.git" }] }),
    ];

    private static IEnumerable<Case> Plugins() =>
    [
        new(DriftKind.Missing, "not there", Against.State, "Missing", home => home with { Plugins = [] }),
        new(DriftKind.Missing, "configured, and not in the cache", Against.Twin, "Missing", With(a => a with { State = "NotCached" })),
        new(DriftKind.Missing, "required by a policy", Against.Policy, "Missing", home => home)
        {
            Rules = """,{"id":"BASE","kind":"plugin","effect":"require","match":[{"plugin":"base-*@corp"}]}""",
        },
        new(DriftKind.Missing, "disabled", Against.State, "Disabled", With(a => a with { Enabled = false, EffectiveEnabled = false })),
        new(DriftKind.Unexpected, "one too many", Against.State, "Unexpected", And(b => b)),
        new(DriftKind.Unexpected, "one that must not be", Against.State, "Unexpected", home => home)
        {
            Plugins = """{"id":"a@corp","exist":false}""",
        },
        new(DriftKind.Unexpected, "one too many beside its twin", Against.Twin, "Unexpected", And(b => b)),
        new(DriftKind.Unexpected, "a protected one", Against.State, "", And(b => b)) { More = ""","protect":["b@*"]""" },
        new(DriftKind.Unexpected, "one of Codex", Against.Twin, "", And(b => b with { Id = "b@openai-curated" })),
        new(DriftKind.Disabled, "by the user", Against.State, "Disabled", With(a => a with { Enabled = false, EffectiveEnabled = false })),
        new(DriftKind.Disabled, "by another layer", Against.Twin, "Disabled", With(a => a with { EffectiveEnabled = false })),
        new(DriftKind.Disabled, "as it should be", Against.State, "", With(a => a with { Enabled = false, EffectiveEnabled = false }))
        {
            Plugins = """{"id":"a@corp","enabled":false}""",
        },
        new(DriftKind.Enabled, "by the user", Against.State, "Enabled", home => home) { Plugins = """{"id":"a@corp","enabled":false}""" },
        new(DriftKind.Enabled, "by another layer", Against.State, "Enabled", With(a => a with { Enabled = false }))
        {
            Plugins = """{"id":"a@corp","enabled":false}""",
        },
        new(DriftKind.Enabled, "disabled by another layer", Against.State, "", With(a => a with { EffectiveEnabled = false }))
        {
            Plugins = """{"id":"a@corp","enabled":false}""",
        },
        new(DriftKind.Hold, "held", Against.State, "Hold", With(a => a with { Held = true, HoldNote = "mine" })),
        new(DriftKind.Hold, "released", Against.State, "Hold", home => home) { Plugins = """{"id":"a@corp","hold":"CHG-1"}""" },
        new(DriftKind.Hold, "another note", Against.State, "Hold", With(a => a with { Held = true, HoldNote = "mine" }))
        {
            Plugins = """{"id":"a@corp","hold":"CHG-1"}""",
        },
        new(DriftKind.Hold, "the same note", Against.State, "", With(a => a with { Held = true, HoldNote = "CHG-1" }))
        {
            Plugins = """{"id":"a@corp","hold":"CHG-1"}""",
        },
        new(DriftKind.PolicyViolation, "as its machine says", Against.State, "PolicyViolation", With(a => a with { IsAllowed = false })),
        new(DriftKind.PolicyViolation, "as the policy says", Against.Policy, "PolicyViolation", home => home)
        {
            Rules = """,{"id":"NO-A","kind":"plugin","effect":"deny","match":[{"plugin":"a@*","version":"<2.0.0"}]}""",
        },
        new(DriftKind.PolicyViolation, "its marketplace is denied", Against.Policy, "PolicyViolation", home => home)
        {
            Rules = """,{"id":"NO-HOST","kind":"marketplace","effect":"deny","match":[{"host":"git.example.com"}]}""",
        },
        new(DriftKind.PolicyViolation, "not known to its machine", Against.State, "", With(a => a with { IsAllowed = null })),
        new(DriftKind.PolicyViolation, "only audited", Against.Policy, "", home => home)
        {
            Rules = """,{"id":"NO-A","kind":"plugin","effect":"deny","mode":"audit","match":[{"plugin":"a@*"}]}""",
        },
        new(DriftKind.Blocked, "by its digest", Against.State, "Blocked", Blocking("treeHash", Digest)),
        new(DriftKind.Blocked, "by its id", Against.Twin, "Blocked", Blocking("plugin", "a@corp")),
        new(DriftKind.Blocked, "another digest", Against.State, "", Blocking("treeHash", OtherDigest)),
        new(DriftKind.Blocked, "and disabled", Against.State, "", home => Blocking("treeHash", Digest)(
            With(a => a with { Enabled = false, EffectiveEnabled = false })(home)))
        {
            Plugins = """{"id":"a@corp","enabled":false}""",
        },
        new(DriftKind.Advisory, "one", Against.State, "Advisory", With(a => a with { Advisories = ["GHSA-1"] })),
        new(DriftKind.Advisory, "two", Against.Policy, "Advisory", With(a => a with { Advisories = ["GHSA-1", "GHSA-2"] })),
        new(DriftKind.Advisory, "of what is not installed", Against.State, "Missing",
            With(a => a with { State = "NotCached", Advisories = ["GHSA-1"] })),
        new(DriftKind.Duplicate, "twice", Against.State, "Duplicate", And(b => b with { TreeHash = Digest })) { More = Ignoring },
        new(DriftKind.Duplicate, "three times", Against.State, "Duplicate",
            home => And(b => b with { Id = "c@corp", TreeHash = Digest })(And(b => b with { TreeHash = Digest })(home))) { More = Ignoring },
        new(DriftKind.Duplicate, "not in the cache", Against.State, "", And(b => b with { TreeHash = Digest, State = "NotCached" }))
        {
            More = Ignoring,
        },
    ];

    private static IEnumerable<Case> Bytes() =>
    [
        new(DriftKind.Version, "newer", Against.State, "Version", With(a => a with { Version = "1.1.0", TreeHash = OtherDigest })),
        new(DriftKind.Version, "none", Against.State, "Version", With(a => a with { Version = null }))
        {
            Plugins = """{"id":"a@corp","version":"1.0.0"}""",
        },
        new(DriftKind.Version, "below the range", Against.State, "Version", With(a => a with { Version = "0.9.0" }))
        {
            Plugins = """{"id":"a@corp","version":"^1.0.0"}""",
        },
        new(DriftKind.Version, "in the range", Against.State, "", With(a => a with { Version = "1.9.0" }))
        {
            Plugins = """{"id":"a@corp","version":"^1.0.0"}""",
        },
        new(DriftKind.Commit, "another", Against.State, "Commit", With(a => a with { Commit = OtherCommit })),
        new(DriftKind.Commit, "another than its twin", Against.Twin, "Commit", With(a => a with { Commit = OtherCommit })),
        new(DriftKind.Commit, "not reported", Against.State, "Unverified", With(a => a with { Commit = null })),
        new(DriftKind.Content, "another digest", Against.State, "Content", With(a => a with { TreeHash = OtherDigest })),
        new(DriftKind.Content, "another digest than its twin", Against.Twin, "Content", With(a => a with { TreeHash = OtherDigest })),
        new(DriftKind.Content, "changed since it was installed", Against.State, "Modified",
            With(a => a with { TreeHash = OtherDigest, Integrity = "Changed" })),
        new(DriftKind.Modified, "files were edited", Against.State, "Modified",
            With(a => a with { TreeHash = OtherDigest, Integrity = "Changed" })),
        new(DriftKind.Modified, "files cannot be read", Against.Twin, "Modified",
            With(a => a with { TreeHash = null, Integrity = "Changed" })),
        new(DriftKind.Modified, "installed from other bytes", Against.State, "Content", With(a => a with { TreeHash = OtherDigest })),
        new(DriftKind.Unverified, "its files were not compared", Against.State, "Unverified", With(a => a with { Integrity = null })),
        new(DriftKind.Unverified, "it has no record", Against.State, "Unverified",
            With(a => a with { Integrity = "NotRecorded", Provenance = "None" }))
        {
            Plugins = """{"id":"a@corp","version":"1.0.0"}""",
        },
        new(DriftKind.Unverified, "no record, and the bytes that were named", Against.State, "",
            With(a => a with { Integrity = "NotRecorded", Provenance = "None" })),
        new(DriftKind.Unverified, "what the policy asks is not reported", Against.Policy, "PolicyOutdated Unverified",
            home => home with { Policies = [home.Policies![0] with { Digest = OtherDigest }] })
        {
            Rules = """,{"id":"NPX","kind":"capability","effect":"deny","match":[{"component":["McpServer"],"program":"npx"}]}""",
        },
        new(DriftKind.Unverified, "what the policy asks was judged by its machine", Against.Policy, "", home => home)
        {
            Rules = """,{"id":"NPX","kind":"capability","effect":"deny","match":[{"component":["McpServer"],"program":"npx"}]}""",
        },
        new(DriftKind.Capability, "one more", Against.Twin, "Capability Content",
            With(a => a with { TreeHash = OtherDigest, Capabilities = [Digest, OtherDigest] })),
        new(DriftKind.Capability, "another", Against.Twin, "Capability Content",
            With(a => a with { TreeHash = OtherDigest, Capabilities = [OtherDigest] })),
        new(DriftKind.Capability, "the same, of other bytes", Against.Twin, "Content", With(a => a with { TreeHash = OtherDigest })),
        new(DriftKind.Refreshable, "a digest is named", Against.State, "Refreshable", With(a => a with { HeldAgainstCodex = false }))
        {
            Plugins = $$"""{"id":"a@corp","treeHash":"{{Digest}}"}""",
        },
        new(DriftKind.Refreshable, "its twin is held", Against.Twin, "Refreshable", With(a => a with { HeldAgainstCodex = false })),
        new(DriftKind.Refreshable, "any bytes will do", Against.State, "", With(a => a with { HeldAgainstCodex = false }))
        {
            Plugins = """{"id":"a@corp","version":"1.0.0"}""",
        },
    ];

    private const string Ignoring = ""","unlisted":"ignore" """;

    private static Func<PluginInventory, PluginInventory> With(Func<PluginInventoryPlugin, PluginInventoryPlugin> change) =>
        home => home with { Plugins = [change(home.Plugins[0]), .. home.Plugins[1..]] };

    private static Func<PluginInventory, PluginInventory> And(Func<PluginInventoryPlugin, PluginInventoryPlugin> change) =>
        home => home with { Plugins = [.. home.Plugins, change(home.Plugins[0] with { Id = "b@corp", TreeHash = OtherDigest })] };

    private static Func<PluginInventory, PluginInventory> Blocking(string target, string value) =>
        home => home with { Blocks = [new PluginInventoryBlock { Id = "X-1", Target = target, Value = value, On = Now }] };

    private DriftReference Reference(Case one) => one.Against switch
    {
        Against.State => new StateReference(_home.Environment, DesiredStateFile.Parse(_home.Environment, Encoding.UTF8.GetBytes(
            $$"""
            {"format":1,"id":"dev","revision":"1","marketplaces":{{one.Marketplaces}},"plugins":[{{one.Plugins}}]{{one.More}} }
            """), "state.json", _home.Scratch.Path)),
        Against.Twin => new InventoryReference(Home()),
        _ => PolicyReference.Read(_home.Environment, WritePolicy(one.Rules)),
    };

    private PluginInventory Home() => new()
    {
        ComputerName = "build01",
        UserName = "dev",
        CodexHome = "/home/dev/.codex",
        Os = "Linux",
        CollectedOn = Now,
        ToolVersion = "1.0.0",
        CodexVersion = "0.171.0",
        StateId = "dev",
        StateRevision = "1",
        Policies =
        [
            new PluginInventoryPolicy { Id = "corp", Revision = "1", Mode = "enforce", State = "Active", Digest = _digest ?? Digest },
        ],
        Marketplaces =
        [
            new PluginInventoryMarketplace
            {
                Name = "corp", SourceType = "git", Source = Source, Ref = Commit, Commit = Commit, State = "Readable",
            },
        ],
        Plugins =
        [
            new PluginInventoryPlugin
            {
                Id = "a@corp",
                Version = "1.0.0",
                State = "Installed",
                Enabled = true,
                EffectiveEnabled = true,
                TreeHash = Digest,
                Commit = Commit,
                Provenance = "Recorded",
                Integrity = "Intact",
                HeldAgainstCodex = true,
                IsAllowed = true,
                Capabilities = [Digest],
            },
        ],
    };

    private string? _digest;

    private string WritePolicy(string rules)
    {
        _home.Scratch.Write("policy.json", $$"""
            {"format":1,"id":"corp","revision":"1","mode":"enforce","rules":[
              {"id":"NO-MINER","kind":"plugin","effect":"deny","match":[{"plugin":"miner@*"}]}{{rules}}]}
            """);
        _digest = PluginMarket.Files.TreeDigest.OfBytes(File.ReadAllBytes(_home.Scratch["policy.json"]));
        return _home.Scratch["policy.json"];
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
