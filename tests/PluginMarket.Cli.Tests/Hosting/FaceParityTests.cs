using System.Text.Json;
using PluginMarket.Cli.Hosting;
using PluginMarket.Messages;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>The command line has what the cmdlets have, or the table says why not.</summary>
[Trait("Category", "Fast")]
public sealed class FaceParityTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Every_verb_that_a_message_names_exists()
    {
        var verbs = Verbs();

        Assert.All(Operation.All.Select(operation => operation.NameIn(Face.CommandLine)).OfType<string>(),
            verb => Assert.Contains(verb, verbs));
        Assert.All(OtherTools.Suggested, verb => Assert.Contains(verb, verbs));
    }

    [Fact]
    public void Every_parameter_of_every_cmdlet_has_its_option_or_a_reason()
    {
        var problems = new List<string>();
        var page = FaceTable.Page(problems);

        Assert.Empty(problems);
        ApprovedPage.Demand("docs/faces.md", page, nameof(FaceParityTests));
    }

    [Theory]
    [InlineData("add", "--ref", "--sha", "--version", "--disabled", "--strict", "--allow-downgrade", "--accept-capability", "--reinstall")]
    [InlineData("marketplace add", "--ref", "--sha", "--name", "--sparse")]
    [InlineData("marketplace set", "--source", "--ref", "--sha", "--auto-update")]
    [InlineData("hold", "--note")]
    [InlineData("release", "--note")]
    [InlineData("rollback", "--version")]
    [InlineData("repair")]
    [InlineData("capabilities")]
    [InlineData("manifest")]
    [InlineData("", "--timeout", "--credential", "--allow-http", "--allow-host", "--git-engine")]
    public void A_verb_has_the_options_of_its_cmdlet(string verb, params string[] options)
    {
        System.CommandLine.Command command = CommandTree.Build(Nowhere());
        foreach (var word in verb.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            command = command.Subcommands.Single(child => child.Name == word);
        }

        Assert.All(options, option => Assert.Contains(option, command.Options.Select(known => known.Name)));
    }

    [Fact]
    public void A_version_that_the_source_does_not_have_is_refused_and_the_right_one_installed_and_left_off()
    {
        _cli.Run("marketplace", "add", _cli.Marketplace("tools", "alpha"));

        Assert.Equal("VersionNotFound", CodeOf(_cli.Json("add", "alpha@tools", "--version", "9.9.9")));
        Assert.Equal(0, _cli.Run("add", "alpha@tools", "--version", "1.0.0", "--disabled").ExitCode);
        Assert.Contains("installed, disabled", _cli.Run("list").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_plugin_is_repaired_from_its_source()
    {
        _cli.Run("marketplace", "add", _cli.Marketplace("tools", "alpha"));
        _cli.Run("add", "alpha@tools");

        Assert.Equal((0, "alpha@tools is intact.\n", ""), _cli.Run("repair", "alpha"));
        var file = Directory.GetFiles(Path.Join(_cli.CodexHome, "plugins/cache/tools/alpha"), "plugin.json", SearchOption.AllDirectories)[0];
        File.AppendAllText(file, "\n");
        Assert.Equal((0, "Repaired alpha@tools.\n", ""), _cli.Run("repair", "alpha"));
        Assert.Equal(0, _cli.Run("verify").ExitCode);
    }

    [Fact]
    public void A_folder_and_an_installed_plugin_show_what_they_can_do_and_what_they_say()
    {
        var root = _cli.Marketplace("tools", "alpha");
        _cli.Write("tools/alpha/hooks/hooks.json", """{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"echo hi"}]}]}}""");
        _cli.Run("marketplace", "add", root);
        _cli.Run("add", "alpha@tools");

        foreach (var plugin in new[] { "alpha@tools", "./tools/alpha" })
        {
            var hook = _cli.Json("capabilities", plugin).GetProperty("capabilities").EnumerateArray().Single();
            Assert.Equal(("Hook", "echo hi"), (hook.GetProperty("component").GetString(), hook.GetProperty("command").GetString()));
            Assert.Equal("1.0.0", _cli.Json("manifest", plugin).GetProperty("version").GetString());
        }
    }

    [Fact]
    public void A_marketplace_gets_another_source()
    {
        _cli.Run("marketplace", "add", _cli.Marketplace("tools", "alpha"));
        var moved = Path.Join(_cli.Folder, "elsewhere");
        Directory.Move(Path.Join(_cli.Folder, "tools"), moved);

        Assert.Equal(0, _cli.Run("marketplace", "set", "tools", "--source", "./elsewhere").ExitCode);
        Assert.Contains(moved, _cli.Run("marketplace", "list").Output, StringComparison.Ordinal);
        Assert.Equal(2, _cli.Run("marketplace", "set", "tools").ExitCode);
    }

    private static string? CodeOf(JsonElement answer) => answer.GetProperty("error").GetProperty("code").GetString();

    private static HashSet<string> Verbs()
    {
        var root = CommandTree.Build(Nowhere());
        return [.. root.Subcommands.Select(verb => verb.Name),
            .. root.Subcommands.SelectMany(verb => verb.Subcommands.Select(child => $"{verb.Name} {child.Name}"))];
    }

    private static Terminal Nowhere() => new(TextWriter.Null, TextWriter.Null, Path.GetTempPath(), Colour: false);
}
