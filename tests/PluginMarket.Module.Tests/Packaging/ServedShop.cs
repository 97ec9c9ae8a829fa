using PluginMarket.TestKit;

namespace PluginMarket.Module.Tests.Packaging;

/// <summary>A marketplace and a plugin of it, each in a git repository that is served over http on this machine; and a
/// folder for a PATH without any program.</summary>
internal sealed class ServedShop : IAsyncDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly GitHttpServer _server;

    internal ServedShop()
    {
        _server = new GitHttpServer(_scratch.MakeFolder("served"));
        GitRepository.Create(_scratch["served/tool"]).Write(".codex-plugin/plugin.json", """{"name":"tool","version":"1.2.3"}""").Commit();
        GitRepository.Create(_scratch["served/market"])
            .Write(".agents/plugins/marketplace.json",
                $$$"""{"name":"shop","plugins":[{"name":"tool","source":{"source":"url","url":"{{{_server.Url}}}/tool"}}]}""")
            .Commit();
        EmptyPath = _scratch.MakeFolder("no-programs");
    }

    /// <summary>The marketplace's address.</summary>
    internal string Market => _server.Url + "/market";

    /// <summary>A folder without programs.</summary>
    internal string EmptyPath { get; }

    /// <summary>What reached the plugin's repository, as its receipt says.</summary>
    internal static string? EngineOf(string codexHome)
    {
        using var receipt = System.Text.Json.JsonDocument.Parse(
            File.ReadAllBytes(Path.Join(codexHome, "plugins/.pluginmarket/receipts/shop/tool.json")));
        return receipt.RootElement.GetProperty("engine").GetString();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _scratch.Dispose();
    }
}
