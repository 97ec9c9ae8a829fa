using System.Diagnostics;
using PluginMarket.Files;
using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>What somebody puts in place of a folder or file of ours leads no command out of the home, whoever runs it.</summary>
[Trait("Category", "Slow")]
public sealed class PlantedLinkTests
{
    private static readonly string[] Places =
    [
        "plugins/.pluginmarket", "plugins/.pluginmarket/staging", "plugins/.pluginmarket/trash", "plugins/.pluginmarket/journal",
        "plugins/.pluginmarket/marketplaces", "plugins/.pluginmarket/receipts", "plugins/.pluginmarket/receipts/shop",
        "plugins/.pluginmarket/receipts/shop/tool.json",
        "plugins/.pluginmarket/holds", "plugins/.pluginmarket/holds/shop", "plugins/.pluginmarket/holds/shop/tool.json",
        "plugins/.pluginmarket/kept",
        "plugins/.pluginmarket/kept/shop", "plugins/.pluginmarket/kept/shop/tool", "plugins/.pluginmarket/kept/shop/tool/*",
        "plugins/.pluginmarket/kept/shop/tool/*/tree", "plugins/.pluginmarket/kept/shop/tool/*/kept.json",
        "plugins/.pluginmarket/kept/shop/tool/*/receipt.json", "plugins/.pluginmarket/lock", "plugins/.pluginmarket/history",
        "plugins/.pluginmarket/state.json", "plugins/data", "plugins/data/tool-shop", "config.toml.pluginmarket.bak",
        "plugins/cache/shop", "plugins/cache/shop/tool", "plugins/cache/shop/tool/local", ".tmp/marketplaces/.staging.lock",
        ".tmp/marketplaces/other",
    ];

    /// <summary>Where a user may have their own link.</summary>
    private static readonly string[] PlacesOfTheUser = ["config.toml", "plugins", "plugins/cache", ".tmp", ".tmp/marketplaces"];

    private static readonly string[][] Commands =
    [
        ["disable", "tool@shop"], ["enable", "tool@shop"], ["hold", "tool@shop"], ["release", "tool@shop"], ["repair", "tool@shop"],
        ["rollback", "tool@shop"], ["update"], ["add", "second@shop"], ["add", "tool@shop", "--reinstall"],
        ["lock", "--lock-file", "OUT/shop.lock.json"], ["restore", "--lock-file", "OUT/shop.lock.json"],
        ["apply", "--file", "STATE"], [Core, "approve"], [Core, "clear"], ["save", "tool@shop", "--path", "OUT/saved"],
        ["marketplace", "add", "MORE"], ["marketplace", "set", "more", "--source", "MORE"], ["marketplace", "upgrade"],
        ["marketplace", "remove", "other"], ["remove", "tool@shop", "--purge"], ["marketplace", "remove", "shop"],
    ];

    /// <summary>What only a cmdlet does.</summary>
    private const string Core = "(core)";

