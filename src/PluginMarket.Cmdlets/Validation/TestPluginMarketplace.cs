using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Marketplaces;
using PluginMarket.Validation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Test-PluginMarketplace</c>: what is wrong with catalogs, where, and whether Codex rejects the file or skips an
/// entry.</summary>
[Cmdlet(VerbsDiagnostic.Test, "PluginMarketplace", DefaultParameterSetName = "Path",
    HelpUri = OnlineHelp.Pages + "Test-PluginMarketplace.md")]
[OutputType(typeof(ValidationResult), typeof(bool))]
public sealed class TestPluginMarketplaceCommand : ManifestCheckCmdlet
{
    /// <summary>Marketplace roots or catalog files, wildcards allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Marketplace roots or catalog files, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Names of marketplaces in view, wildcards allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Name")]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Paths, files, folders, and what Get-PluginMarketplace gives.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [ValidateNotNull]
    public object[] InputObject { get; set; } = [];

    /// <summary>Fetches the sources that are not in the marketplace's folder too, and checks that they exist, that pinned commits still
    /// match, and that Codex accepts the plugins.</summary>
    [Parameter]
    public SwitchParameter ResolveSource { get; set; }

    private protected override void Process()
    {
        foreach (var path in Path)
        {
            Attempt(path, () => Check(Market, PathInput.Expand(this, path)));
        }

        foreach (var path in LiteralPath)
        {
            Attempt(path, () => Check(Market, [PathInput.Resolve(this, path)]));
        }

        if (Name.Length > 0)
        {
            CheckNamed(Market, Name);
        }

        foreach (var item in InputObject.SelectMany(PipelineObject.Items))
        {
            Attempt(item, () => Check(item));
        }
    }

    private void Check(object? item)
    {
        if (CheckedPath.Of(this, item) is { } paths)
        {
            Check(Market, paths);
            return;
        }

        var input = MarketplaceInput.From(item);
        var market = HomeOf(Demand(input), input.CodexHome, input.ComputerName);
        if (input.CatalogPath is { } catalog)
        {
            Check(market, [catalog]);
        }
        else
        {
            CheckNamed(market, [input.Name!.Value]);
        }
    }

    private void CheckNamed(MarketEnvironment market, string[] names)
    {
        var listing = Run(token => new MarketplaceRegistry(market).ListAsync(new MarketplaceListRequest { Names = names }, token));
        Check(market, [.. listing.Marketplaces.Select(marketplace => marketplace.CatalogPath).OfType<string>()]);
        Report(listing.Failures);
    }

    private void Check(MarketEnvironment market, IReadOnlyList<string> paths) =>
        Write(Run(token => new Validator(market).CheckMarketplacesAsync(
            Request with { Paths = paths, ResolveSources = ResolveSource, Git = GitAccess.Options(this, market) }, token)));
}
