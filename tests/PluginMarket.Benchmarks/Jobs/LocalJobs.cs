using System.Text.Json;
using PluginMarket.Identity;

namespace PluginMarket.Benchmarks.Jobs;

/// <summary>The jobs that need no server.</summary>
internal static class LocalJobs
{
    private const string Listing = "list --available --json > /dev/null";

    public static void List(Bench bench)
    {
        var plugins = bench.Size(10_000);
        var home = Markets.Home(bench.Scratch["list-home"], ("big", Markets.Local(bench.Scratch["big"], "big", plugins)));
        var (ours, codex) = ($"{bench.Programs.Cli} {Listing}", $"{bench.Programs.Codex} plugin {Listing}");
        Bench.Demand(CountOf(home, $"{bench.Programs.Cli} list --available --json"), plugins, "plugins that ours lists");
        Bench.Demand(CountOf(home, $"{bench.Programs.Codex} plugin list --available --json"), plugins, "plugins that Codex lists");
        Alternate(bench, "list-time", home, ours, codex);
        var (ourMemory, codexMemory) = (bench.Memory(home, ours), bench.Memory(home, codex));
        for (var run = 0; run < bench.Runs && ourMemory is not null; run++)
        {
            (ourMemory, codexMemory) = (bench.Memory(home, ours), bench.Memory(home, codex));
            bench.Pair("list-memory", (double)ourMemory!.Value, (double)codexMemory!.Value);
        }

        var (ourCalls, codexCalls) = (bench.Calls(home, ours) / (double)plugins, bench.Calls(home, codex) / (double)plugins);
        bench.Detail("list-time", result => result with
        {
            OurMemory = ourMemory,
            ReferenceMemory = codexMemory,
            OurCalls = ourCalls,
            ReferenceCalls = codexCalls,
        });
        bench.Detail("list-memory", result => result with { Ours = null, Reference = null });
    }

    public static void Find(Bench bench)
    {
        var plugins = bench.Size(10_000);
        var home = Markets.Home(bench.Scratch["find-home"], ("big", Markets.Local(bench.Scratch["find"], "big", plugins)));
        var codex = $"{bench.Programs.Codex} plugin {Listing}";
        Bench.Time(home, codex);
        for (var run = 0; run < bench.Runs; run++)
        {
            var reference = Bench.Time(home, codex);
            var times = bench.Session(home, """
                Import-Module $module
                foreach ($name in 'first', 'second', 'later') {
                    $watch = [Diagnostics.Stopwatch]::StartNew()
                    $found = Find-Plugin
                    "$name $($watch.Elapsed.TotalSeconds)"
                }
                "found $(@($found | Where-Object Status -EQ 'Available').Count)"
                """);
            Bench.Demand(times["found"], plugins, "plugins that are found");
            bench.Pair("find-first", times["first"], reference);
            bench.Pair("find-later", times["later"], reference);
        }
    }

    public static void Scale(Bench bench)
    {
        var times = new Dictionary<int, double>();
        long? memory = null;
        int[] sizes = [bench.Size(1_000), bench.Size(10_000), bench.Size(100_000)];
        foreach (var plugins in sizes)
        {
            var home = Markets.Home(bench.Scratch[$"scale-home-{plugins}"],
                ("big", Markets.Local(bench.Scratch[$"scale-{plugins}"], "big", plugins)));
            foreach (var (series, line) in new[] { ("ours", $"{bench.Programs.Cli} {Listing}"), ("Codex", $"{bench.Programs.Codex} plugin {Listing}") })
            {
                Bench.Demand(CountOf(home, line.Replace(" > /dev/null", "", StringComparison.Ordinal)), plugins, $"plugins that {series} lists");
                var runs = plugins == sizes[2] ? Math.Min(2, bench.Runs) : bench.Runs;
                var median = Bench.Median(Enumerable.Range(0, runs).Select(_ => Bench.Time(home, line)));
                var used = bench.Memory(home, line);
                bench.Keep(new Point("list, " + series, plugins, median, used ?? 0));
                if (series == "ours")
                {
                    (times[plugins], memory) = (median, used);
                }
            }
        }

        bench.Value("scale-exponent", Math.Log10(times[sizes[2]] / times[sizes[1]]));
        if (memory is not null)
        {
            bench.Value("scale-memory", memory.Value);
        }
    }

