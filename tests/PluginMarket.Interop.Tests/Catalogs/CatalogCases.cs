namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>Generates the marketplaces over which both tools are compared: every variant in its own case, then mixtures.</summary>
internal sealed class CatalogCases(SharedRepositories repositories)
{
    /// <summary>How many mixtures follow the cases of one variant.</summary>
    private const int Mixtures = 70;

    private readonly Variant[] _local = [.. LocalSourceVariants.All];

    private readonly Variant[][] _dimensions =
    [
        [.. NameVariants.All],
        [.. new RemoteSourceVariants(repositories).All()],
        [.. PolicyVariants.Policies, .. PolicyVariants.Products],
        [.. PolicyVariants.Categories],
        [.. ExtraVariants.All],
        [.. ManifestVariants.Places, .. ManifestVariants.Fields],
        [.. TreeVariants.All],
        [.. CommandVariants.All],
    ];

    /// <summary>All cases; the same seed gives the same cases.</summary>
    public IEnumerable<CatalogCase> All(int seed)
    {
        var number = 0;
        foreach (var dimension in _dimensions)
        {
            // What Codex refuses as a file must be alone; of the others several share a catalog, which a fault in one would show in all.
            foreach (var group in Grouped(dimension))
            {
                yield return Entries(seed, number, group, FileVariants.Places[number % FileVariants.Places.Count]);
                number++;
            }
        }

        // What a local path may be depends on the place of the catalog.
        foreach (var (group, place) in Grouped(_local).SelectMany(group => FileVariants.Places.Select(place => (group, place))))
        {
            yield return Entries(seed, number++, group, place);
        }

        foreach (var change in FileVariants.All)
        {
            var random = new Random(seed + number);
            yield return change(Case(number++, "file", [Plain(random, 0), Plain(random, 1)]));
        }

        foreach (var duplicate in Duplicates())
        {
            var random = new Random(seed + number);
            yield return Case(number++, "duplicates", [Plain(random, 0), .. duplicate(random), Plain(random, 5)]);
        }

        for (var mixture = 0; mixture < Mixtures; mixture++)
        {
            var random = new Random(seed + number);
            yield return Case(number, "mixture", [.. Enumerable.Range(0, 2 + random.Next(4)).Select(i => Mixed(random, i))]) with
            {
                CatalogPath = FileVariants.Places[number % FileVariants.Places.Count],
            };
            number++;
        }
    }

    private static CatalogCase Entries(int seed, int number, IReadOnlyList<Variant> group, string place)
    {
        var random = new Random(seed + number);
        return Case(number, "entries in " + place,
            // Beside one that is refused it shows that the others are not; beside others it has only to be listed.
            [.. group.Select((variant, i) => Special(random, i, variant).At(place)),
                Plain(random, 90) with { CanInstall = group.Count == 1 }]) with
        {
            CatalogPath = place,
        };
    }

    private static CatalogCase Case(int number, string subject, IReadOnlyList<GeneratedEntry> entries) => new()
    {
        Id = $"case-{number:000}",
        Subject = subject,
        Entries = WithoutChanceDuplicates(subject, entries),
        Render = FileVariants.Standardly,
    };

    // Git variants take their names from a few repositories, and name variants from a list; only the cases
    // about duplicates shall have some.
    private static IReadOnlyList<GeneratedEntry> WithoutChanceDuplicates(string subject, IReadOnlyList<GeneratedEntry> entries) =>
        subject == "duplicates" ? entries : [.. entries.DistinctBy(e => e.Name), .. entries.Where(e => e.Name is null).Skip(1)];

    // As many to a catalog as there are repositories to take different names from.
    private static IEnumerable<IReadOnlyList<Variant>> Grouped(IReadOnlyList<Variant> variants) => variants
        .GroupBy(variant => SharedJudgement(Special(new Random(0), 0, variant)))
        .SelectMany(alike => alike.Chunk(alike.Key is null ? 1 : SharedRepositories.Count));

