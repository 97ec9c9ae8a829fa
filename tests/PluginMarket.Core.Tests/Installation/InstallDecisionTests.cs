using System.Globalization;
using PluginMarket.Installation;
using PluginMarket.Installation.Decision;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>The table of decisions: every combination of what decides, each with status, reason code and what is in the cache afterwards,
/// written down in the page beside this file.</summary>
[Trait("Category", "Fast")]
public sealed class InstallDecisionTests
{
    private static readonly PluginVersion Version = PluginVersion.Parse("1.0.0");

    [Fact]
    public void Every_combination_is_decided_as_the_page_says()
    {
        var page = Path.Join(TestKit.RepositoryRoot.Path, "tests/PluginMarket.Core.Tests/Installation/install-decisions.txt");
        var rows = Rows().Select(row => row.ToString()).ToList();
        Assert.True(rows.Count >= 300, $"{rows.Count} rows");
        if (Environment.GetEnvironmentVariable("PLUGINMARKET_WRITE_PAGES") == "1")
        {
            File.WriteAllLines(page, rows);
            return;
        }

        Assert.Equal(File.ReadAllLines(page), rows);
    }

    [Fact]
    public void What_the_rules_promise_is_so_in_every_row()
    {
        foreach (var row in Rows())
        {
            var (facts, decision) = (row.Facts, row.Decision);
            var work = decision as InstallDecision.Do;
            var changesBytes = work?.Steps.Any(step => step is InstallStep.Publish) == true;

            // Updated says that installed bytes change, and nothing else does.
            Assert.True((work?.Status == "Updated")
                == (changesBytes && (facts.IsInstalled || facts is { Installed: not null, Intent: InstallIntent.Repair })), row.ToString());
            if (work is { Status: "Unchanged" })
            {
                Assert.False(changesBytes, row.ToString());
            }

            // Nothing but a repair changes bytes or folder of what is held.
            if (facts is { IsHeld: true, Installed: not null } && facts.Intent is not InstallIntent.Repair)
            {
                Assert.DoesNotContain(work?.Steps ?? [], step => step is InstallStep.Publish or InstallStep.MoveFolder);
            }

            // An approvals file is passed by nothing that it does not approve.
            if (facts.Approval is ApprovalVerdict.NotListed or ApprovalVerdict.Neither or ApprovalVerdict.SnapshotOlder
                or ApprovalVerdict.Misdescribed)
            {
                Assert.True(decision is InstallDecision.Refuse, row.ToString());
            }

            // Off stays off unless it is named or asked for.
            if (work is not null && facts is
                { Enabled: false, IsInstalled: true, Intent: InstallIntent.Update or InstallIntent.RestoreLock or InstallIntent.Repair })
            {
                Assert.False(work.Enabled, row.ToString());
            }

            if (work is { Status: "Unchanged", ReasonCodes: ["FolderRenamed", ..] })
            {
                Assert.Equal(work.Steps.Any(step => step is InstallStep.Enable), work.RestartRequired);
            }
        }
    }

    [Theory]
    [InlineData(nameof(Activation.Keep), false, "LeftDisabled")]
    [InlineData(nameof(Activation.On), true, "Enabled")]
    [InlineData(nameof(Activation.Off), false, null)]
    public void A_restore_turns_on_only_what_is_asked_for(string activation, bool enabled, string? code)
    {
        var work = Assert.IsType<InstallDecision.Do>(InstallJudge.Decide(new InstallFacts
        {
            Intent = new InstallIntent.RestoreLock { Entries = [], Activation = Enum.Parse<Activation>(activation) },
            Installed = new InstalledFacts(Version, BytesMatch.Identical),
            Enabled = false,
            Staged = new StagedFacts(Version),
        }));

        Assert.Equal((enabled, code), (work.Enabled!.Value, work.ReasonCodes is [var first, ..] ? first : null));
    }

    [Theory]
    [InlineData(true, MarketErrorCode.PluginHeld)]
    [InlineData(false, null)]
    public void A_hold_is_an_error_only_for_who_names_the_plugin(bool isNamed, MarketErrorCode? error)
    {
        var decision = InstallJudge.Decide(new InstallFacts
        {
            Intent = new InstallIntent.Update(),
            Installed = new InstalledFacts(Version, BytesMatch.Different),
            Enabled = true,
            IsHeld = true,
            IsNamed = isNamed,
            Staged = new StagedFacts(Version),
        });

        Assert.Equal((error, error is null ? "Held" : null),
            ((decision as InstallDecision.Refuse)?.Error, (decision as InstallDecision.Skip)?.ReasonCode));
    }

    private static IEnumerable<Row> Rows() =>
        from intent in Intents
        from installed in Installed
        from source in Sources
        from approval in Approvals
        let facts = Facts(intent.Intent, installed, source, approval)
        where facts is not null
        select new Row($"{intent.Name,-12} {installed.Name,-22} {source.Name,-11} {approval.Name,-9}", facts, InstallJudge.Decide(facts));

    private static readonly (string Name, InstallIntent Intent)[] Intents =
    [
        ("install", new InstallIntent.Install()),
        ("replace", new InstallIntent.Install { Replace = true }),
        ("reinstall", new InstallIntent.Install { Reinstall = true }),
        ("update", new InstallIntent.Update()),
        ("restore", new InstallIntent.RestoreLock { Entries = [] }),
        ("repair", new InstallIntent.Repair(null!)),
    ];