    public static void Install(Bench bench)
    {
        var files = bench.Size(5_000);
        var market = Markets.Large(bench.Scratch["large"], "one", files);
        var (our, codex, copy) = (bench.Scratch["install-ours"], bench.Scratch["install-codex"], bench.Scratch["install-copy"]);
        var ourLine = $"{bench.Programs.Cli} add large@one --json > /dev/null";
        for (var run = -1; run < bench.Runs; run++)
        {
            Markets.Home(our, ("one", market));
            Markets.Home(codex, ("one", market));
            Markets.Home(copy);
            Bench.Time(our, "sync");
            var ours = Bench.Time(our, ourLine);
            var theirs = Bench.Time(codex, $"{bench.Programs.Codex} plugin add large@one --json > /dev/null");
            var copied = Bench.Time(copy, $"cp -r {market}/plugins/large copied");
            foreach (var installed in new[] { Path.Join(our, ".codex", "plugins", "cache"), Path.Join(codex, ".codex", "plugins", "cache"), Path.Join(copy, "copied") })
            {
                Bench.Demand(Directory.EnumerateFiles(installed, "*", SearchOption.AllDirectories).Count(), files, $"files below {installed}");
            }

            if (run >= 0)
            {
                bench.Pair("install-codex", ours, theirs);
                bench.Pair("install-cp", ours, copied);
            }
        }

        Markets.Home(our, ("one", market));
        Markets.Home(codex, ("one", market));
        var (memory, theirMemory) = (bench.Memory(our, ourLine), bench.Memory(codex, $"{bench.Programs.Codex} plugin add large@one > /dev/null"));
        Markets.Home(our, ("one", market));
        var calls = bench.Calls(our, ourLine) / (double)files;
        bench.Detail("install-codex", result => result with { OurMemory = memory, ReferenceMemory = theirMemory, OurCalls = calls });
    }

    public static void All(Bench bench)
    {
        var (market, name, plugins) = Real(bench);
        var (our, codex, copy) = (bench.Scratch["all-ours"], bench.Scratch["all-codex"], bench.Scratch["all-copy"]);
        var loop = $"for p in {string.Join(' ', plugins.Select(plugin => $"{plugin.Name}@{name}"))}; do "
            + $"{bench.Programs.Codex} plugin add $p --json > /dev/null; done";
        var copyAll = $"mkdir copied && cp -r {string.Join(' ', plugins.Select(plugin => plugin.Folder))} copied/";
        for (var run = -1; run < Math.Min(2, bench.Runs); run++)
        {
            Markets.Home(our, (name, market));
            Markets.Home(copy);
            Bench.Time(our, "sync");
            var times = bench.Session(our, """
                Import-Module $module
                $null = Get-PluginMarketplace
                foreach ($name in 'first', 'again') {
                    $watch = [Diagnostics.Stopwatch]::StartNew()
                    $results = Find-Plugin | Install-Plugin
                    "$name $($watch.Elapsed.TotalSeconds)"
                    "$name-count $(@($results | Where-Object Status -EQ ($name -eq 'first' ? 'Installed' : 'Unchanged')).Count)"
                }
                """);
            Bench.Demand(times["first-count"], plugins.Count, "plugins that the first run installed");
            Bench.Demand(times["again-count"], plugins.Count, "plugins that the second run found unchanged");
            var copied = Bench.Time(copy, copyAll);
            if (run < 0)
            {
                continue;
            }

            Markets.Home(codex, (name, market));
            bench.Pair("all-codex", times["first"], Bench.Time(codex, loop));
            Bench.Demand(Directory.GetDirectories(Path.Join(codex, ".codex", "plugins", "cache", name)).Length, plugins.Count,
                "plugins that Codex installed");
            bench.Pair("all-cp", times["first"], copied);
            bench.Pair("all-again", times["again"], times["first"]);
        }
    }

    public static void Home(Bench bench)
    {
        var installed = bench.Size(2_000);
        var market = Markets.Local(bench.Scratch["home-market"], "big", installed + 50);
        var (full, empty) = (bench.Scratch["home-full"], bench.Scratch["home-empty"]);
        var kept = Markets.Home(bench.Scratch["home-kept"], ("big", market));
        Install(kept, 0, installed);
        for (var run = -1; run < Math.Min(2, bench.Runs); run++)
        {
            Markets.Home(empty, ("big", market));
            Markets.Home(full);
            Bench.Time(full, $"rm -rf .codex && cp -a {kept}/.codex .codex && sync");
            var (into, reference) = run % 2 == 0
                ? (Install(full, installed, 50), Install(empty, installed, 50))
                : Swap(Install(empty, installed, 50), Install(full, installed, 50));
            if (run >= 0)
            {
                bench.Pair("home-time", into, reference);
            }
        }

        static (double Full, double Empty) Swap(double empty, double full) => (full, empty);
        double Install(string home, int first, int count) => bench.Session(home, $$"""
            Import-Module $module
            $null = Get-PluginMarketplace
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $results = {{first}}..{{first + count - 1}} | ForEach-Object { 'plugin-{0:d5}@big' -f $_ } | Install-Plugin
            "time $($watch.Elapsed.TotalSeconds)"
            if (@($results | Where-Object Status -EQ 'Installed').Count -ne {{count}}) { throw 'Not all were installed.' }
            """)["time"];
    }

