using System.Text.Json;
using PluginMarket.Files;
using Xunit;

namespace PluginMarket.Cli.Tests;

[Trait("Category", "Fast")]
public sealed class PluginCommandTests
{
    [Fact]
    public void Add_list_disable_enable_remove()
    {
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha", "beta"));

        var added = cli.Json("add", "alpha@tools");
        Assert.Equal("alpha@tools local ON_INSTALL", $"{Text(added, "pluginId")} {Text(added, "version")} {Text(added, "authPolicy")}");
        Assert.True(File.Exists(Path.Join(Text(added, "installedPath"), ".codex-plugin", "plugin.json")));

        Assert.Equal(["alpha@tools True"], Installed(cli));
        Assert.Equal((0, "Disabled plugin `alpha` from marketplace `tools`.\n", ""), cli.Run("disable", "alpha@tools"));
        Assert.Equal(["alpha@tools False"], Installed(cli));
        Assert.Equal(0, cli.Run("enable", "alpha", "-m", "tools").ExitCode);
        Assert.Equal(["alpha@tools True"], Installed(cli));

        Assert.Equal((0, "Removed plugin `alpha` from marketplace `tools`.\n", ""), cli.Run("remove", "alpha@tools"));
        Assert.Empty(Installed(cli));
        Assert.False(Directory.Exists(Text(added, "installedPath")));
    }

    [Fact]
    public void Nothing_is_removed_where_everyone_can_write()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha"));
        cli.Run("add", "alpha@tools");
        FileOps.Default.SetMode(Path.Join(cli.CodexHome, "plugins", "cache"), (UnixFileMode)0b111_111_111);