    public static TheoryData<string, string, bool> Cells()
    {
        var cells = new TheoryData<string, string, bool>();
        foreach (var plant in new[] { "folder", "file", "nothing", "pipe" })
        {
            foreach (var place in Places.Concat(PlacesOfTheUser))
            {
                cells.Add(place, plant, true);

                // What a user links in the own home is followed, so that there is no victim.
                if (!PlacesOfTheUser.Contains(place))
                {
                    cells.Add(place, plant, false);
                }
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task What_is_planted_leads_no_command_out_of_the_home(string place, string plant, bool isRootInAnothersHome)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links and pipes need rights on Windows that tests do not have.");
        Assert.SkipWhen(isRootInAnothersHome && OtherUser.Missing is not null, OtherUser.Missing ?? "");
        using var run = new CliRun();
        Prepare(run);
        var victim = Victim(run);
        Plant(run, place, plant, victim);
        if (isRootInAnothersHome)
        {
            OtherUser.Own(run.Home);
        }

        var before = OtherUser.Snapshot(victim);
        var more = run.Marketplace("more", "extra");
        foreach (var command in Commands)
        {
            string[] arguments = [.. command.Select(argument => argument.Replace("MORE", more, StringComparison.Ordinal)
                .Replace("OUT", Path.Join(run.Folder, "out"), StringComparison.Ordinal)
                .Replace("STATE", Path.Join(run.Folder, "state.json"), StringComparison.Ordinal))];

            // A pipe that is waited for would never end.
            var (exitCode, _, error) = await Task.Run(() => arguments[0] == Core ? RunCore(run, arguments[1]) : run.Run(arguments),
                    TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken);
            Assert.DoesNotContain("fault of PluginMarket", error, StringComparison.Ordinal);
            Assert.Equal(before, OtherUser.Snapshot(victim));
            if (exitCode == 0)
            {
                AssertDone(run, arguments);
            }
        }

        if (isRootInAnothersHome)
        {
            Assert.Empty(OtherUser.NotOwned(run.Home));
        }
    }

    [Theory]
    [InlineData("config.toml")]
    [InlineData("plugins")]
    [InlineData("plugins/cache")]
    [InlineData(".tmp")]
    public void A_link_of_the_user_in_the_own_home_works_and_stays(string place)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows that tests do not have.");
        using var run = new CliRun();
        run.Run("marketplace", "add", run.Marketplace("shop", "tool"));
        run.Run("add", "tool@shop");
        var path = Path.Join(run.CodexHome, place);
        var elsewhere = Path.Join(run.Folder, "elsewhere");
        if (Directory.Exists(path))
        {
            Directory.Move(path, elsewhere);
        }
        else if (File.Exists(path))
        {
            File.Move(path, elsewhere);
        }
        else
        {
            Directory.CreateDirectory(elsewhere);
        }

        File.CreateSymbolicLink(path, elsewhere);

        foreach (var command in new string[][] { ["disable", "tool@shop"], ["enable", "tool@shop"], ["add", "tool@shop", "--reinstall"],
            ["verify"], ["remove", "tool@shop"] })
        {
            Assert.Equal(0, run.Run(command).ExitCode);
        }

        Assert.Equal(elsewhere, File.ResolveLinkTarget(path, returnFinalTarget: false)!.FullName);
    }

    // A home in which every folder and file of ours is there: a version is kept, and a state was applied.
    private static void Prepare(CliRun run)
    {
        var shop = run.Marketplace("shop", "tool", "second");
        run.Write("state.json", """
            {"format":1,"id":"dev","revision":"7","marketplaces":{"shop":{"source":"./shop"}},"plugins":[{"id":"tool@shop"}]}
            """);
        Directory.CreateDirectory(Path.Join(run.Folder, "out"));
        foreach (var command in new string[][] { ["marketplace", "add", shop], ["add", "tool@shop"] })
        {
            Assert.Equal(0, run.Run(command).ExitCode);
        }

        run.Write("shop/tool/.codex-plugin/plugin.json", """{ "name": "tool", "version": "1.1.0" }""");
        run.Write("home/.codex/plugins/data/tool-shop/data.txt", "x");
        foreach (var command in new string[][] { ["update"], ["apply", "--file", Path.Join(run.Folder, "state.json")] })
        {
            Assert.Equal(0, run.Run(command).ExitCode);
        }
    }

    private static (int ExitCode, string Output, string Error) RunCore(CliRun run, string command)
    {
        var environment = MarketEnvironment.FromProcess(run.CodexHome, run.Home, run.Folder, SilentActivityLog.Instance);
        try
        {
            if (command == "approve")
            {
                var review = new PluginReview(environment);
                var approval = review.ApproveAsync(PluginReference.Parse("tool@shop")).GetAwaiter().GetResult();
                review.WriteAsync(Path.Join(run.Folder, "out", "approvals.json"), approval).GetAwaiter().GetResult();
                return (0, "", "");
            }

            var prune = new PrunePluginCache(environment);
            foreach (var item in prune.FindKept([], keepVersion: 0).Concat(prune.FindStaging()))
            {
                if (prune.RemoveAsync(item).GetAwaiter().GetResult().Status == "Removed")
                {
                    Assert.Equal(FileKind.Missing, FileOps.Default.Kind(item.Path));
                }
            }

            return (0, "", "");
        }
        catch (PluginMarketException failure)
        {
            return (1, "", failure.Message);
        }
    }

    private static string Victim(CliRun run)
    {
        foreach (var name in new[] { "thesis.txt", "shop/tool.json", "shop/tool/local/thesis.txt", "tool/local/thesis.txt",
            "local/thesis.txt", "tool.json", "lock", "cache/thesis.txt", "deep/down/thesis.txt" })
        {
            run.Write("victim/" + name, "x");
        }

        return Path.Join(run.Folder, "victim");
    }

    private static void Plant(CliRun run, string place, string plant, string victim)
    {
        var parts = Path.Join(run.CodexHome, place).Split("/*");
        var path = parts.Length == 1 ? parts[0] : Directory.GetDirectories(parts[0]).Single() + parts[1];
        FileOps.Default.DeleteTreeNoFollow(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (plant == "pipe")
        {
            using var made = Process.Start("mkfifo", [path]);
            made.WaitForExit();
            return;
        }

        File.CreateSymbolicLink(path, plant switch
        {
            "folder" => victim,
            "file" => Path.Join(victim, "thesis.txt"),
            _ => Path.Join(victim, "missing"),
        });
    }

    // Success is a claim about the home.
    private static void AssertDone(CliRun run, string[] command)
    {
        string Config() => File.ReadAllText(Path.Join(run.CodexHome, "config.toml"));
        FileKind Kind(string path) => FileOps.Default.Kind(Path.Join(run.CodexHome, path));
        var cache = Path.Join(run.CodexHome, "plugins", "cache", "shop");
        switch (command)
        {
            case ["disable", ..]:
                Assert.Contains("enabled = false", Config(), StringComparison.Ordinal);
                break;
            case ["add", var id, ..]:
                var folder = Path.Join(cache, id.Split('@')[0], "local");
                Assert.True(File.Exists(Path.Join(folder, ".codex-plugin", "plugin.json")));
                Assert.Equal(FileKind.Directory, FileOps.Default.Kind(folder));
                Assert.Equal(0, run.Run("verify", id).ExitCode);
                break;
            case ["remove", ..]:
                Assert.DoesNotContain("tool@shop", Config(), StringComparison.Ordinal);
                Assert.Equal(FileKind.Missing, FileOps.Default.Kind(Path.Join(cache, "tool")));
                Assert.Equal(FileKind.Missing, FileOps.Default.Kind(Path.Join(run.CodexHome, "plugins/data/tool-shop")));
                break;
            case ["hold", ..]:
                Assert.Equal(FileKind.File, Kind("plugins/.pluginmarket/holds/shop/tool.json"));
                break;
            case ["release", ..]:
                Assert.Equal(FileKind.Missing, Kind("plugins/.pluginmarket/holds/shop/tool.json"));
                break;
            case ["restore", ..] when !File.ReadAllText(command[^1]).Contains("tool", StringComparison.Ordinal):
                break;
            case ["rollback", ..] or ["repair", ..] or ["restore", ..]:
                Assert.Equal(0, run.Run("verify", "tool@shop").ExitCode);
                break;
            case ["apply", ..]:
                Assert.Contains("\"dev\"", File.ReadAllText(Path.Join(run.CodexHome, "plugins/.pluginmarket/state.json")),
                    StringComparison.Ordinal);
                Assert.Equal(0, run.Run("verify", "tool@shop").ExitCode);
                break;
            case ["lock", ..] or ["save", ..] or [Core, "approve"]:
                Assert.NotEmpty(Directory.GetFiles(Path.Join(run.Folder, "out"), command[0] switch
                {
                    "lock" => "shop.lock.json",
                    "save" => "plugin.json",
                    _ => "approvals.json",
                }, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }));
                break;
        }
    }
}
