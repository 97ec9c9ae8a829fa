using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Validation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Test-PluginManifest</c>: what is wrong with plugins, where, and whether Codex refuses them.</summary>
[Cmdlet(VerbsDiagnostic.Test, "PluginManifest", DefaultParameterSetName = "Path",
    HelpUri = OnlineHelp.Pages + "Test-PluginManifest.md")]
[OutputType(typeof(ValidationResult), typeof(bool))]
public sealed class TestPluginManifestCommand : ManifestCheckCmdlet
{
    /// <summary>Plugin folders or files in them, wildcards allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Plugin folders or files in them, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Paths, files, folders, installed plugins and plugins of a catalog.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [ValidateNotNull]
    public object[] InputObject { get; set; } = [];

    private protected override void Process()
    {
        var paths = new List<string>();
        foreach (var path in Path)
        {
            Attempt(path, () => paths.AddRange(PathInput.Expand(this, path)));
        }

        foreach (var path in LiteralPath)
        {
            Attempt(path, () => paths.Add(PathInput.Resolve(this, path)));
        }

        if (paths.Count > 0)
        {
            Attempt(paths[0], () => Check(paths));
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
            Check(paths);
            return;
        }

        var input = PluginInput.From(item);
        if (input.Reference is not { } reference)
        {
            throw input.Failure(MarketErrorCode.InputNotAPlugin);
        }

        var market = HomeOf(reference.Id, reference.CodexHome, reference.ComputerName);
        var source = PSObject.AsPSObject(item!);
        if (!PipelineObject.Is(source, "PluginMarket.Plugin") && PipelineObject.Text(source, "Path") is { } folder)
        {
            Write(new Validator(market).CheckPlugins(Request with { Paths = [folder], Name = reference.Name.Value }));
            return;
        }

        // The entry may describe a plugin that has no manifest of its own.
        var entry = (source.BaseObject as Plugin)?.GetEntry() ?? FindEntry(reference, market);
        Write(Run(token => new Validator(market).CheckEntryAsync(entry, Request with { Git = GitAccess.Options(this, market) }, token)));
    }

    // A copy from an export has no entry behind it any more; its catalog has.
    private LocatedEntry FindEntry(PluginReference reference, MarketEnvironment market)
    {
        var request = new PluginFindRequest
        {
            Names = [reference.Name.Value],
            Marketplaces = reference.Marketplace is { } marketplace ? [marketplace.Value] : [],
            Paths = reference.CatalogPath is null ? [] : [reference.CatalogPath],
        };
        var listing = Run(token => new PluginQuery(market).FindAsync(request, token));
        return listing.Plugins is [var found] && found.GetEntry() is { } entry
            ? entry
            : throw new PluginMarketException(MarketErrorCode.PluginNotFound,
                $"{reference.Id} is not in exactly one catalog. {Remedy.Run(Operation.FindPlugin, $"list the plugins")}", reference.Id);
    }

    // One folder takes milliseconds; many of them are checked side by side and must be stoppable.
    private void Check(IReadOnlyList<string> paths)
    {
        var (validator, request) = (Validator, Request with { Paths = paths });
        Write(Recurse || paths.Count > 1
            ? Run(token => Task.FromResult(validator.CheckPlugins(request, token))) : validator.CheckPlugins(request));
    }
}
