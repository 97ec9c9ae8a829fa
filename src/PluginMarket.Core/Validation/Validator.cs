using System.Text;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Json;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Validation;

/// <summary>Checks plugins and marketplaces as they lie on the disk; findings are data, and nothing of what
/// the files hold is an exception.</summary>
internal sealed class Validator(MarketEnvironment environment)
{
    /// <summary>Checks plugins.</summary>
    /// <param name="request">What to check, and what counts.</param>
    /// <param name="cancellation">Stops between two plugins.</param>
    public ValidationListing CheckPlugins(ValidationRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var judge = new FindingJudge(request);
        var failures = new List<PluginMarketException>();
        var folders = Places(request, new PluginPlaces(environment), failures).ToList();
        return new ValidationListing(SideBySide.Select(folders, folder => CheckPlugin(folder, request, judge), cancellation), failures);
    }

    /// <summary>Checks marketplaces.</summary>
    /// <param name="request">What to check, and what counts.</param>
    /// <param name="cancellation">Stops between two marketplaces, and what is being fetched.</param>
    public async Task<ValidationListing> CheckMarketplacesAsync(ValidationRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var judge = new FindingJudge(request);
        var failures = new List<PluginMarketException>();
        var results = new List<ValidationResult>();
        foreach (var root in Places(request, new MarketplacePlaces(environment), failures))
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(await CheckMarketplaceAsync(root, request, judge, cancellation).ConfigureAwait(false));
        }