    private static readonly (string Name, Func<InstalledFacts?, InstalledFacts?> Shape, bool? Enabled, bool IsHeld)[] Installed =
    [
        ("absent", _ => null, null, false),
        ("ours", same => same, true, false),
        ("ours in local", same => same! with { Folder = PluginVersion.Local }, true, false),
        ("ours, off", same => same, false, false),
        ("ours, held", same => same, true, true),
        ("ours in local, held", same => same! with { Folder = PluginVersion.Local }, true, true),
        ("no key", same => same, null, false),
        ("of Codex", same =>
            same! with { Record = RecordState.Missing, Bytes = same.Bytes == BytesMatch.Identical ? BytesMatch.SameSource : same.Bytes },
            true, false),
        ("receipt missing", same => same! with { Record = RecordState.Missing }, true, false),
        ("changed by hand", same => same! with { IsChangedOutside = true, Record = RecordState.Stale }, true, false),
        ("edited, source as was", same =>
            same! with { Bytes = BytesMatch.Different, IsChangedOutside = true, Record = RecordState.Right }, true, false),
        ("other commit recorded", same => same! with { Record = RecordState.OtherCommit }, true, false),
        ("others beside it", same => same! with { HasOtherVersions = true }, true, false),
    ];

    private static readonly (string Name, BytesMatch Bytes, StagedFacts? Staged)[] Sources =
    [
        ("same", BytesMatch.Identical, new StagedFacts(Version)),
        ("other", BytesMatch.Different, new StagedFacts(Version)),
        ("brings hook", BytesMatch.Different, new StagedFacts(Version) { BringsCapability = true, HasUnaccepted = true }),
        ("lower", BytesMatch.Different, new StagedFacts(Version) { IsDowngrade = true }),
        ("rewritten", BytesMatch.Different, new StagedFacts(Version) { IsHistoryRewritten = true }),
        ("gone", BytesMatch.Different, null),
    ];

    private static readonly (string Name, ApprovalVerdict? Verdict)[] Approvals =
    [
        ("-", null),
        ("unlisted", ApprovalVerdict.NotListed),
        ("installed", ApprovalVerdict.Installed),
        ("source", ApprovalVerdict.Source),
        ("older", ApprovalVerdict.SnapshotOlder),
        ("neither", ApprovalVerdict.Neither),
        ("edited", ApprovalVerdict.Misdescribed),
    ];

    // Combinations that contradict themselves are not rows.
    private static InstallFacts? Facts(
        InstallIntent intent,
        (string Name, Func<InstalledFacts?, InstalledFacts?> Shape, bool? Enabled, bool IsHeld) installed,
        (string Name, BytesMatch Bytes, StagedFacts? Staged) source,
        (string Name, ApprovalVerdict? Verdict) approval)
    {
        var verdict = approval.Verdict;
        var shape = installed.Shape(new InstalledFacts(Version, source.Bytes)
        {
            Record = source.Bytes == BytesMatch.Identical ? RecordState.Right : RecordState.Stale,
        });
        var isPossible = (installed.Name != "edited, source as was" || source.Name == "same") && verdict switch
        {
            null => source.Staged is not null,
            ApprovalVerdict.Installed => shape is not null && installed.Enabled is not null && shape is { Bytes: BytesMatch.Different },
            ApprovalVerdict.Source => source.Staged is not null,
            _ => source.Staged is not null,
        };
        if (!isPossible || (intent is InstallIntent.Repair && verdict is not null))
        {
            return null;
        }

        if (verdict == ApprovalVerdict.Source && shape is { Bytes: not BytesMatch.Different })
        {
            verdict = ApprovalVerdict.Both;
        }

        return new InstallFacts
        {
            Intent = intent,
            Installed = shape,
            Enabled = installed.Enabled,
            IsHeld = installed.IsHeld,
            IsPromised = verdict is not null || intent is InstallIntent.RestoreLock or InstallIntent.Repair,
            Staged = verdict is null || source.Staged is null ? source.Staged : source.Staged with { HasUnaccepted = false },
            Approval = verdict,
        };
    }

    private sealed record Row(string Name, InstallFacts Facts, InstallDecision Decision)
    {
        public override string ToString() => $"{Name} -> {Decision switch
        {
            InstallDecision.Skip skip => $"Skipped {skip.ReasonCode,-22} | cache as it was",
            InstallDecision.Refuse refusal => $"Failed {refusal.Error}{(refusal.ReasonCode == refusal.Error.ToString()
                ? "" : $" ({refusal.ReasonCode})")} | cache as it was",
            InstallDecision.Do work => string.Create(
                CultureInfo.InvariantCulture,
                $"{work.Status} {string.Join('+', work.ReasonCodes)} | {Cache(
                    work)}, {(work.Enabled switch { true => "on", false => "off", _ => "no key" })}{(work.RestartRequired
                        ? ", restart" : "")}"),
            _ => "",
        }}";

        private static string Cache(InstallDecision.Do work)
        {
            var steps = work.Steps.Select(step => step switch
            {
                InstallStep.Publish publish => $"source in {publish.Folder}{(publish.Keep ? ", replaced kept" : "")}",
                InstallStep.MoveFolder move => $"same bytes in {move.Folder}",
                InstallStep.RemoveOthers => "others removed",
                InstallStep.Record => "recorded",
                _ => null,
            }).OfType<string>().ToList();
            return steps.Count == 0 ? "cache as it was" : string.Join(", ", steps);
        }
    }
}