        var (code, output, error) = cli.Run("remove", "alpha@tools");

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("chmod o-w", error, StringComparison.Ordinal);
        Assert.Equal(["alpha@tools True"], Installed(cli));
    }

    [Fact]
    public void The_manifest_version_names_the_folder_when_asked_for()
    {
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha"));

        var added = cli.Json("add", "alpha@tools", "--cache-version", "manifest");

        Assert.Equal("1.0.0", Text(added, "version"));
        Assert.EndsWith(Path.Join("plugins", "cache", "tools", "alpha", "1.0.0"), Text(added, "installedPath"), StringComparison.Ordinal);
    }

    [Fact]
    public void List_has_the_keys_of_Codex_in_their_order()
    {
        using var cli = new CliRun();
        var root = cli.Marketplace("tools", "alpha");
        cli.Run("marketplace", "add", root);

        var available = cli.Json("list", "--available").GetProperty("available");

        Assert.Equal(
            $$$"""[{"pluginId":"alpha@tools","name":"alpha","marketplaceName":"tools","version":"1.0.0","installed":false,"enabled":false,"source":{"source":"local","path":"{{{root}}}/alpha"},"marketplaceSource":{"sourceType":"local","source":"{{{root}}}"},"installPolicy":"AVAILABLE","authPolicy":"ON_INSTALL"}]""",
            JsonSerializer.Serialize(available));
        Assert.Equal("""{"installed":[],"available":[]}""", JsonSerializer.Serialize(cli.Json("list")));
    }

    [Fact]
    public void The_table_has_a_block_a_marketplace()
    {
        using var cli = new CliRun();
        var root = cli.Marketplace("tools", "alpha");
        cli.Run("marketplace", "add", root);

        var (_, table, _) = cli.Run("list");

        Assert.Equal(
            $"""
            Marketplace `tools`
            {root}/.agents/plugins/marketplace.json

            PLUGIN       STATUS         VERSION  SOURCE
            alpha@tools  not installed           {root}/alpha

            """.ReplaceLineEndings("\n"),
            table);
    }

    [Theory]
    [InlineData("alpha", "plugin requires --marketplace unless passed as <plugin>@<marketplace>")]
    [InlineData("absent@tools", "absent")]
    [InlineData("alpha@absent", "absent")]
    public void What_cannot_be_added_says_why(string selector, string expected)
    {
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha"));

        var (code, output, error) = cli.Run("add", selector);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Empty(Installed(cli));
    }

    [Fact]
    public void Two_different_marketplaces_in_one_selector_are_refused()
    {
        using var cli = new CliRun();

        var (code, _, error) = cli.Run("remove", "alpha@tools", "--marketplace", "other");

        Assert.Equal(1, code);
        Assert.Contains("plugin id `alpha@tools` belongs to marketplace `tools`, but --marketplace specified `other`", error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Removing_what_is_not_installed_succeeds_as_with_Codex()
    {
        using var cli = new CliRun();

        Assert.Equal(0, cli.Run("remove", "absent@nowhere").ExitCode);
    }

    [Fact]
    public void Inventory_shows_what_loads_though_its_marketplace_is_gone()
    {
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha"));
        cli.Run("add", "alpha@tools");
        cli.Run("marketplace", "remove", "tools");

        var plugin = cli.Json("inventory").GetProperty("plugins")[0];

        Assert.Equal("alpha@tools MarketplaceRemoved Recorded",
            $"{Text(plugin, "id")} {Text(plugin, "state")} {Text(plugin, "provenance")}");
        Assert.Empty(Installed(cli));
    }

    [Fact]
    public void Try_shows_the_whole_path_and_leaves_the_homes_alone()
    {
        using var cli = new CliRun();

        var (code, output, error) = cli.Run("try");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("issue-triage@sample-tools: Installed", output, StringComparison.Ordinal);
        Assert.Contains("PluginNotAvailable", output, StringComparison.Ordinal);
        Assert.Contains("brings Hook", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(cli.CodexHome));
    }

    private static string[] Installed(CliRun cli) =>
        [.. cli.Json("list").GetProperty("installed").EnumerateArray()
            .Select(item => $"{Text(item, "pluginId")} {item.GetProperty("enabled").GetBoolean()}")];

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    [Fact]
    public void The_lists_read_the_configuration_of_a_trusted_project_and_not_its_catalog()
    {
        using var cli = new CliRun();
        var market = cli.Marketplace("market", "kit");
        var other = cli.Marketplace("other", "tool");
        Assert.Equal(0, cli.Run("marketplace", "add", market).ExitCode);
        Assert.Equal(0, cli.Run("add", "kit@market").ExitCode);
        cli.Marketplace("project", "inside");
        cli.Write("project/.git/HEAD", "ref: refs/heads/main\n");
        cli.Write("project/.codex/config.toml", $"[plugins.\"kit@market\"]\nenabled = false\n[marketplaces.other]\nsource_type = "
            + $"\"local\"\nsource = \"{other.Replace('\\', '/')}\"\n");
        var project = Path.Join(cli.Folder, "project");

        Assert.DoesNotContain("tool@other", cli.RunIn(project, "list").Output, StringComparison.Ordinal);
        File.AppendAllText(Path.Join(cli.CodexHome, "config.toml"), $"[projects.'{project}']\ntrust_level = \"trusted\"\n");
        var list = cli.RunIn(project, "list").Output;

        Assert.Matches(@"kit@market +installed, disabled", list);
        Assert.Contains("tool@other", list, StringComparison.Ordinal);
        Assert.DoesNotContain("inside@project", list, StringComparison.Ordinal);
        Assert.DoesNotContain("project ", cli.RunIn(project, "marketplace", "list").Output, StringComparison.Ordinal);
        Assert.Contains("other ", cli.RunIn(project, "marketplace", "list").Output, StringComparison.Ordinal);
        Assert.Equal(0, cli.RunIn(project, "add", "tool@other").ExitCode);
        Assert.Equal(1, cli.RunIn(project, "add", "inside@project").ExitCode);
        Assert.DoesNotContain("tool@other", cli.Run("list").Output, StringComparison.Ordinal);
    }
}
