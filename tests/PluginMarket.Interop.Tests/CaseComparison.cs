using PluginMarket.Interop.Tests.Catalogs;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>Both tools over one generated marketplace.</summary>
/// <param name="Case">The marketplace.</param>
/// <param name="Version">The version of Codex.</param>
/// <param name="Problems">What differs without the leave of the table, or does not differ as the table says.</param>
/// <param name="Exercised">The rows of the table whose difference was seen.</param>
/// <param name="Listed">How many entries both list.</param>
/// <param name="Installed">How many plugins both installed, byte for byte alike.</param>
internal sealed record CaseComparison(CatalogCase Case, string Version, IReadOnlyList<string> Problems, IReadOnlySet<string> Exercised,
    int Listed, int Installed)
{
    /// <summary>Runs our side once and each version of Codex once. The root is the same for all, the homes are not.</summary>
    internal static async Task<IReadOnlyList<CaseComparison>> RunAsync(IReadOnlyList<CodexCli> judges, ScratchFolder scratch,
        CatalogCase subject)
    {
        try
        {
            return await CompareAsync(judges, scratch, subject);
        }
        catch (Exception exception)
        {
            // One case that breaks must not hide what the others show.
            return [.. judges.Select(
                codex => new CaseComparison(subject, codex.Version, [exception.ToString()], new HashSet<string>(), 0, 0))];
        }
    }

    private static async Task<IReadOnlyList<CaseComparison>> CompareAsync(IReadOnlyList<CodexCli> judges, ScratchFolder scratch,
        CatalogCase subject)
    {
        var root = scratch.MakeFolder(subject.Id + "/root");
        subject.WriteTo(root);
        var names = subject.Entries.Where(e => e.CanInstall && e.Name is not null).Select(e => e.Name!)
            .Distinct(StringComparer.Ordinal).ToList();
        var runs = judges.Select(codex => new Run(subject, codex)).ToList();
        var ourSide = new OurSide(scratch, subject.Id + "/ours");
        var observed = Task.WhenAll(runs.Select(run => Task.Run(() => run.Observe(scratch, "codex", root, names))));
        var ours = await ourSide.ObserveAsync(root, names, CacheVersionRule.Manifest);
        var theirs = await observed;
        var references = await ObserveReferencesAsync(runs, scratch, root, names);

        foreach (var (run, i) in runs.Select((run, i) => (run, i)))
        {
            var reference = references.GetValueOrDefault(run) ?? theirs[i];
            run.CompareAddition(theirs[i], reference, ours);
            if (!run.IsRefusedByOlder && reference.Added && ours.Added)
            {
                run.CompareListing(theirs[i], reference.Listing, ours.Listing);
                run.CompareInstalls(reference.Installs, ours.Installs);
                if (theirs[i].Added)
                {
                    run.CompareWhatCodexSees(ourSide.Environment, ours);
                }
            }
        }

        return [.. runs.Select(run => new CaseComparison(subject, run.Version, run.Problems, run.Exercised, run.Listed, run.Installed))];
    }

    // Codex over the same catalog without the entries that ours skips; the versions for which those are the same check the file together.
    private static async Task<Dictionary<Run, CatalogOutcome>> ObserveReferencesAsync(IReadOnlyList<Run> runs, ScratchFolder scratch,
        string root, IReadOnlyList<string> names)
    {
        var seen = new Dictionary<Run, CatalogOutcome>();
        foreach (var together in runs.Where(run => run.ReferenceDiffers).GroupBy(run => Encoding.UTF8.GetString(run.Reference())))
        {
            var file = Path.Join(root, together.First().CatalogPath);
            var actual = File.ReadAllBytes(file);
            File.WriteAllBytes(file, together.First().Reference());
            try
            {
                var outcomes = await Task.WhenAll(together.Select(run => Task.Run(() => run.Observe(scratch, "reference", root, names))));
                foreach (var (run, outcome) in together.Zip(outcomes))
                {
                    seen[run] = outcome;
                }
            }
            finally
            {
                File.WriteAllBytes(file, actual);
            }
        }

        return seen;
    }

    private sealed class Run(CatalogCase subject, CodexCli codex)
    {
        private readonly List<string> _problems = [];
        private readonly HashSet<string> _exercised = new(StringComparer.Ordinal);

        public IReadOnlyList<string> Problems => _problems;

        public IReadOnlySet<string> Exercised => _exercised;

        public int Listed { get; private set; }

        public int Installed { get; private set; }

        public string Version => codex.Version;

        public string CatalogPath => subject.CatalogPath;

        public bool ReferenceDiffers => subject.Entries.Any(e => JudgementOf(e) is Judgement.FileRefusedByCodex or Judgement.SkippedByUs);

        /// <summary>Whether this version refuses a file that the newest takes, so that there is nothing else to compare.</summary>
        public bool IsRefusedByOlder => subject.Entries.Any(e => JudgementOf(e) == Judgement.FileRefusedByOlderCodex);

        public byte[] Reference() =>
            subject.Render([.. subject.Entries.Where(e => JudgementOf(e) is Judgement.Same or Judgement.NotInstalledByUs)]);

        public CatalogOutcome Observe(ScratchFolder scratch, string home, string root, IReadOnlyList<string> names) =>
            new CodexSide(codex, scratch[$"{subject.Id}/{home}-{Version}"]).Observe(root, names);

        public void CompareAddition(CatalogOutcome theirs, CatalogOutcome reference, CatalogOutcome ours)
        {
            var refused = subject.Entries.Where(e => JudgementOf(e) is Judgement.FileRefusedByCodex or Judgement.FileRefusedByOlderCodex);
            foreach (var difference in refused.Select(e => e.Difference!).Distinct(StringComparer.Ordinal))
            {
                Expect(difference, !theirs.Added, "Codex adds what the table says it refuses");
            }

            if (IsRefusedByOlder)
            {
                return;
            }

            if (subject.RefusedByUs is { } row && DifferenceTable.Holds(row, Version))
            {
                Expect(row, reference.Added && !ours.Added,
                    $"expected: added by Codex, refused by us; Codex: {Word(reference)}, we: {Word(ours)}");
            }
            else if (reference.Added != ours.Added)
            {
                _problems.Add($"adding: Codex {Word(reference)}, we {Word(ours)}");
            }
        }

        public void CompareListing(CatalogOutcome theirs, IReadOnlyList<ListedPlugin> reference, IReadOnlyList<ListedPlugin> ours)
        {
            foreach (var skipped in subject.Entries.Where(e => JudgementOf(e) == Judgement.SkippedByUs))
            {
                Expect(skipped.Difference!, theirs.Listing.Any(l => l.Name == skipped.Name),
                    $"Codex does not list {skipped.Name}, which the table says only we skip");
            }

            // What is wrong with a manifest as a whole is told by its version too: Codex states it, we have read none.
            var unread = subject.Entries.Where(e => e.Difference is "duplicate-key" or "array-manifest").Select(e => e.Name)
                .ToHashSet(StringComparer.Ordinal);
            ours = [.. ours.Select(l => unread.Contains(l.Name) && reference.FirstOrDefault(r => r.Name == l.Name) is { } known
                ? l with { Version = l.Version ?? known.Version } : l)];

            var repeated = subject.Entries.Where(e => e.Difference == "duplicate-plugin").Select(e => e.Name)
                .ToHashSet(StringComparer.Ordinal);
            foreach (var name in repeated)
            {
                var shown = subject.Entries.Count(e => e.Name == name && !e.IsHidden);
                Expect("duplicate-plugin", ours.Count(l => l.Name == name) == shown && reference.Count(l => l.Name == name) <= 1,
                    $"{name} is not listed once at the most by Codex and {shown} times by us");
            }

            var (left, right) = (reference.Where(l => !repeated.Contains(l.Name)).ToList(),
                ours.Where(l => !repeated.Contains(l.Name)).ToList());
            Listed = right.Count;
            if (!left.SequenceEqual(right))
            {
                var (codexOnly, oursOnly) = (left.Except(right).ToList(), right.Except(left).ToList());
                _problems.Add(
                    $"listing:\n  Codex: {string.Join("\n         ", codexOnly)}\n  ours:  {string.Join("\n         ", oursOnly)}");
            }
        }

        public void CompareInstalls(IReadOnlyDictionary<string, InstallOutcome> reference, IReadOnlyDictionary<string, InstallOutcome> ours)
        {
            foreach (var (name, theirs) in reference)
            {
                var mine = ours[name];
                var entry = subject.Entries.First(e => e.Name == name);
                if (JudgementOf(entry) == Judgement.NotInstalledByUs)
                {
                    // Only what Codex does install shows the difference.
                    if (mine.Accepted || theirs.Accepted)
                    {
                        Expect(entry.Difference!, !mine.Accepted, $"{name} is installed by us although the table says it is refused");
                    }

                    continue;
                }

                if (theirs.Accepted != mine.Accepted)
                {
                    _problems.Add($"installing {name} ({entry.Subject}): Codex {Word(theirs)}, we {Word(mine)}");
                }
                else if (theirs.Version != mine.Version)
                {
                    _problems.Add($"folder of {name} ({entry.Subject}): Codex {theirs.Version}, we {mine.Version}");
                }
                else if (!theirs.Files.SequenceEqual(mine.Files, StringComparer.Ordinal))
                {
                    _problems.Add($"files of {name} ({entry.Subject}):\n  Codex only: {string.Join(" ; ",
                        theirs.Files.Except(mine.Files))}\n  ours only:  {string.Join(" ; ", mine.Files.Except(theirs.Files))}");
                }
                else if (mine.Accepted)
                {
                    Installed++;
                }
            }
        }

        public void CompareWhatCodexSees(MarketEnvironment environment, CatalogOutcome ours)
        {
            var run = codex.Run(environment.CodexHome, environment.HomePath, "plugin", "list", "--json");
            if (run.ExitCode != 0)
            {
                _problems.Add($"Codex cannot list our home: {run.Error.Trim()}");
                return;
            }

            var seen = run.Json().GetProperty("installed").EnumerateArray().Where(item => item.GetProperty("enabled").GetBoolean()).Select(
                item => $"{item.GetProperty("name").GetString()} {item.GetProperty("version").GetString()}").Order(StringComparer.Ordinal);
            var made = ours.Installs.Where(install => install.Value.Accepted).Select(install => $"{install.Key} {install.Value.Version}")
                .Order(StringComparer.Ordinal);
            if (!seen.SequenceEqual(made, StringComparer.Ordinal))
            {
                _problems.Add($"in our home Codex sees [{string.Join(", ", seen)}], installed were [{string.Join(", ", made)}]");
            }
        }

        // What the table does not say of this version is not a difference from it.
        private Judgement JudgementOf(GeneratedEntry entry) =>
            entry.Difference is { } row && !DifferenceTable.Holds(row, Version) ? Judgement.Same : entry.Judgement;

        private void Expect(string row, bool isSo, string otherwise)
        {
            if (isSo)
            {
                _exercised.Add(row);
            }
            else
            {
                _problems.Add($"[{row}] {otherwise}");
            }
        }

        private static string Word(CatalogOutcome outcome) => outcome.Added ? "adds it" : $"refuses it ({outcome.Message})";

        private static string Word(InstallOutcome outcome) =>
            outcome.Accepted ? $"installs {outcome.Version}" : $"refuses ({outcome.Message})";
    }
}
