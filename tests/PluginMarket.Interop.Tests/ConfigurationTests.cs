namespace PluginMarket.Interop.Tests;

/// <summary>What one tool writes into config.toml the other takes out again, to the byte, whatever else stands there.</summary>
public sealed class ConfigurationTests : IAsyncDisposable
{
    private readonly SharedHome _home = new();

    // Codex ends a last line that has no break, and turns every CRLF into LF: those two the tools leave differently.
    public static TheoryData<string> Texts =>
    [
        "", "\n", "a = 1\n", "a = 1\n\n", "a = 1\n\n\n", "# c\n", "a = 1\n# c\n", "a = 1\n\n# c\n", "[x]\ny = 1\n", "[x]\ny = 1\n\n", "[x]\ny = 1\n\n# end\n", "[plugins.\"other@m\"]\nenabled = true\n", "[plugins]\n",
    ];

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [CodexTheory]
    [MemberData(nameof(Texts))]
    public async Task What_either_adds_either_removes_without_a_trace(string text)
    {
        var root = _home.LocalMarketplace();
        File.WriteAllText(Path.Join(_home.CodexHome, "config.toml"), text);

        await _home.AddAsync(root);
        var withMarketplace = _home.Configuration;
        await _home.InstallAsync("alpha@corp");
        await _home.UninstallAsync("alpha@corp");
        Assert.Equal(withMarketplace, _home.Configuration);
        await _home.InstallAsync("alpha@corp");
        Assert.Equal(0, _home.TryCodex("remove", "alpha@corp").ExitCode);
        Assert.Equal(withMarketplace, _home.Configuration);
        _home.Codex("marketplace", "remove", "corp");
        Assert.Equal(text, _home.Configuration);

        _home.Codex("marketplace", "add", root);
        withMarketplace = _home.Configuration;
        _home.Codex("add", "alpha@corp");
        await _home.UninstallAsync("alpha@corp");
        Assert.Equal(withMarketplace, _home.Configuration);
        await _home.RemoveAsync("corp");
        Assert.Equal(text, _home.Configuration);
    }
}
