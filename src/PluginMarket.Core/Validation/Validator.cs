using System.Text;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;

namespace PluginMarket.Validation;

/// <summary>Checks plugins and marketplaces as they are on the disk; findings are data, and nothing of what
/// the files hold is an exception.</summary>
internal sealed class Validator(MarketEnvironment environment)
{
    /// <summary>The failure that a check found nothing that it could check.</summary>
    internal static PluginMarketException NothingToCheck() => new(MarketErrorCode.NothingToCheck,
        $"There is no plugin and no marketplace to check. {Remedy.Use(OperationOption.AllowEmpty, $"accept that")}");

    /// <summary>Checks plugins.</summary>
    /// <param name="request">What to check, and what counts.</param>
    /// <param name="cancellation">Stops between two plugins.</param>
    public ValidationListing CheckPlugins(ValidationRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var judge = new FindingJudge(request);
        var failures = new List<PluginMarketException>();
        var places = Places(request, new PluginPlaces(environment, request).Find, failures).ToList();
        var results = SideBySide.Select(places, place => CheckPlugin(place, request, judge), cancellation);
        return new ValidationListing([.. results.OfType<ValidationResult>()], failures);
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
        foreach (var root in Places(request, new MarketplacePlaces(environment, request).Find, failures))
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(await CheckMarketplaceAsync(root, request, judge, cancellation).ConfigureAwait(false));
        }

