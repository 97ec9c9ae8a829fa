using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Files;
using PluginMarket.Inventory;
using PluginMarket.Manifests;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary><c>Get-PluginManifest</c>: what plugins say of themselves, from a folder, an installed plugin or a catalog entry.</summary>
[Cmdlet(VerbsCommon.Get, "PluginManifest", DefaultParameterSetName = "Name")]
[OutputType(typeof(PluginManifest), typeof(string))]
public sealed class GetPluginManifestCommand : FetchCmdlet
{
    /// <summary>Plugin folders, wildcards allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Plugin folders, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Plugins by name, <c>plugin</c> or <c>plugin@marketplace</c>: the installed one, else the catalog's.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Name")]
    [ArgumentCompleter(typeof(CatalogPluginCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The marketplace of plugins given by name alone.</summary>
    [Parameter(ParameterSetName = "Name")]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Marketplace { get; set; }

    /// <summary>What names a plugin, or a folder, or a path.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [PluginReferenceTransformation]
    public PluginInput[] InputObject { get; set; } = [];

    /// <summary>Gives the manifest's own text, unescaped.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    private protected override void Process()
    {
        foreach (var path in Path)
        {
            Attempt(path, () =>
            {
                foreach (var folder in PathInput.Expand(this, path))
                {
                    Attempt(folder, () => Write(ReadFolder(folder, Market)));
                }
            });
        }

        foreach (var path in LiteralPath)
        {
            Attempt(path, () => Write(ReadFolder(PathInput.Resolve(this, path), Market)));
        }

        foreach (var input in ParameterSetName == "Name" ? [.. Name.Select(PluginInput.From)] : InputObject)
        {
            Attempt(input.Source, () => Write(Read(input)));
        }
    }

    private PluginManifest Read(PluginInput input)
    {
        var source = PipelineObject.Unwrap(input.Source);
        if (source is FileSystemInfo or string && (source as FileSystemInfo)?.FullName is var file && (file ?? AsPath((string)source)) is { } path)
        {
            return ReadFolder(file ?? PathInput.Resolve(this, path), Market);
        }

        var reference = input.Reference ?? throw input.Failure(ParameterSetName == "Name" ? MarketErrorCode.NameInvalid : MarketErrorCode.InputNotAPlugin);
        var market = HomeOf(reference.Id, reference.CodexHome, reference.ComputerName);
        var isEntry = input.Source is PSObject entry && PipelineObject.Is(entry, "PluginMarket.Plugin");
        return (isEntry ? null : FindInstalled(reference, market)) ?? FindEntry(reference, market);
    }

    private PluginManifest? FindInstalled(PluginReference reference, MarketEnvironment market)
    {
        var request = new InstalledPluginRequest { Names = [reference.Name.Value], Marketplaces = MarketplaceOf(reference) };
        var folders = new InstalledPluginQuery(market).List(request).Plugins.Select(plugin => plugin.Path).OfType<string>().ToList();
        return folders.Count == 1 ? ReadFolder(folders[0], market, reference.Name.Value) : null;
    }

    private PluginManifest FindEntry(PluginReference reference, MarketEnvironment market)
    {
        var request = new PluginFindRequest
        {
            Names = [reference.Name.Value],
            Marketplaces = MarketplaceOf(reference),
            Paths = reference.CatalogPath is null ? [] : [reference.CatalogPath],
            Resolve = true,
            Git = GitAccess.Options(this, market),
        };
        var listing = Run(token => new PluginQuery(market).FindAsync(request, token));
        return listing.Plugins switch
        {
            [{ Manifest: { } manifest }] => manifest,
            [var plugin] => throw plugin.GetFailure() ?? new PluginMarketException(MarketErrorCode.ManifestInvalid, plugin.GetReason() ?? $"{plugin.Id} has no readable manifest. {Remedy.Run(Operation.CheckManifest, $"see why")}", plugin.Id),
            [] => throw (listing.Failures is [var failure, ..] ? failure : null) ?? new PluginMarketException(MarketErrorCode.PluginNotFound, $"No catalog lists {reference.Id}. {Remedy.Run(Operation.FindPlugin, $"list the plugins")}", reference.Id),
            var plugins => throw new PluginMarketException(MarketErrorCode.PluginNameAmbiguous, $"More than one entry matches: {string.Join(", ", plugins)}. {Remedy.Do($"Choose one of them.")}", reference.Id),
        };
    }

    private string[] MarketplaceOf(PluginReference reference) => reference.Marketplace is { } marketplace ? [marketplace.Value] : Marketplace is null ? [] : [Marketplace];

    private void Write(PluginManifest manifest) => WriteObject(Raw ? manifest.GetRawText() : manifest);

    private static PluginManifest ReadFolder(string folder, MarketEnvironment market, string? name = null) =>
        ManifestReader.Read(FolderTree.Read(folder, market.Files, market.Limits), folder, name ?? System.IO.Path.GetFileName(folder), null, market.Limits).GetManifest();

    // No plugin id has a separator in it, and every path that is not a bare name has one.
    private static string? AsPath(string text) => text is "." or ".." || text.AsSpan().IndexOfAny('/', '\\') >= 0 ? text : null;
}