    public static void Verify(Bench bench)
    {
        var (market, name, plugins) = Real(bench);
        var home = Markets.Home(bench.Scratch["verify-home"], (name, market));
        bench.Session(home, "Import-Module $module; $null = Find-Plugin | Install-Plugin");
        using (var answer = JsonDocument.Parse(Bench.Read(home, $"{bench.Programs.Cli} verify --json")))
        {
            Bench.Demand(answer.RootElement.GetProperty("plugins").EnumerateArray().Count(one => one.GetProperty("isIntact").GetBoolean()),
                plugins.Count, "intact plugins");
        }

        var line = $"{bench.Programs.Cli} verify --json > /dev/null";
        Alternate(bench, "verify", home, line, "find .codex/plugins/cache -type f -print0 | xargs -0 sha256sum > /dev/null");
        var calls = bench.Calls(home, line) / (double)plugins.Count;
        var memory = bench.Memory(home, line);
        bench.Detail("verify", result => result with { OurCalls = calls, OurMemory = memory });
    }

    public static void Validate(Bench bench)
    {
        var (market, _, plugins) = Real(bench);
        var home = Markets.Home(bench.Scratch["validate-home"]);
        var read = $"find {market} -type f -not -path '*/.git/*' -print0 | xargs -0 cat > /dev/null";

        // Findings are not a failure of the run.
        var line = $"{bench.Programs.Cli} validate {market} --json > answer.json 2> /dev/null || test $? -lt 4";
        Bench.Time(home, line);
        using (var answer = JsonDocument.Parse(File.ReadAllBytes(Path.Join(home, "answer.json"))))
        {
            Bench.Demand(LengthOf(answer.RootElement), plugins.Count + 1, "subjects that were checked");
        }

        Alternate(bench, "validate-cli", home, line, read);
        for (var run = 0; run < bench.Runs; run++)
        {
            var reference = Bench.Time(home, read);
            var times = bench.Session(home, $$"""
                Import-Module $module
                $null = Get-PluginMarketplace
                $folders = Get-ChildItem -Directory -LiteralPath '{{market}}/plugins' | ForEach-Object FullName
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $results = @(Test-PluginMarketplace -LiteralPath '{{market}}') + @(Test-PluginManifest -LiteralPath $folders)
                "checked $($watch.Elapsed.TotalSeconds)"
                "results $($results.Count)"
                """);
            Bench.Demand(times["results"], plugins.Count + 1, "results of the checks");
            bench.Pair("validate-cmdlet", times["checked"], reference);
        }
    }

    public static void Capability(Bench bench)
    {
        var (market, name, plugins) = Real(bench);
        var home = Markets.Home(bench.Scratch["capability-home"], (name, market));
        var read = $"find {market}/plugins -type f -print0 | xargs -0 cat > /dev/null";
        Bench.Time(home, read);
        for (var run = 0; run < bench.Runs; run++)
        {
            var reference = Bench.Time(home, read);
            var times = bench.Session(home, """
                Import-Module $module
                $null = Get-PluginMarketplace
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $found = Find-Plugin
                $capabilities = $found | Get-PluginCapability
                "read $($watch.Elapsed.TotalSeconds)"
                "plugins $($found.Count)"
                "capabilities $($capabilities.Count)"
                """);
            Bench.Demand(times["plugins"], plugins.Count, "plugins that were found");
            Bench.Demand(times["capabilities"] > plugins.Count ? 1 : 0, 1, "more capabilities than plugins");
            bench.Pair("capability", times["read"], reference);
        }
    }

    public static void Import(Bench bench)
    {
        var home = Markets.Home(bench.Scratch["import-home"], ("small", Markets.Local(bench.Scratch["import-market"], "small", 10)));
        for (var run = 0; run < bench.Runs * 2; run++)
        {
            var times = bench.Session(home, """
                $watch = [Diagnostics.Stopwatch]::StartNew()
                Import-Module $module
                "import $($watch.Elapsed.TotalMilliseconds)"
                $watch.Restart()
                $marketplaces = @(Get-PluginMarketplace)
                "marketplace $($watch.Elapsed.TotalMilliseconds)"
                "count $($marketplaces.Count)"
                """);
            Bench.Demand(times["count"], 1, "marketplaces");
            bench.Value("import", times["import"]);
            bench.Value("first-marketplace", times["marketplace"]);
        }
    }

