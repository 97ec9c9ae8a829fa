using PluginMarket.Json;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;

namespace PluginMarket.Validation;

/// <summary>Checks the source of every entry of a catalog: whether it is there, whether the pin still holds, and whether
/// Codex would install what it finds.</summary>
internal sealed class SourceResolution(MarketEnvironment environment, MarketplaceCatalog catalog, SourceContext context,
    PluginFetcher fetcher)
{
    private const int AtOnce = 5;

    /// <param name="isFetching">Whether sources that are not in the marketplace's folder are fetched too.</param>
    /// <param name="cancellation">Stops fetching.</param>
    internal async Task<IReadOnlyList<ReaderFinding>> FindAsync(bool isFetching, CancellationToken cancellation)
    {
        using var throttle = new SemaphoreSlim(AtOnce);
        var found = await Task.WhenAll(catalog.Entries.Where(entry => entry.IsListed && (isFetching || entry.Source is LocalSource))
            .Select(entry => FindAsync(entry, throttle, cancellation))).ConfigureAwait(false);
        return [.. found.SelectMany(findings => findings)];
    }

    private async Task<List<ReaderFinding>> FindAsync(MarketplaceEntry entry, SemaphoreSlim throttle, CancellationToken cancellation)
    {
        await throttle.WaitAsync(cancellation).ConfigureAwait(false);
        var findings = new List<ReaderFinding>();
        try
        {
            await LookAsync(entry, findings, cancellation).ConfigureAwait(false);
        }
        catch (PluginMarketException failure)
        {
            // A cap of ours says nothing about Codex, and the plugin's own check tells it.
            if (entry.Source is LocalSource && failure.Code != MarketErrorCode.LimitExceeded)
            {
                findings.Add(LocalFailure(entry, failure));
            }
            else if (failure.Code != MarketErrorCode.LimitExceeded)
            {
                var kind = KindOf(failure);
                var place = failure.Code == MarketErrorCode.GitRefNotFound ? "ref"
                    : kind == "ResolvedFolderMissing" ? "path" : PlaceOf(entry);
                findings.Add(Finding(entry, place, kind, failure));
            }
        }
        finally
        {
            throttle.Release();
        }

        return findings;
    }

    private async Task LookAsync(MarketplaceEntry entry, List<ReaderFinding> findings, CancellationToken cancellation)
    {
        if (entry.Source is not { } source)
        {
            return;
        }

        var (url, reference, sha) = (source.Repository?.Url, source.Repository?.Ref, source.Repository?.Sha);
        if (sha is not null && !GitReference.IsFullId(sha))
        {
            // Told without a check of the repository.
            return;
        }

        if (url is not null && sha is not null && reference is not null)
        {
            await CheckPinAsync(entry, url, reference, sha, findings, cancellation).ConfigureAwait(false);
        }

        var found = await fetcher.ReadAsync(source, context, files => new PluginAdmission($"{entry.Name}@{catalog.Name}", entry.Name,
            entry.Fallback, environment.Limits).Read(files), cancellation).ConfigureAwait(false);
        CheckPlugin(entry, found, findings);
        EntryComparison.AddTo(findings, entry, found.Manifest);
    }

    /// <summary>Why the folder that an entry names cannot be read, without a path of this computer.</summary>
    internal static ReaderFinding LocalFailure(MarketplaceEntry entry, Exception failure)
    {
        var folder = entry.Source!.Description;
        return failure is PluginMarketException { Code: MarketErrorCode.PathEscapesRoot }
            ? Finding(entry, "path", "ResolvedLinkOut", $"The folder \"{folder}\" is a link that points outside the marketplace.")
            : failure is PluginMarketException { InnerException: FileNotFoundException or DirectoryNotFoundException }
                or FileNotFoundException or DirectoryNotFoundException
            ? Finding(entry, "path", "ResolvedFolderMissing", $"The marketplace has no folder \"{folder}\".")
            : Finding(entry, "path", "ResolvedFolderMissing", $"The folder \"{folder}\" cannot be read as a folder.");
    }

    private async Task CheckPinAsync(MarketplaceEntry entry, GitUrl url, string reference, string sha, List<ReaderFinding> findings,
        CancellationToken cancellation)
    {
        try
        {
            var named = await fetcher.Git.ResolveAsync(url, reference, null, context.Origin, cancellation).ConfigureAwait(false);
            if (!named.Commit.Equals(sha, StringComparison.OrdinalIgnoreCase))
            {
                findings.Add(Finding(entry, "sha", "ResolvedPinMoved", $"\"{reference}\" is {named.Commit} by now, the pin {sha}."));
            }
        }
        catch (PluginMarketException failure) when (failure.Code == MarketErrorCode.GitRefNotFound)
        {
            findings.Add(Finding(entry, "ref", "ResolvedPinMoved",
                $"The repository has no \"{reference}\" any more; Codex installs the pin."));
        }
    }

    private void CheckPlugin(MarketplaceEntry entry, AdmissionReading found, List<ReaderFinding> findings)
    {
        if (found.Refusal is not { } refusal)
        {
            return;
        }

        if (refusal.Code == MarketErrorCode.ManifestNameMismatch)
        {
            findings.Add(Finding(entry, "", "ResolvedNameMismatch", refusal));
        }
        else if (refusal.Code == MarketErrorCode.ManifestInvalid && (found.Manifest.Refusal is null
            || found.Manifest.Findings.Any(finding => RuleSet.OfKind(finding.Kind).Severity == Severity.Error)))
        {
            // A cap of ours says nothing about Codex, and the plugin's own check tells it.
            findings.Add(Finding(entry, PlaceOf(entry), "ResolvedManifest", found.Manifest.Refusal?.Message ?? refusal.Statement));
        }
    }

    private static string PlaceOf(MarketplaceEntry entry) => entry.Source!.Match(_ => "path", _ => "url", _ => "package");

    private static string KindOf(PluginMarketException failure) => failure.Code switch
    {
        MarketErrorCode.GitRefNotFound or MarketErrorCode.GitCommitMismatch => "ResolvedRefMissing",
        MarketErrorCode.SourceUnreachable when failure.File is not null => "ResolvedFolderMissing",
        _ => "ResolvedUnreachable",
    };

    private ReaderFinding Finding(MarketplaceEntry entry, string field, string kind, PluginMarketException failure)
    {
        var root = DisplayText.Escape(context.MarketplaceRoot);
        return failure.Statement.Contains(root, StringComparison.Ordinal)
            ? Finding(entry, field, kind, failure.Statement.Replace(root, ".", StringComparison.Ordinal))
            : Finding(entry, field, kind, failure.Statement) with { Said = failure.Said };
    }

    private static ReaderFinding Finding(MarketplaceEntry entry, string field, string kind, string message)
    {
        var source = CatalogSubject.SourceOf(entry);
        var at = field.Length == 0 ? entry.Node["name"] ?? entry.Node : source[field] ?? (field == "ref" ? source["sha"] : null) ?? source;
        return new ReaderFinding(kind, "", at.Position, at.Pointer, DisplayText.Escape(message), entry.Index);
    }
}
