using System.Text.Json;
using PluginMarket.Cli.Hosting;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>What no code expected, and what is outside of the verbs: exit code 1, valid JSON, and never the trace of a crash.</summary>
[Trait("Category", "Fast")]
public sealed class FaultTests : IDisposable
{
    private readonly CliRun _cli = new();

    [Theory]
    [InlineData("list")]
    [InlineData("marketplace", "list")]
    [InlineData("inventory")]
    [InlineData("outdated")]
    public void A_fault_of_this_program_is_told_as_one(params string[] verb)
    {
        using var output = new FailingWriter(failures: 1);
        using var error = new StringWriter();

        var code = Run(output, error, [.. verb, "--json"]);

        Assert.Equal(ExitCode.Failed, code);
        var problem = Parse(output.ToString()).GetProperty("error");
        Assert.Equal("InternalError", problem.GetProperty("code").GetString());
        Assert.Contains("fault of PluginMarket", problem.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("System.NotSupportedException", problem.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("--verbose", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("FailingWriter", error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Join(_cli.CodexHome, "config.toml")));
    }

    [Fact]
    public void The_trace_is_shown_where_it_is_asked_for()
    {
        using var output = new FailingWriter(failures: 1);
        using var error = new StringWriter();

        Assert.Equal(ExitCode.Failed, Run(output, error, ["list", "--verbose"]));
        Assert.Contains(nameof(FailingWriter), error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_while_the_line_is_read_is_told_as_one()
    {
        using var output = new FailingWriter(failures: 1);
        using var error = new StringWriter();

        Assert.Equal(ExitCode.Failed, Run(output, error, ["--help"]));
        Assert.Contains("fault of PluginMarket", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("validate", "@acme")]
    [InlineData("marketplace", "add", "@acme")]
    [InlineData("add", "@acme")]
    [InlineData("marketplace", "remove", "@acme")]
    [InlineData("verify", "--lock-file", "@acme")]
    [InlineData("diff", "@acme", "@acme")]
    public void An_argument_that_begins_with_an_at_sign_is_a_name_like_any_other(params string[] line)
    {
        // Were it read as further arguments, this would print the help and end with 0.
        _cli.Write("@acme", "--help");
        _cli.Write("acme", "--help");

        var (code, output, error) = _cli.Run(line);

        Assert.NotEqual(ExitCode.Done, code);
        Assert.DoesNotContain("Usage:", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("InternalError", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_an_at_sign_is_checked_as_every_other()
    {
        _cli.Write("@acme/.codex-plugin/plugin.json", """{ "name": "acme", "version": "1.0.0" }""");

        Assert.NotEqual(ExitCode.Usage, _cli.Run("validate", "@acme").ExitCode);
        Assert.DoesNotContain("response file", _cli.Run("validate", "@acme").Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_current_folder_that_is_gone_is_said()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, "", Colour: false);

        var code = await CommandTree.RunAsync(["list", "--json"], terminal, CancellationToken.None);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal("SourceUnreachable", Parse(output.ToString()).GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("list")]
    [InlineData("marketplace", "list")]
    [InlineData("inventory")]
    [InlineData("verify")]
    [InlineData("outdated")]
    [InlineData("update")]
    [InlineData("marketplace", "upgrade")]
    [InlineData("remove", "kit@mk")]
    [InlineData("enable", "kit@mk")]
    [InlineData("disable", "kit@mk")]
    [InlineData("hold", "kit@mk")]
    [InlineData("release", "kit@mk")]
    [InlineData("rollback", "kit@mk")]
    [InlineData("marketplace", "remove", "mk")]
    public async Task A_named_home_that_is_missing_is_an_error_of_every_verb_that_reads_it(params string[] verb)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, _cli.Folder, Colour: false);

        var code = await CommandTree.RunAsync([.. verb, "--json", "--codex-home", "typo/.codex", "--home", _cli.Home],
            terminal, CancellationToken.None);

        Assert.Equal(ExitCode.Failed, code);
        var problem = Parse(output.ToString()).GetProperty("error");
        Assert.Equal("HomeNotFound", problem.GetProperty("code").GetString());
        Assert.Contains("failed to resolve --codex-home", problem.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(_cli.Folder, "typo")));
    }

    public void Dispose() => _cli.Dispose();

    private int Run(TextWriter output, TextWriter error, string[] line)
    {
        var terminal = new Terminal(output, error, _cli.Folder, Colour: false);
        return CommandTree.RunAsync([.. line, "--codex-home", _cli.CodexHome, "--home", _cli.Home], terminal, CancellationToken.None)
            .GetAwaiter().GetResult();
    }

    private static JsonElement Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private sealed class FailingWriter(int failures) : StringWriter
    {
        private int _left = failures;

        public override void Write(string? value) => Write(value.AsSpan());

        public override void Write(char value) => Write([value]);

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer)
        {
            if (_left-- > 0)
            {
                throw new NotSupportedException("injected");
            }

            GetStringBuilder().Append(buffer);
        }
    }
}
