using PluginMarket.Marketplaces;
using PluginMarket.Policies;
using PluginMarket.Installation.Decision;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Installation.Decision;

/// <summary>Contract 1.6, 1.8 and 8: what the catalog on disk says of installing an entry (threat A15, F1, F10).</summary>
[Trait("Category", "Fast")]
public sealed class InstallationDecisionTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("", null)]
    [InlineData(", \"policy\": {}", null)]
    [InlineData(", \"policy\": {\"installation\": \"AVAILABLE\"}", null)]
    [InlineData(", \"policy\": {\"installation\": \"INSTALLED_BY_DEFAULT\"}", null)]
    [InlineData(", \"policy\": {\"products\": null}", null)]
    [InlineData(", \"policy\": {\"products\": [\"codex\"]}", null)]
    [InlineData(", \"policy\": {\"products\": [\"ATLAS\", \"CODEX\"]}", null)]
    [InlineData(", \"installPolicy\": \"NOT_AVAILABLE\"", null)]
    [InlineData(", \"policy\": {\"installation\": \"NOT_AVAILABLE\"}", MarketErrorCode.PluginNotAvailable)]
    [InlineData(", \"policy\": {\"installation\": \"not_available\"}", MarketErrorCode.PluginNotFound)]
    [InlineData(", \"policy\": {\"installation\": \"\"}", MarketErrorCode.PluginNotFound)]
    [InlineData(", \"policy\": {\"installation\": null}", MarketErrorCode.PluginNotFound)]
    [InlineData(", \"policy\": {\"products\": []}", MarketErrorCode.PluginNotFound)]
    [InlineData(", \"policy\": {\"products\": [\"CHATGPT\"]}", MarketErrorCode.PluginNotFound)]
    [InlineData(", \"policy\": {\"products\": [\"Codex\"]}", MarketErrorCode.PluginNotFound)]
    public void The_policy_of_an_entry_decides(string policy, MarketErrorCode? code)
    {
        var catalog = Catalog($"{{\"name\": \"p\", \"source\": \"./p\"{policy}}}");

        Assert.Equal(code, CodeOf(catalog, "p"));
    }

    [Theory]
    [InlineData("P")]
    [InlineData("p ")]
    [InlineData("p*")]
    [InlineData("")]
    public void Only_the_exact_name_is_found(string name) =>
        Assert.Equal(MarketErrorCode.PluginNotFound, CodeOf(Catalog("{\"name\": \"p\", \"source\": \"./p\"}"), name));

    [Theory]
    [InlineData("{\"name\": \"p\", \"source\": \"./p\"}, {\"name\": \"p\", \"source\": \"./q\"}")]
    [InlineData("{\"name\": \"p\", \"source\": 5, \"policy\": {\"installation\": \"NOT_AVAILABLE\"}}, {\"name\": \"p\", \"source\": \"./p\"}")]
    public void A_name_given_twice_is_ambiguous_and_both_places_are_named(string entries)
    {
        var failure = Assert.Throws<PluginMarketException>(() => InstallationDecision.Demand(Catalog(entries), "m", "p"));

        Assert.Equal(MarketErrorCode.PluginNameAmbiguous, failure.Code);
        Assert.Contains("entry 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("entry 2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_unsafe_or_differs_by_case_is_refused()
    {
        Assert.Equal(MarketErrorCode.NameInvalid, CodeOf(Catalog("{\"name\": \"nul.txt\", \"source\": \"./p\"}"), "nul.txt"));
        Assert.Equal(MarketErrorCode.PluginNameAmbiguous,
            CodeOf(Catalog("{\"name\": \"p\", \"source\": \"./p\"}, {\"name\": \"P\", \"source\": \"./p\"}"), "p"));
    }

    [Fact]
    public void A_misspelled_name_gets_the_nearest() =>
        Assert.Contains("'deploy-kit'", Assert.Throws<PluginMarketException>(() => InstallationDecision.Demand(
            Catalog("{\"name\": \"deploy-kit\", \"source\": \"./p\"}"), "m", "deploy-kti")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("NOT_AVAILABLE", InstallationPolicy.NotAvailable)]
    [InlineData("notavailable", InstallationPolicy.NotAvailable)]
    [InlineData("NotAvailable", InstallationPolicy.NotAvailable)]
    [InlineData("INSTALLED_BY_DEFAULT", InstallationPolicy.InstalledByDefault)]
    public void Both_spellings_are_read(string text, InstallationPolicy expected)
    {
        Assert.True(PolicySpelling.TryParse(text, out InstallationPolicy policy));
        Assert.Equal(expected, policy);
    }

    [Fact]
    public void Every_value_survives_its_spelling_and_nothing_else_is_one()
    {
        Assert.All(Enum.GetValues<InstallationPolicy>(),
            policy => Assert.True(PolicySpelling.TryParse(PolicySpelling.ToFormat(policy), out InstallationPolicy read) && read == policy));
        Assert.All(Enum.GetValues<AuthenticationPolicy>(), policy =>
            Assert.True(PolicySpelling.TryParse(PolicySpelling.ToFormat(policy), out AuthenticationPolicy read) && read == policy));
        Assert.All(["", "1", "NONE", null], text => Assert.False(PolicySpelling.TryParse(text, out InstallationPolicy _)));
    }

    private static MarketErrorCode? CodeOf(MarketplaceCatalog catalog, string name)
    {
        try
        {
            InstallationDecision.Demand(catalog, "m", name);
            return null;
        }
        catch (PluginMarketException failure)
        {
            return failure.Code;
        }
    }

    private MarketplaceCatalog Catalog(string entries)
    {
        var root = _home.WriteCatalog("m", $"{{\"name\": \"m\", \"plugins\": [{entries}]}}");
        return new MarketplaceCatalogReader(_home.Environment).Read(root, isRemote: false);
    }
}
