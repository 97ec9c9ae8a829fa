using System.Text.Json;
using PluginMarket.Inventory;
using PluginMarket.Validation;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>An address is shown without user information and query in whichever field of a catalog it is, in every way out.</summary>
[Trait("Category", "Fast")]
public sealed class AddressTests : IDisposable
{
    private const string Address = "https://user:tokCANARY@host.example/r.git?access=tokCANARY";

    private readonly TestShop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Theory]
    [InlineData("""{"name":"p","source":"@"}""")]
    [InlineData("""{"name":"p","source":{"source":"@"}}""")]
    [InlineData("""{"name":"p","source":{"source":"local","path":"@"}}""")]
    [InlineData("""{"name":"p","source":{"source":"url","url":"@"}}""")]
    [InlineData("""{"name":"p","source":{"source":"url","url":"x @"}}""")]
    [InlineData("""{"name":"p","source":{"source":"url","url":"https://host.example/r.git","ref":"@"}}""")]
    [InlineData("""{"name":"p","source":{"source":"url","url":"https://host.example/r.git","sha":"@"}}""")]
    [InlineData("""{"name":"p","source":{"source":"git-subdir","url":"https://host.example/r.git","path":"@"}}""")]
    [InlineData("""{"name":"p","source":{"source":"npm","package":"@"}}""")]
    [InlineData("""{"name":"p","source":{"source":"npm","package":"p","version":"@"}}""")]
    [InlineData("""{"name":"p","source":{"source":"npm","package":"p","registry":"@"}}""")]
    [InlineData("""{"name":"@","source":"./p"}""")]
    [InlineData("""{"name":"p","source":"./p","category":"@"}""")]
    [InlineData("""{"name":"p","source":"./p","version":"@"}""")]
    [InlineData("""{"name":"p","source":"./p","description":"see @"}""")]
    [InlineData("""{"name":"p","source":"./p","policy":{"installation":"@"}}""")]
    [InlineData("""{"name":"p","source":"./p","skills":"@","mcpServers":"@"}""")]
    public async Task A_password_in_a_catalog_is_not_shown(string entry)
    {
        _shop.Catalog(entry.Replace("@", Address, StringComparison.Ordinal));
        var shown = new List<string>();
        var checks = await new Validator(_shop.Environment).CheckMarketplacesAsync(new ValidationRequest { Paths = [_shop.Root] });
        shown.Add(JsonSerializer.Serialize(checks.Results));
        var listing = await new PluginQuery(_shop.Environment).FindAsync(new PluginFindRequest { IncludeSkipped = true });
        shown.AddRange(listing.Plugins.Select(plugin => string.Join(' ', plugin.Name, plugin.Version, plugin.Category, plugin.Description,
            plugin.DisplayName, plugin.Source, plugin.Ref, plugin.Sha, plugin.Reason)));
        shown.AddRange(listing.Failures.Select(failure => $"{failure.Message} {failure.Target}"));
        var result = await _shop.InstallAsync("p@shop");
        shown.Add($"{result.Reason} {result.Source}");

        Assert.DoesNotContain(shown, text => text.Contains("tokCANARY", StringComparison.Ordinal));
    }
}
