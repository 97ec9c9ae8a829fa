using System.Globalization;
using System.Text;
using PluginMarket.TestKit;

namespace PluginMarket.Benchmarks.Jobs;

/// <summary>The jobs that fetch from a git server on this machine.</summary>
internal static class GitJobs
{
    public static async Task SubdirectoryAsync(Bench bench)
    {
        const int plugins = 50;
        await using var server = new GitHttpServer(bench.Scratch.MakeFolder("subdir-served"));
        GitRepository.Create(bench.Scratch["subdir-served/many"], Enumerable.Range(0, plugins).SelectMany(i => new[]
        {
            ($"plugins/{Markets.Name(i)}/.codex-plugin/plugin.json", $$"""{"name": "{{Markets.Name(i)}}", "version": "1.0.0"}"""),
            ($"plugins/{Markets.Name(i)}/skills/one/SKILL.md", $"---\nname: one\ndescription: Does {i}\n---\nText\n"),
        }).ToDictionary(file => file.Item1, file => file.Item2, StringComparer.Ordinal));
        var market = Markets.Catalog(bench.Scratch["subdir-market"], "many", string.Join(",\n", Enumerable.Range(0, plugins).Select(i =>
            $$$"""{"name": "{{{Markets.Name(i)}}}", "source": {"source": "git-subdir", "url": "{{{server.Url}}}/many", "path": "plugins/{{{Markets.Name(i)}}}", "ref": "main"}}""")));
        var ids = string.Join(' ', Enumerable.Range(0, plugins).Select(i => Markets.Name(i) + "@many"));
        var loop = $"for p in {ids}; do {bench.Programs.Codex} plugin add $p --json > /dev/null; done";
        var (our, codex) = (bench.Scratch["subdir-ours"], bench.Scratch["subdir-codex"]);
        for (var run = -1; run < Math.Min(2, bench.Runs); run++)
        {
            Markets.Home(our, ("many", market));
            var before = server.Fetches;
            var ours = bench.Session(our, $$"""
                Import-Module $module
                $null = Get-PluginMarketplace
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $results = '{{ids}}' -split ' ' | Install-Plugin -AllowHttp
                "time $($watch.Elapsed.TotalSeconds)"
                if (@($results | Where-Object Status -EQ 'Installed').Count -ne {{plugins}}) { throw "Not all were installed: $($results[0].Reason)" }
                """)["time"];
            var fetches = server.Fetches - before;
            if (run >= 0)
            {
                Markets.Home(codex, ("many", market));
                bench.Pair("subdir-time", ours, Bench.Time(codex, loop));
                Bench.Demand(Directory.GetDirectories(Path.Join(codex, ".codex", "plugins", "cache", "many")).Length, plugins,
                    "plugins that Codex installed");
                bench.Value("subdir-fetches", fetches);
            }
        }
    }

    public static async Task UnchangedAsync(Bench bench)
    {
        const int markets = 30;
        var served = bench.Scratch.MakeFolder("git30-served");
        await using var server = new GitHttpServer(served);

        // The server's own git would need both cores for as long as ours waits.
        server.Delay = _ => Task.Delay(50);
        server.RemembersAnswers = true;
        var names = Enumerable.Range(0, markets).Select(i => $"m{i:D2}").ToList();
        foreach (var name in names)
        {
            GitRepository.Create(Path.Join(served, name), new Dictionary<string, string>
            {
                [".agents/plugins/marketplace.json"] = $$"""{"name": "{{name}}", "plugins": []}""",
            });
        }

        var home = Markets.Home(bench.Scratch["git30-home"]);
        foreach (var name in names)
        {
            Bench.Time(home, $"{bench.Programs.Cli} marketplace add {server.Url}/{name} --allow-http --json > /dev/null");
        }

        for (var run = -1; run < bench.Runs; run++)
        {
            var all = Bench.Time(home, $"{bench.Programs.Cli} marketplace upgrade --allow-http --json > /dev/null");
            var slowest = names.Take(5).Max(name => Bench.Time(home,
                $"{bench.Programs.Cli} marketplace upgrade {name} --allow-http --json > /dev/null"));
            if (run >= 0)
            {
                bench.Pair("git30", all, slowest);
            }
        }
    }

    public static async Task UpdateAsync(Bench bench)
    {
        var files = bench.Size(50_000);
        var served = bench.Scratch.MakeFolder("update-served");
        await using var server = new GitHttpServer(served);
        var repository = GitRepository.Create(Path.Join(served, "large"));
        repository.RunWith(Encoding.ASCII.GetBytes(Import(files)), "fast-import", "--quiet");
        var home = Markets.Home(bench.Scratch["update-home"]);
        Bench.Time(home, $"{bench.Programs.Cli} marketplace add {server.Url}/large --allow-http --json > /dev/null");
        for (var run = -1; run < Math.Min(2, bench.Runs); run++)
        {
            repository.RunWith(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"commit refs/heads/main\ncommitter A <a@example.org> {1767225700 + run} +0000\ndata 4\nEdit\nfrom refs/heads/main^0\n"
                    + $"M 100644 inline other/0001/000123.txt\ndata 8\nedited {run & 7}\n")), "fast-import", "--quiet");
            var before = server.BytesSent;
            var update = Bench.Time(home, $"{bench.Programs.Cli} marketplace upgrade large --allow-http --json > /dev/null");
            var (between, clone) = (server.BytesSent, Path.Join(home, "clone"));
            var edited = Path.Join(home, ".codex", ".tmp", "marketplaces", "large", "other", "0001", "000123.txt");
            Bench.Demand(File.ReadAllText(edited) == $"edited {run & 7}" ? 1 : 0, 1, "files that are as the commit has them");
            if (run < 0)
            {
                continue;
            }

            var cloned = Bench.Time(home, $"git clone --quiet --depth 1 {server.Url}/large {clone}");
            bench.Pair("update-time", update, cloned);
            bench.Pair("update-bytes", between - before, server.BytesSent - between);
            Directory.Delete(clone, recursive: true);
        }

        bench.Detail("update-bytes", result => result with { Ours = null, Reference = null });
    }

    private static string Import(int files)
    {
        var text = new StringBuilder("commit refs/heads/main\ncommitter A <a@example.org> 1767225600 +0000\ndata 4\nMake\n");
        Add(".agents/plugins/marketplace.json", """{"name": "large", "plugins": []}""");
        for (var file = 1; file < files; file++)
        {
            Add($"other/{file / 100:D4}/{file:D6}.txt", $"This is file {file} of a large repository.\n");
        }

        return text.ToString();

        void Add(string path, string content) =>
            text.Append(CultureInfo.InvariantCulture, $"M 100644 inline {path}\ndata {content.Length}\n{content}\n");
    }
}
