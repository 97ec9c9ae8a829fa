using System.Text.Json;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Cli.Tests;

[Trait("Category", "Slow")]
public sealed class UpdateCommandTests
{
    private const string Hook = """{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"echo hi"}]}]}}""";

    [Fact]
    public void Outdated_diff_and_update_show_and_install_what_is_new()
    {
        using var cli = Prepare();
        Assert.Equal((0, "All plugins are up to date.\n", ""), cli.Run("outdated"));
        Assert.Equal((0, "No difference.\n", ""), cli.Run("diff", "alpha@tools"));
        cli.Write("tools/alpha/.codex-plugin/plugin.json", """{ "name": "alpha", "version": "1.1.0" }""");
        cli.Write("tools/alpha/hooks/hooks.json", Hook);

        var outdated = cli.Run("outdated");
        Assert.Equal(3, outdated.ExitCode);
        Assert.Equal(["alpha@tools", "1.0.0", "1.1.0", "NewVersion", "High"],
            outdated.Output.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var update = cli.Json("outdated", "alp*", "--files").GetProperty("updates")[0];
        Assert.StartsWith("sha256:", update.GetProperty("toTreeHash").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, update.GetProperty("contentChange").GetArrayLength());

        var difference = cli.Run("diff", "alpha@tools", "--files");
        Assert.Equal(3, difference.ExitCode);
        Assert.Contains("echo hi", difference.Output, StringComparison.Ordinal);
        Assert.Contains("hooks/hooks.json", difference.Output, StringComparison.Ordinal);
        Assert.Equal(3, cli.Run("diff", "alpha@tools", "./tools/alpha").ExitCode);

        var refused = cli.Run("update", "alpha@tools");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("Hook", refused.Error, StringComparison.Ordinal);
        Assert.Equal(4, cli.Run("update").ExitCode);
        Assert.Equal("CapabilityNotAccepted", cli.Json("update", "alpha").GetProperty("results")[0].GetProperty("error").GetString());
        Assert.Equal((0, "Updated alpha@tools to 1.1.0.\n", ""), cli.Run("update", "alpha", "--accept-capability", "Hook"));
        Assert.Equal((0, "alpha@tools is up to date.\nbeta@tools is up to date.\n", ""), cli.Run("update"));
    }

    [Fact]
    public void Nothing_installed_is_not_up_to_date()
    {
        using var cli = new CliRun();

        Assert.Equal((0, "No plugins are installed.\n", ""), cli.Run("outdated"));
        Assert.Equal((0, "No plugins are installed.\n", ""), cli.Run("update"));
        Assert.Equal((0, "No installed plugin has such a name.\n", ""), cli.Run("outdated", "x*"));
        Assert.Equal((0, "No installed plugin has such a name.\n", ""), cli.Run("update", "x*"));
    }

    /// <summary>The reason that several plugins share is said once, and each plugin is in the answer.</summary>
    [Fact]
    public void A_catalog_that_cannot_be_read_is_one_error_and_a_row_for_each_plugin()
    {
        using var cli = Prepare();
        cli.Write("tools/.agents/plugins/marketplace.json", "{");

        var outdated = cli.Run("outdated");
        Assert.Equal(4, outdated.ExitCode);
        Assert.Single(outdated.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal(["alpha@tools 1.0.0 CatalogUnreadable", "beta@tools 1.0.0 CatalogUnreadable"],
            outdated.Output.TrimEnd('\n').Split('\n')[1..]
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.Equal(1, cli.Run("outdated", "alpha@tools").ExitCode);

        var update = cli.Run("update");
        Assert.Equal((1, "Not updated: alpha@tools (CatalogUnreadable).\nNot updated: beta@tools (CatalogUnreadable).\n"),
            (update.ExitCode, update.Output));
        Assert.Single(update.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Diff_tells_version_and_commit_where_nothing_else_changes()
    {
        using var cli = new CliRun();
        var repository = GitRepository.Create(Path.Join(cli.Folder, "tool"));
        repository.Write(".codex-plugin/plugin.json", """{ "name": "tool", "version": "1.0.0" }""").Commit();
        var first = repository.Head;
        cli.Write("shop/.agents/plugins/marketplace.json",
            $$"""{ "name": "shop", "plugins": [{ "name": "tool", "source": { "source": "url", "url": "{{repository.FileUrl}}" } }] }""");
        cli.Run("marketplace", "add", Path.Join(cli.Folder, "shop"));
        cli.Run("add", "tool@shop");
        Assert.Equal((0, "No difference.\n", ""), cli.Run("diff", "tool@shop"));

        repository.Write(".codex-plugin/plugin.json", """{ "name": "tool", "version": "1.1.0" }""").Commit();
        var second = repository.Head;
        Assert.Equal(3, cli.Run("outdated").ExitCode);
        Assert.Equal((3, $"tool@shop\n  version 1.0.0 -> 1.1.0\n  commit {first} -> {second}\nNo capability changes.\nOther files differ: "
            + $"--files lists them.\n", ""), cli.Run("diff", "tool@shop"));
        Assert.Contains(".codex-plugin/plugin.json", cli.Run("diff", "tool@shop", "--files").Output, StringComparison.Ordinal);
        var told = cli.Json("diff", "tool@shop");
        Assert.Equal(("1.0.0", "1.1.0", first, second, true, 0), (Text("fromVersion"), Text("toVersion"), Text("fromCommit"),
            Text("toCommit"), told.GetProperty("isDifferent").GetBoolean(), told.GetProperty("changes").GetArrayLength()));

        cli.Run("update", "tool");
        repository.Commit("The same bytes again");
        Assert.Equal(3, cli.Run("outdated").ExitCode);
        Assert.Equal((3, $"tool@shop\n  version 1.1.0\n  commit {second} -> {repository.Head}\nNo capability changes, "
            + $"and no file differs.\n", ""), cli.Run("diff", "tool@shop"));

        // The branch is made again, and the installed files are touched.
        repository.Run("checkout", "--quiet", "--orphan", "other");
        repository.Write("notes.txt", "new").Commit();
        repository.Run("branch", "--force", "main");
        repository.Run("checkout", "--quiet", "main");
        cli.Run("update", "tool", "--allow-downgrade");
        Assert.Equal((0, "No difference.\n", ""), cli.Run("diff", "tool@shop"));
        repository.Run("checkout", "--quiet", "--orphan", "third");
        repository.Write("notes.txt", "newer").Commit();
        repository.Run("branch", "--force", "main");
        repository.Run("checkout", "--quiet", "main");
        File.AppendAllText(Path.Join(cli.CodexHome, "plugins/cache/shop/tool/1.1.0/notes.txt"), "x");
        Assert.Contains("ContentChanged, changed outside, history rewritten", cli.Run("outdated").Output, StringComparison.Ordinal);

        string? Text(string name) => told.GetProperty(name).GetString();
    }

    [Fact]
    public void Refresh_asks_the_source_and_without_it_the_age_of_the_snapshot_is_told()
    {
        using var cli = new CliRun();
        var repository = GitRepository.Create(Path.Join(cli.Folder, "tools"));
        cli.Marketplace("tools", "alpha");
        repository.Commit();
        cli.Run("marketplace", "add", repository.FileUrl);
        cli.Run("add", "alpha@tools");
        cli.Write("tools/alpha/.codex-plugin/plugin.json", """{ "name": "alpha", "version": "1.1.0" }""");
        repository.Commit();

        Assert.Contains("--refresh asks its source.", cli.Run("update").Output, StringComparison.Ordinal);
        Assert.Contains("Use --refresh to ask their sources.", cli.Run("outdated").Output, StringComparison.Ordinal);
        Assert.Equal(3, cli.Run("outdated", "--refresh").ExitCode);
        Assert.Equal((0, "Updated alpha@tools to 1.1.0.\n", ""), cli.Run("update", "--refresh"));
    }

    [Fact]
    public void An_approvals_file_accepts_its_bytes_and_nothing_else()
    {
        using var cli = Prepare();
        cli.Write("tools/alpha/hooks/hooks.json", Hook);
        var update = cli.Json("outdated").GetProperty("updates")[0];
        var change = update.GetProperty("capabilityChange")[0];
        cli.Write("approvals.json", JsonSerializer.Serialize(new
        {
            format = 1,
            approvals = new[]
            {
                new
                {
                    id = "alpha@tools",
                    treeHash = update.GetProperty("toTreeHash").GetString(),
                    capabilities = new[] { new { component = "Hook", name = change.GetProperty("name")
                        .GetString(), file = "hooks/hooks.json", hash = change.GetProperty("after").GetString() } },
                    approvedBy = "ada",
                    approvedOn = "2026-01-02T03:04:05Z",
                },
            },
        }));

        Assert.Equal(0, cli.Run("update", "alpha", "--approval-file", "approvals.json").ExitCode);

        // What is installed is what was approved, wherever the source has moved to; other installed bytes are not.
        cli.Write("tools/alpha/notes.txt", "moved");
        Assert.Equal((0, "Unchanged"), (cli.Run("update", "alpha", "--approval-file", "approvals.json").ExitCode,
            cli.Json("update", "alpha", "--approval-file", "approvals.json").GetProperty("results")[0].GetProperty("status").GetString()));
        cli.Run("update", "alpha", "--accept-capability", "All");
        cli.Write("tools/alpha/notes.txt", "moved on");
        var moved = cli.Run("update", "alpha", "--approval-file", "approvals.json", "--accept-capability", "All");
        Assert.Equal(1, moved.ExitCode);
        Assert.Equal("UpdateChangedSinceReview",
            cli.Json("update", "alpha", "--approval-file", "approvals.json").GetProperty("results")[0].GetProperty("error").GetString());
        Assert.Equal("ApprovalFileUnreadable",
            cli.Json("update", "alpha", "--approval-file", "nowhere.json").GetProperty("error").GetProperty("code").GetString());
        Assert.Equal((1, ""), (cli.Run("update", "nothing").ExitCode, cli.Run("update", "nothing").Output));
        Assert.Equal("PluginNotInstalled", cli.Json("update", "nothing").GetProperty("error").GetProperty("code").GetString());
    }

    private static CliRun Prepare()
    {
        var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha", "beta"));
        cli.Run("add", "alpha@tools");
        cli.Run("add", "beta@tools");
        return cli;
    }
}