    public static void Completion(Bench bench)
    {
        var home = Markets.Home(bench.Scratch["completion-home"], ("small", Markets.Local(bench.Scratch["completion-market"], "small", 100)));
        for (var run = 0; run < bench.Runs; run++)
        {
            bench.Pair("completion", Press("Install-Plugin plugin-0001"), Press("Get-ChildItem ./.codex/co"));
        }

        double Press(string line)
        {
            var times = bench.Session(home, $$"""
                Import-Module $module
                $null = TabExpansion2 'Get-ChildItem -Fo'
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $found = TabExpansion2 '{{line}}'
                "pressed $($watch.Elapsed.TotalSeconds)"
                "matches $($found.CompletionMatches.Count)"
                """);
            Bench.Demand(times["matches"] > 0 ? 1 : 0, 1, $"completions of '{line}'");
            return times["pressed"];
        }
    }

    public static void Start(Bench bench)
    {
        var home = Markets.Home(bench.Scratch["start-home"]);
        var (ours, codex) = ($"{bench.Programs.Cli} --version > /dev/null", $"{bench.Programs.Codex} --version > /dev/null 2>&1");
        Alternate(bench, "start", home, ours, codex, 2);
        var (memory, theirs) = (bench.Memory(home, ours), bench.Memory(home, codex));
        var (calls, theirCalls) = (bench.Calls(home, ours), bench.Calls(home, codex));
        bench.Detail("start", result => result with
        {
            OurMemory = memory,
            ReferenceMemory = theirs,
            OurCalls = calls,
            ReferenceCalls = theirCalls,
        });
    }

    private static void Alternate(Bench bench, string id, string home, string ours, string reference, int times = 1)
    {
        Bench.Time(home, ours);
        Bench.Time(home, reference);
        for (var run = 0; run < bench.Runs * times; run++)
        {
            if (run % 2 == 0)
            {
                var first = Bench.Time(home, ours);
                bench.Pair(id, first, Bench.Time(home, reference));
            }
            else
            {
                var first = Bench.Time(home, reference);
                bench.Pair(id, Bench.Time(home, ours), first);
            }
        }
    }

    private static int CountOf(string home, string line)
    {
        using var answer = JsonDocument.Parse(Bench.Read(home, line));
        return answer.RootElement.GetProperty("available").GetArrayLength();
    }

    // A list of subjects, or an object with one.
    private static int LengthOf(JsonElement answer) => answer.ValueKind == JsonValueKind.Array ? answer.GetArrayLength()
        : answer.EnumerateObject().First(member => member.Value.ValueKind == JsonValueKind.Array).Value.GetArrayLength();

    /// <summary>The checkout of openai/plugins: its name and its local plugins. Under Codex's own names neither program installs anything,
    /// so that such a catalog is copied and called otherwise.</summary>
    internal static (string Root, string Name, IReadOnlyList<(string Name, string Folder)> Plugins) Real(Bench bench)
    {
        var root = bench.Programs.Plugins
            ?? throw new InvalidOperationException("This job needs --plugins and the folder of a checkout of openai/plugins.");
        var name = NameOf(root);
        if (NameRules.IsReservedMarketplace(name))
        {
            var copy = bench.Scratch["real"];
            if (!Directory.Exists(copy))
            {
                Bench.Time(root, $"cp -a . {copy} && rm -rf {copy}/.git {copy}/tmp");
                var catalog = CatalogOf(copy);
                File.WriteAllText(catalog, File.ReadAllText(catalog)
                    .Replace($"\"name\": \"{name}\"", "\"name\": \"measured-copy\"", StringComparison.Ordinal));

                // What was written within two seconds has no stamp.
                Thread.Sleep(TimeSpan.FromSeconds(3));
            }

            (root, name) = (copy, NameOf(copy));
        }

        using var read = JsonDocument.Parse(File.ReadAllBytes(CatalogOf(root)));
        var plugins = new List<(string, string)>();
        foreach (var entry in read.RootElement.GetProperty("plugins").EnumerateArray())
        {
            var source = entry.GetProperty("source");
            var path = source.ValueKind == JsonValueKind.String ? source.GetString()
                : source.GetProperty("source").GetString() == "local" ? source.GetProperty("path").GetString() : null;
            if (path is not null)
            {
                plugins.Add((entry.GetProperty("name").GetString()!, Path.GetFullPath(Path.Join(root, path))));
            }
        }

        return (root, name, plugins);
    }

    private static string CatalogOf(string root) => Path.Join(root, ".agents", "plugins", "marketplace.json");

    private static string NameOf(string root)
    {
        using var catalog = JsonDocument.Parse(File.ReadAllBytes(CatalogOf(root)));
        return catalog.RootElement.GetProperty("name").GetString()!;
    }
}
