using System.Diagnostics;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>Completion in the real shells, as far as the machine has them, and what they ask for.</summary>
[Trait("Category", "Slow")]
public sealed class CompletionCommandTests : IDisposable
{
    private static readonly string[] SearchPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);

    private readonly CliRun _cli = new();

    public CompletionCommandTests()
    {
        _cli.Run("marketplace", "add", _cli.Marketplace("tools", "alpha", "beta", "gamma"));
        _cli.Run("marketplace", "add", _cli.Marketplace("toys", "alphabet"));
        _cli.Run("add", "beta@tools");
    }

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("mar", "marketplace")]
    [InlineData("marketplace ", "add list remove set upgrade")]
    [InlineData("marketplace remove ", "tools toys")]
    [InlineData("marketplace upgrade to", "tools toys")]
    [InlineData("list -m ", "tools toys")]
    [InlineData("add al", "alpha@tools alphabet@toys")]
    [InlineData("add alpha@", "alpha@tools")]
    [InlineData("add -m toys ", "alphabet")]
    [InlineData("add --marketplace ", "tools toys")]
    [InlineData("remove ", "beta@tools")]
    [InlineData("disable b", "beta@tools")]
    [InlineData("verify ", "beta@tools")]
    [InlineData("update ", "beta@tools")]
    [InlineData("hold ", "beta@tools")]
    [InlineData("release ", "beta@tools")]
    [InlineData("rollback ", "beta@tools")]
    [InlineData("rollback beta@tools --v", "--verbose --version")]
    [InlineData("hol", "hold")]
    [InlineData("update --accept-capability H", "Hook")]
    [InlineData("validate --format sa", "sarif")]
    [InlineData("restore --fr", "--frozen")]
    [InlineData("completion ", "bash pwsh zsh")]
    [InlineData("--git-engine l", "libgit2")]
    [InlineData("update --approval-file ", "")]
    [InlineData("try ", "--allow-host --allow-http --codex-home --credential --git-engine --help --home --json --keep --policy --timeout --verbose "
        + "-? -h")]
    [InlineData("validate ", "")]
    public void What_the_last_word_can_become(string typed, string expected)
    {
        var line = $"pluginmarket --codex-home {_cli.CodexHome} --home {_cli.Home} {typed}";

        var (code, output) = Suggest(line, line.Length);

        Assert.Equal(0, code);
        Assert.Equal(expected, string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void Only_what_stands_before_the_position_counts()
    {
        const string Line = "'/some where/pluginmarket' mark --json";
        Assert.Equal("marketplace\n", Suggest(Line, Line.IndexOf(" --json", StringComparison.Ordinal)).Output);
        Assert.Equal("", Suggest(Line, 5).Output);
        Assert.Contains("--json\n", Suggest("pluginmarket --", 15).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_home_that_cannot_be_read_gives_no_names_and_no_message()
    {
        File.WriteAllText(Path.Join(_cli.CodexHome, "config.toml"), "no = = toml");
        var line = $"pluginmarket add --codex-home {_cli.CodexHome} a";
        Assert.Equal((0, ""), Suggest(line, line.Length));
    }

    [Theory]
    [InlineData("pluginmarket mar", "marketplace")]
    [InlineData("pluginmarket add alphab", "alphabet@toys")]
    [InlineData("pluginmarket add alphabet@to", "toys")]
    [InlineData("pluginmarket marketplace remove ", "tools toys")]
    public async Task Bash_completes(string line, string expected)
    {
        // What bash itself does with COMP_LINE before it calls the function; its reply replaces what follows the last @.
        var script = $$"""
            source <(pluginmarket completion bash)
            complete -p pluginmarket >/dev/null
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}}
            _pluginmarket pluginmarket
            echo "${COMPREPLY[*]}"
            """;
        Assert.Equal(expected, (await RunAsync("bash", ["--norc", "-c", script])).Trim());
    }

    [Theory]
    [InlineData("pluginmarket mar", "marketplace")]
    [InlineData("pluginmarket add alphab", "alphabet@toys")]
    [InlineData("pluginmarket marketplace remove ", "tools toys")]
    public async Task Zsh_completes(string line, string expected)
    {
        // The system of completion runs only at a prompt, so the prompt is one on a terminal of zsh's own.
        var script = $$"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            reply() { zpty -r -m shell text "*<$1>*"; }
            zpty -w shell 'PS1=; autoload -Uz compinit; compinit -D -u; source <(pluginmarket completion zsh)'
            zpty -w shell 'compadd() { [[ $1 = -a ]] && print -r -- "FOUND ${(P)2} END" >> $ANSWERS; builtin compadd "$@"; }; print "<re""ady>"'
            reply ready
            zpty -n -w shell '{{line}}'$'\t'
            for i in {1..600}; do [[ -s $ANSWERS ]] && break; sleep 0.05; done
            zpty -d shell
            cat $ANSWERS
            """;
        Assert.Equal($"FOUND {expected} END", (await RunAsync("zsh", ["-f", "-c", script])).Trim());
    }

    [Theory]
    [InlineData("pluginmarket mar", "marketplace")]
    [InlineData("pluginmarket add alphab", "alphabet@toys")]
    [InlineData("pluginmarket marketplace remove ", "tools toys")]
    public async Task PowerShell_completes(string line, string expected)
    {
        var script = $"pluginmarket completion pwsh | Out-String | Invoke-Expression; "
            + $"(TabExpansion2 '{line}').CompletionMatches.CompletionText -join ' '";
        Assert.Equal(expected,
            (await RunAsync(PowerShellProgram.Find().Start("-NoProfile", "-NonInteractive", "-Command", script))).Trim());
    }

    private (int Code, string Output) Suggest(string line, int position)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter();
        var code = Hosting.CommandTree.RunAsync([$"[suggest:{position}]", line],
            new Hosting.Terminal(output, error, _cli.Folder, Colour: false), CancellationToken.None).GetAwaiter().GetResult();
        Assert.Equal("", error.ToString());
        return (code, output.ToString());
    }

    private Task<string> RunAsync(string shell, string[] arguments)
    {
        var program = SearchPath.Select(folder => Path.Join(folder, shell)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(OperatingSystem.IsWindows() || program is null, $"COMPLETION IN {shell} WAS NOT TESTED: it is not on the path.");
        return RunAsync(new ProcessStartInfo(program!, arguments));
    }

    private async Task<string> RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError, start.RedirectStandardInput, start.WorkingDirectory) = (true, true,
            true, _cli.Folder);
        start.Environment["PATH"] = AppContext.BaseDirectory + Path.PathSeparator + string.Join(Path.PathSeparator, SearchPath);
        start.Environment["CODEX_HOME"] = _cli.CodexHome;
        start.Environment["HOME"] = _cli.Home;
        start.Environment["ANSWERS"] = Path.Join(_cli.Folder, "answers");
        start.Environment["TERM"] = "dumb";
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var messages = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output + await messages);
        return output;
    }
}
