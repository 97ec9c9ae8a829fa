using Xunit;

namespace PluginMarket.Cli.Tests;

[Trait("Category", "Fast")]
public sealed class CommandTreeTests
{
    [Theory]
    [InlineData("update", "alpha", "--dry-run")]
    [InlineData("update", "--dryrun")]
    [InlineData("add", "--reinstal")]
    [InlineData("remove", "--force")]
    [InlineData("disable", "-f")]
    [InlineData("verify", "--frozen")]
    [InlineData("lock", "--dry-run")]
    [InlineData("hold", "alpha", "--force")]
    [InlineData("rollback", "--dry-run")]
    [InlineData("outdated", "--refersh")]
    [InlineData("diff", "alpha", "--file")]
    [InlineData("validate", "tools", "--stict")]
    [InlineData("marketplace", "add", "--help-me")]
    [InlineData("marketplace", "upgrade", "--all")]
    [InlineData("marketplace", "remove", "-y")]
    public void An_unknown_option_is_never_read_as_a_name(params string[] arguments)
    {
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha"));
        cli.Run("add", "alpha@tools");
        cli.Write("tools/alpha/.codex-plugin/plugin.json", """{ "name": "alpha", "version": "1.1.0" }""");

        var (code, output, error) = cli.Run(arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"error: Unrecognized option '{arguments[^1]}'.", error, StringComparison.Ordinal);
        Assert.Equal(3, cli.Run("outdated").ExitCode);
        Assert.False(File.Exists(Path.Join(cli.Folder, "plugins.lock.json")));
    }

    [Theory]
    [InlineData("outdated", "PluginNotInstalled")]
    [InlineData("verify", "PluginNotInstalled")]
    [InlineData("hold", "PluginNotInstalled")]
    [InlineData("release", "PluginNotInstalled")]
    [InlineData("rollback", "PluginNotInstalled")]
    [InlineData("marketplace upgrade", "MarketplaceNotFound")]
    public void A_name_that_is_not_there_is_a_failure_and_not_half_an_answer(string verb, string code)
    {
        using var cli = new CliRun();
        string[] arguments = [.. verb.Split(' '), "nothing"];

        var (exitCode, output, error) = cli.Run(arguments);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("'nothing'", error, StringComparison.Ordinal);
        Assert.Equal(code, cli.Json(arguments).GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("marketplace")]
    [InlineData("marketplace remove")]
    [InlineData("add")]
    [InlineData("remove")]
    [InlineData("verify")]
    [InlineData("lock")]
    [InlineData("update")]
    [InlineData("outdated")]
    [InlineData("hold")]
    [InlineData("release")]
    [InlineData("rollback")]
    [InlineData("diff")]
    public void Help_tells_the_usage_and_names_nothing_of_the_home(string verb)
    {
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha"));
        cli.Run("add", "alpha@tools");

        var (code, output, error) = cli.Run([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
        Assert.Contains("--git-engine", output, StringComparison.Ordinal);
        Assert.DoesNotContain("alpha", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_name_the_verbs_of_this_program()
    {
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha"));

        Assert.Equal(
            "Error: Marketplace 'tools' has no plugin 'zebra'. Run `pluginmarket list --marketplace tools` to list its plugins.\n",
            cli.Run("add", "zebra@tools").Error);
        Assert.EndsWith(" Run `pluginmarket marketplace add` to register one.",
            cli.Json("marketplace", "remove", "zebra").GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        cli.Run("add", "alpha@tools");
        cli.Write("tools/alpha/hooks/hooks.json", """{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"echo hi"}]}]}}""");
        Assert.EndsWith("Use --accept-capability Hook to accept them.\n", cli.Run("update", "alpha").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no command 'ad'. Did you mean 'add'?", "ad", "alpha@tools")]
    [InlineData("There is no command 'markeplace'. Did you mean 'marketplace'?", "markeplace", "add", "tools")]
    [InlineData("There is no command 'upgade'. Did you mean 'upgrade'?", "marketplace", "upgade")]
    [InlineData("There is no command 'xyzzy'.", "xyzzy")]
    [InlineData("There is no command 'install'. Use 'add'.", "install", "alpha@tools")]
    [InlineData("There is no command 'uninstall'. Use 'remove'.", "uninstall", "alpha@tools")]
    [InlineData("There is no command 'search'. Use 'list'.", "search", "alpha")]
    [InlineData("There is no command 'update'. Use 'marketplace upgrade'.", "marketplace", "update")]
    [InlineData("Unrecognized option '--reinstal'. Did you mean '--reinstall'? To pass it as a value, write '-- --reinstal'.", "add", "--reinstal")]
    [InlineData("Unrecognized option '--reinstal'. Did you mean '--reinstall'?", "add", "alpha@tools", "--reinstal")]
    public void A_misspelled_word_gets_the_right_one_suggested(string message, params string[] arguments)
    {
        using var cli = new CliRun();
        Assert.Equal((2, "", $"error: {message}\nFor more information, try '--help'.\n"), cli.Run(arguments));
    }

    [Theory]
    [InlineData(typeof(IOException), "SourceUnreachable", "Error: The disk is gone. Check that the path exists and that you can read it.\n")]
    [InlineData(typeof(UnauthorizedAccessException), "SourceUnreachable", "Error: The disk is gone. Check that the path exists and that you can read it.\n")]
    [InlineData(typeof(OperationCanceledException), "Interrupted", "Interrupted; nothing was left half done.\n")]
    public async Task Whatever_ends_a_verb_is_an_object_with_json(Type kind, string code, string message)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Hosting.Terminal(output, error, "/", Colour: false);
        var arguments = new System.CommandLine.RootCommand { Hosting.GlobalOptions.Json }.Parse("--json");

        var ended = await Hosting.Invocation.Of(terminal,
            _ => throw (Exception)Activator.CreateInstance(kind, "The disk is gone.")!)(arguments, CancellationToken.None);

        Assert.Equal((1, message), (ended, error.ToString()));
        using var document = System.Text.Json.JsonDocument.Parse(output.ToString());
        Assert.Equal(code, document.RootElement.GetProperty("error").GetProperty("code").GetString());
    }
}