        return new ValidationListing(results, failures);
    }

    /// <summary>Checks a plugin that is in a tree, such as a commit.</summary>
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
        return CheckTree(tree, displayRoot, defaultName, request.Name, fallback, new FindingJudge(request), [], null);
    }

    /// <summary>Checks the plugin of a catalog entry, fetched for the time of the check where it is elsewhere.</summary>
    /// <param name="located">The entry.</param>
    /// <param name="request">What counts; its paths are not checked.</param>
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
                files.DefaultName, entry.Name, entry.Fallback, judge, files.NotInTree, EntryPlace.Of(open.Catalog.CatalogPath, entry)),
                cancellation)
                .ConfigureAwait(false);
        }
    }

    private ValidationResult CheckTree(FileTree tree, string displayRoot, string defaultName, string? demandedName,
        FallbackManifest? fallback, FindingJudge judge, IReadOnlyList<LeftOutEntry> notInTree, EntryPlace? listing)
    {
        var plugin = new PluginSubject(tree, displayRoot, defaultName, fallback, environment.Limits, notInTree);
        var findings = IgnoredCommands.Join(plugin.Reading.Findings).Select(Found).ToList();
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

        if (listing is not null && plugin.Reading.GeneratedManifest is { } generated)
        {
            findings = [.. findings.Select(finding => finding.Path == generated.Path ? listing.Move(finding) : finding)];
        }

        return judge.Conclude("Plugin", displayRoot, plugin.Manifest?.Name is { Length: > 0 } called ? called : null,
            findings, path => TextOf(plugin, path));
    }

    private ValidationResult? CheckPlugin(PluginPlace place, ValidationRequest request, FindingJudge judge)
    {
        // Every name is wanted, too long ones too: they are findings, not failures.
        var limits = TreeLimits.Plugin(environment.Limits) with { SegmentBytes = int.MaxValue, PathBytes = int.MaxValue };
        try
        {
            if (place.Entry is not { } listed)
            {
                return CheckTree(FolderTree.Read(place.Folder, environment.Files, limits), place.Folder,
                    request.Name ?? Path.GetFileName(place.Folder), request.Name, null, judge, [], null);
            }

            var files = new LocalFetcher(environment).Open(listed.Source, listed.Context, limits);
            return CheckTree(files.Tree, files.DisplayRoot, files.DefaultName, listed.Entry.Name, listed.Entry.Fallback, judge,
                files.NotInTree, EntryPlace.Of(listed.CatalogPath, listed.Entry));
        }
        catch (Exception failure) when (failure is PluginMarketException or IOException or UnauthorizedAccessException)
        {
            return Unreadable(place, failure, request, judge);
        }
    }

    private static ValidationResult? Unreadable(PluginPlace place, Exception failure, ValidationRequest request, FindingJudge judge)
    {
        if (failure is PluginMarketException { Code: MarketErrorCode.LimitExceeded })
        {
            return judge.Conclude("Plugin", place.Folder, place.Entry?.Entry.Name,
                [Found(new ReaderFinding("TreeLimit", "", null, null,
                    WithoutPlace(Statement(failure), place.Folder, Path.GetFileName(place.Folder))))], _ => null);
        }

        if (place.Entry is not { } listed)
        {
            return judge.Conclude("Plugin", place.Folder, null,
                [Found(new ReaderFinding("Unreadable", "", null, null,
                    WithoutPlace(Statement(failure), place.Folder, Path.GetFileName(place.Folder))))], _ => null);
        }

        return request.LeavesMissingToCatalog ? null : judge.Conclude("Plugin", place.Folder, listed.Entry.Name,
            [Found(SourceResolution.LocalFailure(listed.Entry, failure)) with { File = listed.CatalogPath }], _ => null);
    }

    private async Task<ValidationResult> CheckMarketplaceAsync(string root, ValidationRequest request, FindingJudge judge,
        CancellationToken cancellation)
    {
        var reader = new MarketplaceCatalogReader(environment);
        var path = reader.FindCatalog(root);
        if (path is null)
        {
            var misplaced = MisplacedCatalog.Find(environment, root);
            return judge.Conclude("Marketplace", root, null, [Found(new ReaderFinding("CatalogMissing", misplaced ?? "", null, null,
                misplaced is null ? $"The folder has none of {string.Join(", ", MarketplaceCatalogReader.CatalogPlaces)}."
                    : $"Codex does not look for a catalog here, only for {string.Join(", ", MarketplaceCatalogReader.CatalogPlaces)}."))],
                _ => null);
        }

        var location = new CheckedCatalogs(environment).Locate(path, root, request.ResolveSources);
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
            finding => Found(finding with { Path = relative, Message = WithoutPlace(finding.Message, path, relative) }) with
            {
                Plugin = NameOf(finding.Entry),
            }).ToList();
        foreach (var rule in judge.Rules)
        {
            rule.Catalog?.Invoke(catalog, new RuleReport(rule, findings));
        }

        if (reading.Catalog is { } read)
        {
            IReadOnlyList<ReaderFinding> found;
            var fetcher = new PluginFetcher(environment, request.Git ?? GitOptions.Default);
            await using (fetcher.ConfigureAwait(false))
            {
                found = await new SourceResolution(environment, read, location.MakeContext(environment), fetcher)
                    .FindAsync(request.ResolveSources, cancellation).ConfigureAwait(false);
            }

            findings.AddRange(found.Select(finding => Found(finding with { Path = relative }) with { Plugin = NameOf(finding.Entry) }));
        }

        var catalogName = reading.Json?.Root["name"]?.AsString();
        return judge.Conclude("Marketplace", root, catalogName is null ? null : DisplayText.Escape(catalogName),
            findings, file => file == relative ? catalog.Text : null, names);
    }

    // A reader's sentence is also that of a refused installation, and ends with the advice that a finding has apart.
    private static RuleFinding Found(ReaderFinding finding)
    {
        var rule = RuleSet.OfKind(finding.Kind);
        var advice = finding.Suggestion ?? rule.Suggestion;
        var message = advice is not null && finding.Message.EndsWith(" " + advice, StringComparison.Ordinal)
            ? finding.Message[..^(advice.Length + 1)] : finding.Message;
        return new RuleFinding(rule, finding.Path, finding.Position, finding.Pointer, message, advice, null) { Said = finding.Said };
    }

    private static string Statement(Exception failure) => (failure as PluginMarketException)?.Statement ?? failure.Message;

    // A finding has its file and place; a message that repeats them would name a path of this computer.
    private static string WithoutPlace(string message, string path, string shown)
    {
        var name = DisplayText.Escape(path);
        var end = message.StartsWith(name + "(", StringComparison.Ordinal) ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        return (end < 0 ? message : message[(end + 3)..]).Replace(name, shown, StringComparison.Ordinal);
    }

    private static IEnumerable<T> Places<T>(ValidationRequest request, Func<string, IReadOnlyList<T>> find,
        List<PluginMarketException> failures)
    {
        foreach (var path in request.Paths)
        {
            IReadOnlyList<T> found;
            try
            {
                found = find(path);
            }
            catch (Exception failure) when (failure is PluginMarketException or IOException or UnauthorizedAccessException)
            {
                failures.Add(failure as PluginMarketException ?? new PluginMarketException(MarketErrorCode.SourceUnreachable,
                    $"{failure} {Remedy.Do($"Check that you can read it.")}", path, failure));
                continue;
            }

            foreach (var place in found)
            {
                yield return place;
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
