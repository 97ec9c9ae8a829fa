using PluginMarket.Files;
using PluginMarket.TestKit;
using PluginMarket.Toml;

namespace PluginMarket.Interop.Tests;

/// <summary>What one tool writes into config.toml the other takes out again, to the byte, whatever else is there.</summary>
public sealed class ConfigurationTests : IAsyncDisposable
{
    private readonly SharedHome _home = new();

    // Codex ends a last line that has no break, and turns every CRLF into LF: those two the tools leave differently.
    public static TheoryData<string> Texts =>
    [
        "", "\n", "a = 1\n", "a = 1\n\n", "a = 1\n\n\n", "# c\n", "a = 1\n# c\n", "a = 1\n\n# c\n", "[x]\ny = 1\n", "[x]\ny = 1\n\n",
        "[x]\ny = 1\n\n# end\n", "[plugins.\"other@m\"]\nenabled = true\n", "[plugins]\n",
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

    public static TheoryData<string> InlineForms =>
    [
        "marketplaces = { corp = { MARKET } }\nplugins = { \"alpha@corp\" = { enabled = true }, \"other@corp\" = { enabled = false } }\n",
        "marketplaces = { other = { OTHER }, corp = { MARKET } }\nplugins = { \"other@corp\" = { enabled = false }, "
            + "\"alpha@corp\" = { enabled = true } }\n",
        "marketplaces.corp = { MARKET }\nplugins.\"alpha@corp\" = { enabled = true }\nplugins.\"other@corp\".enabled = false\n",
        "[marketplaces]\ncorp = { MARKET } # c\n[plugins]\n\"alpha@corp\" = { enabled = true }\n\"other@corp\" = { enabled = false } # c\n",
        "plugins = { \"alpha@corp\".enabled = true, "
            + "\"other@corp\".enabled = false }\n[marketplaces.corp]\nsource_type = \"local\"\nsource = \"ROOT\"\n",
    ];

    [CodexTheory]
    [MemberData(nameof(InlineForms))]
    public async Task Every_form_that_Codex_reads_is_edited_and_Codex_reads_what_comes_out(string form)
    {
        var root = _home.LocalMarketplace();
        await _home.AddAsync(root);
        await _home.InstallAsync("alpha@corp");
        var local = $"source_type = \"local\", source = \"{root}\"";
        File.WriteAllText(Path.Join(_home.CodexHome, "config.toml"), form.Replace("MARKET", local, StringComparison.Ordinal)
            .Replace("OTHER", local, StringComparison.Ordinal).Replace("ROOT", root, StringComparison.Ordinal));
        Assert.Equal("alpha@corp True", Listed());

        await _home.EnableAsync("alpha@corp", enabled: false);
        Assert.Equal("alpha@corp False", Listed());
        await _home.EnableAsync("alpha@corp", enabled: true);
        Assert.Equal("alpha@corp True", Listed());
        Assert.Null((await _home.UninstallAsync("alpha@corp")).GetFailure());
        Assert.Equal("", Listed());
        Assert.Contains("\"other@corp\"", _home.Configuration, StringComparison.Ordinal);
        await _home.InstallAsync("alpha@corp");
        Assert.Equal("alpha@corp True", Listed());
        await _home.RemoveAsync("corp");
        Assert.DoesNotContain("corp", string.Join(' ', _home.Codex("marketplace", "list").GetProperty("marketplaces").EnumerateArray()
            .Select(market => market.GetProperty("name").GetString())
            .Where(name => name == "corp" && !form.Contains("OTHER", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [CodexFact]
    public async Task Adding_the_same_source_again_drops_what_Codex_drops_and_keeps_what_it_keeps()
    {
        var root = _home.LocalMarketplace();
        var isNew = CodexVersions.Compare(Judge.CurrentVersion, "0.171.0") >= 0;
        var text = $"[marketplaces.corp]\nlast_updated = \"x\"\nsource_type = \"local\"\nfoo = 1\nsource = \"{root}\"\nauto_update = "
            + $"true\n[marketplaces.corp.sub]\nx = 1\n[z]\nk = 1\n";
        File.WriteAllText(Path.Join(_home.CodexHome, "config.toml"), text);
        var ours = await _home.AddAsync(root);
        var written = TomlFile.Parse(System.Text.Encoding.UTF8.GetBytes(_home.Configuration), "ours").Root;
        File.WriteAllText(Path.Join(_home.CodexHome, "config.toml"), text);
        _home.Codex("marketplace", "add", root);
        var judged = TomlFile.Parse(System.Text.Encoding.UTF8.GetBytes(_home.Configuration), "theirs").Root;

        Assert.True(ours.AlreadyAdded);
        Assert.True(ours.Marketplace.AutoUpdate);
        Assert.Equal(judged.Table("marketplaces")!.Table("corp")!.Keys.Concat(isNew ? [] : ["auto_update"]).Order(StringComparer.Ordinal),
            written.Table("marketplaces")!.Table("corp")!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1L, written.Table("z")!["k"]);
    }

    [CodexFact]
    public async Task A_new_configuration_is_for_its_owner_alone_and_an_old_one_keeps_its_mode()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        var files = FileOps.Default;
        var path = Path.Join(_home.CodexHome, "config.toml");
        await _home.AddAsync(_home.LocalMarketplace());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, files.Examine(path).Mode);
        _home.Codex("add", "alpha@corp");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, files.Examine(path).Mode);
        files.SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        await _home.EnableAsync("alpha@corp", enabled: false);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, files.Examine(path).Mode);
    }

    private string Listed() =>
        string.Join(' ', _home.Codex("list").GetProperty("installed").EnumerateArray()
            .Select(plugin => $"{plugin.GetProperty("pluginId").GetString()} {plugin.GetProperty("enabled").GetBoolean()}").Distinct());
}