        return new ValidationListing(results, failures);
    }

    /// <summary>Checks a plugin that lies in a tree, such as a commit.</summary>
    /// <param name="tree">Its files.</param>
    /// <param name="displayRoot">What the tree's root is called in findings.</param>
    /// <param name="defaultName">The name of a manifest without one.</param>
    /// <param name="fallback">The manifest made of the catalog entry, for a plugin without one.</param>
    /// <param name="request">What counts.</param>
    public ValidationResult CheckTree(FileTree tree, string displayRoot, string defaultName, FallbackManifest? fallback,
        ValidationRequest request)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(request);
        return CheckTree(tree, displayRoot, defaultName, request.Name, fallback, new FindingJudge(request), []);
    }

    /// <summary>Checks the plugin of a catalog entry, fetched for the time of the check where it lies elsewhere.</summary>
    /// <param name="located">The entry.</param>
    /// <param name="request">What counts; its paths are not looked at.</param>
    /// <param name="cancellation">Stops what is being fetched.</param>
    /// <exception cref="PluginMarketException">SourceNotSupported, and why the files cannot be read or fetched.</exception>
    public async Task<ValidationResult> CheckEntryAsync(LocatedEntry located, ValidationRequest request,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(located);
        ArgumentNullException.ThrowIfNull(request);
        var (open, entry) = located;
        if (entry.Source is not { } source)
        {
            throw new PluginMarketException(entry.SkipCode,
                $"'{entry.Name}' cannot be checked: {entry.SkipReason} {Remedy.Do($"Fix the entry in the catalog.")}", entry.Name);
        }

        var fetcher = new PluginFetcher(environment, request.Git ?? GitOptions.Default);
        await using (fetcher.ConfigureAwait(false))
        {
            var judge = new FindingJudge(request);
            return await fetcher.ReadAsync(source, open.ContextIn(environment), files => CheckTree(files.Tree, files.DisplayRoot,
                files.DefaultName, entry.Name, entry.Fallback, judge, files.NotInTree), cancellation).ConfigureAwait(false);
        }
    }

    private ValidationResult CheckTree(FileTree tree, string displayRoot, string defaultName, string? demandedName,
        FallbackManifest? fallback, FindingJudge judge, IReadOnlyList<LeftOutEntry> notInTree)
    {
        var plugin = new PluginSubject(tree, displayRoot, defaultName, fallback, environment.Limits, notInTree);
        var findings = plugin.Reading.Findings.Select(Found).ToList();
        foreach (var rule in judge.Rules)
        {
            rule.Plugin?.Invoke(plugin, new RuleReport(rule, findings));
        }

        if (demandedName is not null && plugin.Reading.Manifest is { } manifest && manifest.Name != demandedName)
        {
            var name = plugin.Root?["name"];
            findings.Add(Found(new ReaderFinding("ResolvedNameMismatch", plugin.ManifestPath, name?.Position, name?.Pointer,
                $"The manifest calls the plugin \"{manifest.Name}\", the catalog entry \"{demandedName}\".")));
        }

        return judge.Conclude("Plugin", displayRoot, plugin.Manifest?.Name is { Length: > 0 } called ? called : null,
            findings, path => TextOf(plugin, path));
    }

    private ValidationResult CheckPlugin(string folder, ValidationRequest request, FindingJudge judge)
    {
        FileTree tree;
        try
        {
            // Every name is wanted, too long ones too: they are findings, not failures.
            var limits = TreeLimits.Plugin(environment.Limits) with { SegmentBytes = int.MaxValue, PathBytes = int.MaxValue };
            tree = FolderTree.Read(folder, environment.Files, limits);
        }
        catch (Exception failure) when (failure is PluginMarketException or IOException or UnauthorizedAccessException)
        {
            var kind = failure is PluginMarketException { Code: MarketErrorCode.LimitExceeded } ? "TreeLimit" : "Unreadable";
            return judge.Conclude("Plugin", folder, null, [Found(new ReaderFinding(kind, "", null, null, Statement(failure)))], _ => null);
        }

        return CheckTree(tree, folder, request.Name ?? Path.GetFileName(folder), request.Name, null, judge, []);
    }

    private async Task<ValidationResult> CheckMarketplaceAsync(string root, ValidationRequest request, FindingJudge judge,
        CancellationToken cancellation)
    {
        var reader = new MarketplaceCatalogReader(environment);
        var path = reader.FindCatalog(root);
        if (path is null)
        {
            return judge.Conclude("Marketplace", root, null, [Found(new ReaderFinding("CatalogMissing", "", null, null,
                $"The folder has none of {string.Join(", ", MarketplaceCatalogReader.CatalogPlaces)}."))], _ => null);
        }

        var location = Locate(reader, path, root, request.ResolveSources);
        var relative = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
        CatalogReading reading;
        try
        {
            reading = reader.Inspect(path, root, location.IsRemote);
        }
        catch (PluginMarketException failure)
        {
            reading = new CatalogReading(null, null, failure, [new ReaderFinding(
                failure.Code == MarketErrorCode.LimitExceeded ? "JsonLimit" : "JsonInvalid", path, null, null, failure.Statement)]);
        }

        var catalog = new CatalogSubject(environment, root, relative, reading);
        var names = reading.Json?.Root["plugins"]?.Items.Select(entry => entry["name"]?.AsString() ?? "").ToList() ?? [];
        string? NameOf(int entry) => entry >= 0 && entry < names.Count && names[entry].Length > 0 ? names[entry] : null;
        var findings = reading.Findings.Select(
            finding => Found(finding with { Path = relative }) with { Plugin = NameOf(finding.Entry) }).ToList();
        foreach (var rule in judge.Rules)
        {
            rule.Catalog?.Invoke(catalog, new RuleReport(rule, findings));
        }

        if (request.ResolveSources && reading.Catalog is { } read)
        {
            IReadOnlyList<ReaderFinding> found;
            var fetcher = new PluginFetcher(environment, request.Git ?? GitOptions.Default);
            await using (fetcher.ConfigureAwait(false))
            {
                found = await new SourceResolution(environment, read, location.MakeContext(environment), fetcher).FindAsync(cancellation)
                    .ConfigureAwait(false);
            }

            findings.AddRange(found.Select(finding => Found(finding with { Path = relative }) with { Plugin = NameOf(finding.Entry) }));
        }

        var catalogName = reading.Json?.Root["name"]?.AsString();
        return judge.Conclude("Marketplace", root, catalogName is null ? null : DisplayText.Escape(catalogName),
            findings, _ => catalog.Text, names);
    }

    // The snapshot of a registered marketplace is another's catalog, also where it is named by its path.
    private MarketplaceLocation Locate(MarketplaceCatalogReader reader, string catalog, string root, bool isFetching)
    {
        try
        {
            return new MarketplaceLocations(environment, ConfigurationLayers.Read(environment), reader).FromPath(catalog);
        }
        catch (PluginMarketException) when (!isFetching)
        {
            // Nothing is fetched, so what the configuration says of it does not matter.
            return new MarketplaceLocation { Scope = MarketplaceScope.Path, Root = root };
        }
    }

    private static RuleFinding Found(ReaderFinding finding) =>
        new(RuleSet.OfKind(finding.Kind), finding.Path, finding.Position, finding.Pointer, finding.Message,
            RuleSet.OfKind(finding.Kind).Suggestion, null)
        { Said = finding.Said };

    private static string Statement(Exception failure) => (failure as PluginMarketException)?.Statement ?? failure.Message;

    private static IEnumerable<string> Places(ValidationRequest request, IPlaces places, List<PluginMarketException> failures)
    {
        foreach (var path in request.Paths)
        {
            IReadOnlyList<string> found;
            try
            {
                found = places.Find(path, request.Recurse);
            }
            catch (Exception failure) when (failure is PluginMarketException or IOException or UnauthorizedAccessException)
            {
                failures.Add(failure as PluginMarketException ?? new PluginMarketException(MarketErrorCode.SourceUnreachable,
                    $"{failure} {Remedy.Do($"Check that you can read it.")}", path, failure));
                continue;
            }

            foreach (var folder in found)
            {
                yield return folder;
            }
        }
    }

    private static string? TextOf(PluginSubject plugin, string path)
    {
        if (plugin.Tree.Find(path) is not { Kind: TreeEntryKind.File } file)
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(plugin.Tree.ReadBytes(file, plugin.Limits.ManifestBytes));
        }
        catch (Exception failure) when (failure is PluginMarketException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
