using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>What Codex leaves of its work in the background stays as it is through our commands, and is not listed as a
/// marketplace.</summary>
public sealed class BackgroundStagingTests : IAsyncDisposable
{
    private readonly SharedHome _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [CodexFact]
    public async Task What_a_refresh_in_the_background_leaves_is_neither_listed_nor_touched()
    {
        var repository = _home.GitMarketplace();
        await _home.AddAsync(_home.GitUrl);
        await _home.InstallAsync("inside@tools");
        repository.Write("plugins/inside/.codex-plugin/plugin.json", """{"name":"inside","version":"1.6.0"}""").Commit();
        _home.Refresh(() => Directory.Exists(_home.Cache("tools", "inside") + "/1.6.0"));
        var left = OfCodex();
        Assert.Contains(".tmp/marketplaces/.staging.lock", left);
        Assert.Equal(CodexVersions.Compare(Judge.CurrentVersion, "0.171.0") >= 0, left.Contains(".tmp/.staging.lock"));

        var root = _home.LocalMarketplace();
        await _home.AddAsync(root);
        var listed = (await _home.OurMarketplacesAsync()).Marketplaces;
        Assert.Equal(["corp", "tools"], listed.Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["inside@tools 1.6.0 Installed"], _home.OurInstalled());
        repository.Write("other/file.txt", "2").Commit();
        Assert.Equal("Updated", (await _home.UpdateAsync("tools")).Status);
        await _home.UninstallAsync("inside@tools");
        await _home.RemoveAsync("corp");
        await _home.RemoveAsync("tools");

        Assert.Equal(left, OfCodex());
        Assert.Empty((await _home.OurMarketplacesAsync()).Marketplaces);
        Assert.Empty(_home.Codex("marketplace", "list").GetProperty("marketplaces").EnumerateArray());
    }

    // Everything below .tmp but the snapshot.
    private List<string> OfCodex() =>
        [.. Directory.EnumerateFileSystemEntries(Path.Join(_home.CodexHome, ".tmp"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_home.CodexHome, path))
            .Where(path => path != ".tmp/marketplaces/tools" && !path.StartsWith(".tmp/marketplaces/tools/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
}
