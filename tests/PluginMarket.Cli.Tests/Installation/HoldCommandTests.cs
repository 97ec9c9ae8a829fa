using System.Text.Json;
using Xunit;

namespace PluginMarket.Cli.Tests;

[Trait("Category", "Fast")]
public sealed class HoldCommandTests : IDisposable
{
    private readonly CliRun _cli = new();

    public HoldCommandTests()
    {
        _cli.Run("marketplace", "add", _cli.Marketplace("tools", "alpha", "beta"));
        _cli.Run("add", "alpha@tools", "--cache-version", "manifest");
        _cli.Run("add", "beta@tools", "--cache-version", "manifest");
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_held_plugin_is_not_updated_until_it_is_released()
    {
        Assert.Equal((0, "Held alpha@tools at 1.0.0.\n", ""), _cli.Run("hold", "alpha", "--note", "CHG-7"));
        Assert.Equal((0, "alpha@tools was already held.\n", ""), _cli.Run("hold", "alpha"));
        var plugin = Assert.Single(_cli.Json("inventory").GetProperty("plugins").EnumerateArray(),
            plugin => plugin.GetProperty("held").GetBoolean());
        Assert.Equal(("alpha@tools", "CHG-7"), (Text(plugin, "id"), Text(plugin, "holdNote")));
        Release("1.1.0");

        var (code, output, error) = _cli.Run("update", "alpha");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("CHG-7", error, StringComparison.Ordinal);
        Assert.Contains("`pluginmarket release", error, StringComparison.Ordinal);
        Assert.Contains("Skipped alpha@tools (Held)", _cli.Run("update").Output, StringComparison.Ordinal);

        Assert.Equal((0, "Released alpha@tools.\n", ""), _cli.Run("release", "alpha@tools", "--note", "CHG-8"));
        Assert.Equal((0, "alpha@tools was not held.\n", ""), _cli.Run("release", "alpha"));
        Assert.Equal((0, "Updated alpha@tools to 1.1.0.\n", ""), _cli.Run("update", "alpha"));
    }

    [Fact]
    public void Rollback_brings_the_replaced_version_back_unless_the_plugin_is_held()
    {
        Release("1.1.0");
        _cli.Run("update", "alpha");

        var (code, output, error) = _cli.Run("rollback", "beta");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("beta@tools", error, StringComparison.Ordinal);

        _cli.Run("hold", "alpha");
        Assert.Equal("PluginHeld", Text(_cli.Json("rollback", "alpha").GetProperty("results")[0], "error"));
        _cli.Run("release", "alpha");

        Assert.Equal((0, "Rolled alpha@tools back to 1.0.0.\n", ""), _cli.Run("rollback", "alpha"));
        Assert.Equal((0, "alpha@tools already has version 1.0.0.\n", ""), _cli.Run("rollback", "alpha", "--version", "1.0.0"));
        var result = _cli.Json("rollback", "alpha", "--version", "1.1.0").GetProperty("results")[0];
        Assert.Equal(("alpha@tools", "Rollback", "Updated", "1.1.0", "1.0.0"),
            (Text(result, "id"), Text(result, "action"), Text(result, "status"), Text(result, "version"), Text(result, "previousVersion")));
        Assert.Equal("VersionNotFound", Text(_cli.Json("rollback", "alpha", "--version", "7.0.0").GetProperty("results")[0], "error"));
    }

    [Fact]
    public void Several_plugins_are_one_answer_with_a_result_for_each()
    {
        var results = _cli.Json("hold", "*", "alpha").GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["Hold alpha@tools Held", "Hold beta@tools Held"],
            results.Select(result => $"{Text(result, "action")} {Text(result, "id")} {Text(result, "reasonCode")}"));

        var (code, output, error) = _cli.Run("release", "beta", "nothing");
        Assert.Equal((4, "Released beta@tools.\n"), (code, output));
        Assert.Contains("'nothing'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hold")]
    [InlineData("release")]
    [InlineData("rollback")]
    public void A_name_that_is_installed_from_two_marketplaces_changes_neither(string verb)
    {
        _cli.Run("marketplace", "add", _cli.Marketplace("toys", "alpha"));
        _cli.Run("add", "alpha@toys", "--cache-version", "manifest");

        var (code, output, error) = _cli.Run(verb, "alpha");

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("alpha@tools, alpha@toys", error, StringComparison.Ordinal);
        Assert.Equal("PluginNameAmbiguous", Text(_cli.Json(verb, "alpha").GetProperty("error"), "code"));
        Assert.Equal(2, _cli.Run(verb).ExitCode);
    }

    private void Release(string version) =>
        _cli.Write("tools/alpha/.codex-plugin/plugin.json", $$"""{ "name": "alpha", "version": "{{version}}" }""");

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
