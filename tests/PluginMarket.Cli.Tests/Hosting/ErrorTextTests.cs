using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>What a user or a catalog writes reaches the terminal and the JSON escaped, and otherwise unchanged.</summary>
[Trait("Category", "Fast")]
public sealed class ErrorTextTests
{
    [Theory]
    [InlineData("\u001b]0;owned\u0007")]
    [InlineData("abc\u202ecba")]
    [InlineData("a\u200bb")]
    [InlineData("a\rb")]
    [InlineData("\u009b2J")]
    public void An_error_shows_no_character_that_hides_or_drives_a_terminal(string hostile)
    {
        using var cli = new CliRun();
        cli.Run("marketplace", "add", cli.Marketplace("tools", "alpha"));
        cli.Write("broken/.agents/plugins/marketplace.json",
            $$"""{ "name": "broken", "plugins": [{ "name": "alpha", "source": { "source": "{{hostile.Replace("\u001b", "\\u001b",
                StringComparison.Ordinal).Replace("\u0007", "", StringComparison.Ordinal).Replace("\r", "\\r",
                    StringComparison.Ordinal)}}" } }] }""");
        cli.Run("marketplace", "add", Path.Join(cli.Folder, "broken"));

        string[][] lines = [["add", $"{hostile}@tools"], ["marketplace", "add", $"./{hostile}"], ["marketplace", "remove", hostile],
            ["add", "alpha@broken"], ["verify", "--lock-file", $"{hostile}.json"]];
        Assert.All(lines, line =>
        {
            var (code, output, error) = cli.Run(line);
            var (_, json, _) = cli.Run([.. line, "--json"]);

            Assert.NotEqual(0, code);
            Assert.StartsWith("Error: ", error, StringComparison.Ordinal);
            Assert.All([output, error, json],
                text => Assert.DoesNotContain(text, c => (char.IsControl(c) && c != '\n') || c is '\u202e' or '\u200b'));
        });
    }

    [Fact]
    public void A_path_that_looks_like_a_cmdlet_or_a_parameter_is_shown_as_it_is()
    {
        using var cli = new CliRun();
        cli.Write("Find-Plugin -Reinstall/x", "");
        var folder = Path.Join(cli.Folder, "Find-Plugin -Reinstall");

        var (_, _, error) = cli.Run("marketplace", "add", folder);
        var answer = cli.Json("marketplace", "add", folder).GetProperty("error");

        Assert.StartsWith($"Error: '{folder}' is not a marketplace", error, StringComparison.Ordinal);
        Assert.StartsWith($"'{folder}' is not a marketplace", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.EndsWith(answer.GetProperty("remedies")[0].GetString()!,
            answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