    private static Judgement? SharedJudgement(GeneratedEntry entry) => entry is
    {
        CursorDifference: null, Judgement: Judgement.Same or Judgement.SkippedByUs or Judgement.NotInstalledByUs,
    } ? entry.Judgement : null;

    private static GeneratedEntry Special(Random random, int index, Variant variant) => variant.To(random, Plain(random, index));

    private GeneratedEntry Mixed(Random random, int index)
    {
        var entry = Plain(random, index);
        foreach (var dimension in _dimensions.Append(_local).Where(_ => random.Chance(30)))
        {
            var changed = random.Of(dimension).To(random, entry);
            if (changed is { Judgement: Judgement.Same, CursorDifference: null })
            {
                entry = changed;
            }
        }

        return entry;
    }

    /// <summary>An entry about which there is nothing to say.</summary>
    private static GeneratedEntry Plain(Random random, int index)
    {
        var name = $"p{index}";
        var folder = random.Of("plugins/", "", "deep/er/") + name;
        var manifest = random.Of("""{"name":"@","version":"1.0.0"}""", """{"name":"@"}""", """{"version":"0.2.0-beta+5"}""",
            """{"name":"@","version":"2026.1","description":"A plugin.","interface":{"displayName":"Plugin","category":"Tools"}}""")
            .Replace("@", name, StringComparison.Ordinal);
        var entry = new GeneratedEntry
        {
            Name = name,
            Folder = folder,
            Members = [new("name", Text.Quote(name)),
                new("source", random.Of(Text.Quote("./" + folder), $$"""{"source":"local","path":{{Text.Quote("./" + folder)}}}"""))],
            Write = files =>
            {
                files.Text(folder + "/.codex-plugin/plugin.json", manifest);
                files.Text(folder + "/skills/hello/SKILL.md", "---\nname: hello\ndescription: Says hello.\n---\nHello.\n");
            },
        };
        entry = random.Chance(40) ? entry.With("policy", random.Of("{}", """{"installation":"AVAILABLE","authentication":"ON_USE"}""",
            """{"installation":"INSTALLED_BY_DEFAULT"}""")) : entry;
        entry = random.Chance(40) ? entry.With("category", random.Of("\"Productivity\"", "\"Coding\"", "null")) : entry;
        return random.Chance(30) ? entry.With("description", "\"Of the entry.\"") : entry;
    }

    private static IEnumerable<Func<Random, GeneratedEntry[]>> Duplicates()
    {
        static GeneratedEntry Second(Random r, GeneratedEntry first) => Plain(r, 7).Named(first.Name!) with
        {
            Folder = "second",
            Write = f => f.Text("second/.codex-plugin/plugin.json", $$"""{"name":"{{first.Name}}","version":"9.0.0"}"""),
        };
        static GeneratedEntry[] Both(GeneratedEntry first, GeneratedEntry second) => [.. new[] { first,
            second.With("source", "\"./second\"") }.Select(e => e.Differs(Judgement.NotInstalledByUs, "duplicate-plugin"))];

        yield return r => Both(Plain(r, 1).About("both available"), Second(r, Plain(r, 1)));
        yield return r => Both(Plain(r, 1).With("policy", """{"installation":"NOT_AVAILABLE"}""").About("the first not available"),
            Second(r, Plain(r, 1)));
        yield return r => Both(Plain(r, 1).About("the second not available"),
            Second(r, Plain(r, 1)).With("policy", """{"installation":"NOT_AVAILABLE"}"""));
        yield return r => Both(Plain(r, 1).With("source", "\"../x\"").About("the first skipped"), Second(r, Plain(r, 1)));
        yield return r => Both(Plain(r, 1).With("policy", """{"products":["CHATGPT"]}""").About("the first hidden"),
            Second(r, Plain(r, 1)));
        yield return r => Both(Plain(r, 1), Second(r, Plain(r, 1)).With("policy", """{"products":[]}""").About("the second hidden"));
    }
}
