using System.Globalization;
using PluginMarket.Marketplaces;
using PluginMarket.Sources.Local;
using PluginMarket.TestKit;
using PluginMarket.Validation;

namespace PluginMarket.Interop.Tests;

/// <summary>Both tools over real marketplaces: the checkouts below the folder that <c>PLUGINMARKET_REAL_MARKETPLACES</c> names. None of
/// their files are part of this repository.</summary>
public sealed class RealMarketplaceTests
{
    private const string Variable = "PLUGINMARKET_REAL_MARKETPLACES";

    [CodexFact]
    public async Task Both_tools_list_and_install_the_same_and_what_is_refused_has_an_error()
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{Variable} names no folder of marketplaces.");
        var codex = Judge.Current;
        using var scratch = new ScratchFolder();
        var (marketplaces, installed) = (0, 0);
        foreach (var root in Directory.GetDirectories(folder!).Order(StringComparer.Ordinal))
        {
            if (new MarketplaceCatalogReader(scratch.Environment()).FindCatalog(root) is null)
            {
                continue;
            }

            marketplaces++;
            var name = marketplaces.ToString(CultureInfo.InvariantCulture);
            var local = new MarketplaceCatalogReader(scratch.Environment()).Read(root, isRemote: false).Entries
                .Where(entry => entry is { Source: LocalSource, SkipReason: null }).Select(entry => entry.Name).ToList();
            var theirs = new CodexSide(codex, scratch[$"{name}/codex"]).Observe(root, local);
            var ours = await new OurSide(scratch, $"{name}/ours").ObserveAsync(root, local, CacheVersionRule.Manifest);

            Assert.True(theirs.Added == ours.Added, $"{root}: {theirs.Message} {ours.Message}");
            Assert.Equal(theirs.Listing, ours.Listing);
            Assert.All(theirs.Installs, pair => Assert.Equal((pair.Key, pair.Value.Accepted, pair.Value.Version),
                (pair.Key, ours.Installs[pair.Key].Accepted, ours.Installs[pair.Key].Version)));
            Assert.All(theirs.Installs, pair => Assert.Equal(pair.Value.Files, ours.Installs[pair.Key].Files));
            installed += theirs.Installs.Count(pair => pair.Value.Accepted);

            var listing = await new Validator(scratch.Environment()).CheckMarketplacesAsync(new ValidationRequest { Paths = [root] },
                TestContext.Current.CancellationToken);
            var check = Assert.Single(listing.Results);
            Assert.All(theirs.Installs.Where(pair => !pair.Value.Accepted),
                pair => Assert.Contains(check.Diagnostics, finding => finding.Severity == "Error" && finding.PluginName == pair.Key));
            TestContext.Current.TestOutputHelper!.WriteLine($"{Path.GetFileName(root)}: {theirs.Listing.Count} listed, "
                + $"{theirs.Installs.Count} local, {check.ErrorCount} errors, {check.WarningCount} warnings");
            foreach (var error in check.Diagnostics.Where(finding => finding.Severity == "Error"))
            {
                TestContext.Current.TestOutputHelper!.WriteLine($"  {error}");
            }
        }

        Assert.True(marketplaces > 0, $"No marketplace lies below {folder}.");
        TestContext.Current.TestOutputHelper!.WriteLine($"{marketplaces} marketplaces, {installed} plugins installed alike by both");
    }
}
