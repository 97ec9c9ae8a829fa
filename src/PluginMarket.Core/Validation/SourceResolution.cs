namespace PluginMarket;

/// <summary>Looks at the source of every entry of a catalog: whether it is there, whether the pin still holds, and whether Codex would install what it finds.</summary>
internal sealed class SourceResolution(MarketEnvironment environment, MarketplaceCatalog catalog, EntrySources sources)
{
    private const int AtOnce = 5;

    internal async Task<IReadOnlyList<ReaderFinding>> FindAsync(CancellationToken cancellation)
    {
        using var throttle = new SemaphoreSlim(AtOnce);
        var found = await Task.WhenAll(catalog.Entries.Where(entry => entry.IsListed).Select(entry => FindAsync(entry, throttle, cancellation))).ConfigureAwait(false);
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
            if (failure.Code != MarketErrorCode.LimitExceeded)
            {
                findings.Add(Finding(entry, entry.Source is LocalSource ? "path" : failure.Code == MarketErrorCode.GitRefNotFound ? "ref" : "url", KindOf(failure.Code, entry), failure.Message));
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
        var (url, reference, sha) = entry.Source switch
        {
            GitSource git => (git.Url, git.Ref, git.Sha),
            GitSubdirectorySource git => (git.Url, git.Ref, git.Sha),
            _ => (null, null, null),
        };
        if (sha is not null && !GitReference.IsFullId(sha))
        {
            // Told without a look at the repository.
            return;
        }

        if (url is not null && sha is not null && reference is not null)
        {
            await CheckPinAsync(entry, url, reference, sha, findings, cancellation).ConfigureAwait(false);
        }

        if (await sources.ReadAsync(catalog, entry, cancellation).ConfigureAwait(false) is not { } files)
        {
            return;
        }

        if (entry.Source is GitSubdirectorySource { Path: var path } && files.Tree.Entries.Count == 0)
        {
            findings.Add(Finding(entry, "path", "ResolvedFolderMissing", $"The repository has no folder \"{path.Value}\" there."));
            return;
        }

        CheckPlugin(entry, files.Tree, files.DefaultName, url is null ? "path" : "url", findings);
    }

    private async Task CheckPinAsync(MarketplaceEntry entry, GitUrl url, string reference, string sha, List<ReaderFinding> findings, CancellationToken cancellation)
    {
        try
        {
            var named = await sources.ResolveAsync(url, reference, null, cancellation).ConfigureAwait(false);
            if (!named.Commit.Equals(sha, StringComparison.OrdinalIgnoreCase))
            {
                findings.Add(Finding(entry, "sha", "ResolvedPinMoved", $"\"{reference}\" is {named.Commit} by now, the pin {sha}."));
            }
        }
        catch (PluginMarketException failure) when (failure.Code == MarketErrorCode.GitRefNotFound)
        {
            findings.Add(Finding(entry, "ref", "ResolvedPinMoved", $"The repository has no \"{reference}\" any more; Codex installs the pin."));
        }
    }

    private void CheckPlugin(MarketplaceEntry entry, FileTree tree, string defaultName, string field, List<ReaderFinding> findings)
    {
        var reading = ManifestReader.Read(tree, entry.Name, defaultName, entry.Fallback, environment.Limits);
        if (reading.Problem is { } problem)
        {
            if (reading.Findings.Any(finding => RuleSet.OfKind(finding.Kind).Severity == Severity.Error))
            {
                findings.Add(Finding(entry, field, "ResolvedManifest", problem.ToString()));
            }
        }
        else if (reading.Manifest!.Name != entry.Name)
        {
            findings.Add(Finding(entry, "", "ResolvedNameMismatch", $"The manifest calls the plugin \"{reading.Manifest.Name}\", the entry \"{entry.Name}\"."));
        }
    }

    private static string KindOf(MarketErrorCode code, MarketplaceEntry entry) => code switch
    {
        MarketErrorCode.GitRefNotFound or MarketErrorCode.GitCommitMismatch => "ResolvedRefMissing",
        MarketErrorCode.PathEscapesRoot when entry.Source is LocalSource => "ResolvedLinkOut",
        MarketErrorCode.SourceUnreachable when entry.Source is LocalSource => "ResolvedFolderMissing",
        _ => "ResolvedUnreachable",
    };

    private static ReaderFinding Finding(MarketplaceEntry entry, string field, string kind, string message)
    {
        var source = CatalogSubject.SourceOf(entry);
        var at = field.Length == 0 ? entry.Node["name"] ?? entry.Node : source[field] ?? (field == "ref" ? source["sha"] : null) ?? source;
        return new ReaderFinding(kind, "", at.Position, at.Pointer, DisplayText.Escape(message), entry.Index);
    }
}
