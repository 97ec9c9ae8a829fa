using PluginMarket.Capabilities;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Records;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;

namespace PluginMarket.Inventory;

/// <summary>Reads what the sources of entries say of themselves, and makes the objects users see.</summary>
internal sealed class DescribeEntries : IAsyncDisposable
{
    private readonly MarketEnvironment _environment;
    private readonly PluginFindRequest _request;
    private readonly InstalledIds _installed;
    private readonly PluginFetcher _fetcher;
    private readonly LocalFetcher _local;
    private readonly PolicyGate _gate;
    private readonly ListedManifests _manifests;
    private readonly string _computer = Environment.MachineName;
    private Dictionary<MarketplaceEntry, SourceFacts>? _resolved;

    internal DescribeEntries(MarketEnvironment environment, PluginFindRequest request, InstalledIds installed)
        : this(environment, request, installed, PolicyGate.Open(environment))
    {
    }

    private DescribeEntries(MarketEnvironment environment, PluginFindRequest request, InstalledIds installed, PolicyGate gate)
    {
        _environment = environment;
        _request = request;
        _installed = installed;
        _fetcher = new PluginFetcher(environment, request.Git);
        _local = new LocalFetcher(environment);
        _gate = gate;
        _manifests = new ListedManifests(environment, request.Manifests);
    }

    /// <summary>Reads the sources of the candidates as an installation would, where the request asks for it.</summary>
    internal async Task ResolveAsync(IReadOnlyList<PluginCandidate> candidates, CancellationToken cancellation)
    {
        if (!_request.Resolve)
        {
            return;
        }

        var wanted = candidates.Where(candidate => candidate.SkipReason is null && candidate.Entry.Source is not null).ToList();
        foreach (var candidate in wanted)
        {
            _fetcher.Announce(candidate.Entry.Source!);
        }

        using var throttle = new SemaphoreSlim(Math.Max(1, _request.ThrottleLimit));
        var facts = await Task.WhenAll(wanted.Select(candidate => ResolveAsync(candidate, throttle, cancellation))).ConfigureAwait(false);
        _resolved = new(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < facts.Length; i++)
        {
            _resolved[wanted[i].Entry] = facts[i];
        }
    }

    internal Plugin Describe(PluginCandidate candidate) => Describe(candidate, candidate.SkipReason is null ? Read(candidate) : default);

    /// <summary>The object of a local plugin by its manifest alone, the details of which are to be read later; null where its other files
    /// have to be read for it.</summary>
    internal ShortDescription? DescribeShortly(PluginCandidate candidate)
    {
        if (candidate is not { SkipReason: null, Entry: { Source: LocalSource local, InstallRefusal: null } entry }
            || _resolved?.ContainsKey(entry) == true)
        {
            return null;
        }

        var context = candidate.Marketplace.ContextIn(_environment);
        if (_manifests.Read(candidate.Marketplace.Catalog, entry, local, context) is not { } words)
        {
            return null;
        }

        var facts = new SourceFacts(null, words, words.Version, false)
        {
            Path = local.FolderIn(context.MarketplaceRoot),
            Commit = context.Snapshot is { Url: not null, Commit: { } commit } ? commit : null,
        };
        return new ShortDescription(Make(candidate, facts, words), words);
    }

    /// <summary>What was left to read of a plugin that was described shortly.</summary>
    /// <param name="candidate">Its entry.</param>
    /// <param name="said">What its object says of the manifest.</param>
    internal PluginDetail Detail(PluginCandidate candidate, ManifestWords said)
    {
        var facts = Read(candidate);
        return facts.Manifest is not { } manifest || ManifestWords.Of(manifest).SaysWhat(said)
            ? Detail(candidate, facts)
            : new PluginDetail
            {
                Said = $"Its manifest was changed since it was listed. {Remedy.Run(Operation.FindPlugin, $"list it again")}",
            };
    }

    /// <summary>The same for when the command is over: nothing is told, and there is nothing to dispose.</summary>
    internal DescribeEntries Apart() => new(_environment with { Log = SilentActivityLog.Instance }, _request, _installed, _gate);

    public ValueTask DisposeAsync() => _fetcher.DisposeAsync();

    private async Task<SourceFacts> ResolveAsync(PluginCandidate candidate, SemaphoreSlim throttle, CancellationToken cancellation)
    {
        await throttle.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // What is refused is not fetched either.
            if (SubjectOf(candidate, _gate.AddressesBy(_request.Git)) is { } subject)
            {
                _gate.Demand(PolicyStage.Admit, subject);
            }

            if (FromInstalled(candidate) is { } installed)
            {
                return installed;
            }

            _environment.Log.Progress(new ActivityProgress(IdOf(candidate), "Fetching"));
            return await _fetcher.ReadAsync(candidate.Entry.Source!, candidate.Marketplace.ContextIn(_environment),
                files => Facts(candidate, files), cancellation).ConfigureAwait(false);
        }
        catch (PluginMarketException failure)
        {
            return OfFailure(candidate, failure);
        }
        finally
        {
            _environment.Log.Progress(new ActivityProgress(IdOf(candidate), "Fetched", 100, true));
            throttle.Release();
        }
    }

    // The files of a pinned commit are always the same: where they are installed, nobody has to be asked for them.
    private SourceFacts? FromInstalled(PluginCandidate candidate)
    {
        var entry = candidate.Entry;
        if (entry is not { ValidName: { } name, Source.Repository: { Sha: { } sha } folder }
            || candidate.Marketplace.Catalog.ValidName is not { } marketplace || !GitReference.IsFullId(sha))
        {
            return null;
        }

        var id = new PluginId(name, marketplace);
        var (receipts, cache) = (_environment.Home.Receipts, _environment.Home.Cache);
        if (!receipts.TryFind(id, out var receipt, out _)
            || receipt is not { GeneratedFiles: [], RemovedFiles: [], Provenance: CommitProvenance commit }
            || (commit.Url, commit.Path) != (folder.Url.ToString(), folder.Path.IsRoot ? null : folder.Path.Value)
            || !commit.Commit.Equals(sha, StringComparison.OrdinalIgnoreCase) || cache.ActiveVersion(id) is not { } active)
        {
            return null;
        }

        var path = cache.Layout.VersionPath(id, active);
        try
        {
            var tree = FolderTree.ReadInstalled(path, _environment.Files, _environment.Limits);
            return !ReceiptMatch.IsOf(receipt, tree) ? null : Facts(candidate, new PluginFiles(tree)
            {
                DisplayRoot = DisplayText.Escape(path),
                DefaultName = folder.Path.IsRoot ? GitFetcher.CloneName : folder.Path.Name,
                IsDefaultNameMadeUp = folder.Path.IsRoot,
                Provenance = commit,
            });
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            _environment.Log.Detail($"{id}: its installed files cannot be read, so its source is asked: {problem}");
            return null;
        }
    }

    private SourceFacts Read(PluginCandidate candidate)
    {
        if (_resolved is not null && _resolved.TryGetValue(candidate.Entry, out var resolved))
        {
            return resolved;
        }

        try
        {
            return candidate.Entry.Source is LocalSource local
                ? Facts(candidate, _local.Open(local, candidate.Marketplace.ContextIn(_environment)))
                : OwnWords(candidate.Entry);
        }
        catch (PluginMarketException failure)
        {
            return OfFailure(candidate, failure);
        }
        catch (IOException failure)
        {
            return OfFailure(candidate, new PluginMarketException(MarketErrorCode.SourceUnreachable,
                $"{failure} {Remedy.Do($"Check that you can read it.")}", IdOf(candidate), failure));
        }
    }

    private SourceFacts Facts(PluginCandidate candidate, PluginFiles files)
    {
        var entry = candidate.Entry;
        var (reading, refusal) = new PluginAdmission(IdOf(candidate), entry.Name, entry.Fallback, _environment.Limits).Read(files);
        var facts = reading.Manifest is { } manifest
            ? new SourceFacts(manifest, ManifestWords.Of(manifest), reading.StatedVersion, true)
            {
                Can = _gate.AsksForFiles ? CapabilityReader.Read(files.Tree, manifest) : null,
            }
            : OwnWords(entry) with { Version = reading.StatedVersion };
        return facts with { Refusal = refusal, Path = entry.Source is LocalSource ? files.DisplayRoot : null, Commit = files.Commit };
    }

    private SourceFacts OfFailure(PluginCandidate candidate, PluginMarketException failure)
    {
        var version = failure.Code == MarketErrorCode.LimitExceeded && candidate.Entry.Source is LocalSource local
            ? StatedVersion(candidate.Marketplace, local) : null;
        var words = OwnWords(candidate.Entry);
        return words with { Version = version ?? words.Version, Failure = failure };
    }

    // Caps on names and levels guard what is written. A listing writes nothing, and Codex shows the version of such a plugin too.
    private string? StatedVersion(OpenMarketplace open, LocalSource source)
    {
        try
        {
            var limits =
                TreeLimits.Plugin(_environment.Limits) with { SegmentBytes = int.MaxValue, PathBytes = int.MaxValue, Depth = int.MaxValue };
            var files = _local.Open(source, open.ContextIn(_environment), limits);
            return ManifestReader.Read(files.Tree, files.DisplayRoot, files.DefaultName, null, _environment.Limits).StatedVersion;
        }
        catch (Exception failure) when (failure is PluginMarketException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static string? OwnVersion(MarketplaceEntry entry) => Shown(OwnWords(entry).Version);

    // What the entry itself says counts for a source that was not read (contract 1.8).
    private static SourceFacts OwnWords(MarketplaceEntry entry)
    {
        if (entry.Fallback is not { } fallback)
        {
            return default;
        }

        var reading = ManifestReader.Read(NoFiles.Instance, entry.Name, entry.Name, fallback);
        return new SourceFacts(null, reading.Manifest is { } manifest ? ManifestWords.Of(manifest) : null, reading.StatedVersion, false);
    }

    private Plugin Describe(PluginCandidate candidate, SourceFacts facts)
    {
        var plugin = Make(candidate, facts, facts.Manifest is { } manifest ? ManifestWords.Of(manifest) : null);
        plugin.Settle(Detail(candidate, facts));
        return plugin;
    }

    private PluginDetail Detail(PluginCandidate candidate, SourceFacts facts)
    {
        var decision = Judge(candidate, facts);
        return new PluginDetail
        {
            Status = StatusOf(candidate, facts),
            Said = (candidate.SkipReason ?? candidate.Entry.InstallRefusal) is { } finding
                ? (Message)$"{finding}" : (facts.Failure ?? facts.Refusal)?.Said,
            Resolved = facts.IsRead,
            Components = facts.Manifest?.Components,
            Manifest = facts.Manifest,
            HasHiddenText = HiddenJson.IsIn(candidate.Entry.Node) ? true : facts.Manifest?.HasHiddenText,
            IsAllowedByPolicy = decision?.IsAllowed ?? (_gate.IsSilent ? true : null),
            PolicyRule = decision?.RuleId,
            Failure = facts.Failure ?? facts.Refusal,
        };
    }

    // The manifest's own words, and those that stand for it where it is not read, in which an author or a license is not told.
    private Plugin Make(PluginCandidate candidate, SourceFacts facts, ManifestWords? manifest)
    {
        var (open, entry) = (candidate.Marketplace, candidate.Entry);
        var (words, id) = (facts.Words, IdOf(candidate));
        return new Plugin
        {
            Name = NameOf(entry),
            Version = Shown(facts.Version),
            Marketplace = open.Name,
            Category = Shown(entry.Category ?? words?.Interface?.Category),
            Installation = entry.Installation,
            Installed = entry.ValidName is { } name && open.Catalog.ValidName is { } marketplace
                && _installed.Contains(id, name, marketplace),
            Id = id,
            DisplayName = Shown(words?.Interface?.DisplayName),
            Description = Shown(words?.Description ?? words?.Interface?.ShortDescription),
            Authentication = entry.Authentication,
            SourceType = entry.Source?.Kind,
            Source = facts.Path is { } folder ? DisplayText.Escape(folder) : entry.Source?.Description,
            Ref = Shown(entry.Source?.Selector),
            Sha = Shown(entry.Source?.Repository?.Sha),
            Capabilities = manifest is null ? null : manifest.Interface?.Capabilities ?? [],
            Keywords = words?.Keywords,
            Author = manifest?.Author,
            License = manifest?.License,
            Interface = words?.Interface,
            Path = facts.Path,
            Commit = facts.Commit,
            CatalogPath = open.Catalog.CatalogPath,
            Scope = open.ScopeName,
            ComputerName = _computer,
            UserName = _environment.UserName,
            CodexHome = _environment.CodexHome,
        }.From(new LocatedEntry(open, entry));
    }

    // Of an entry that cannot be used there is nothing to ask.
    private PolicySubject? SubjectOf(PluginCandidate candidate, GitOptions? git) =>
        _gate.IsSilent || candidate.Entry is not { ValidName: { } name, Source: { } source }
            || candidate.Marketplace.Catalog.ValidName is not { } marketplace ? null
            : PluginPolicySubject.Of(_environment, new PluginId(name, marketplace), candidate.Marketplace, source, git);

    private PolicyDecision? Judge(PluginCandidate candidate, SourceFacts facts) =>
        SubjectOf(candidate, null) is not { } subject ? null
            : _gate.Judge(PolicyStage.Publish,
                facts.Manifest is { } manifest ? PluginPolicySubject.With(subject, manifest, facts.Can) : subject);

    internal static string? Shown(string? text) => text is null ? null : Addresses.Hide(DisplayText.Escape(text));

    // What could not be read is not known; what was read, or is forbidden to be, has an answer.
    private static string? StatusOf(PluginCandidate candidate, SourceFacts facts) =>
        candidate.SkipReason is not null ? "Skipped"
        : candidate.Entry.InstallRefusal is not null || facts.Refusal is not null ? "Refused"
        : facts.Failure is not { } failure ? "Available"
        : IsRefusal(failure.Code) ? "Refused" : null;

    private static bool IsRefusal(MarketErrorCode code) => code is MarketErrorCode.HostNotAllowed or MarketErrorCode.HttpNotAllowed
        or MarketErrorCode.CredentialInUrl or MarketErrorCode.RedirectRefused
        or MarketErrorCode.SourceInvalid or MarketErrorCode.SourceNotSupported or MarketErrorCode.PathEscapesRoot
        or MarketErrorCode.LimitExceeded or MarketErrorCode.NameInvalid
        or MarketErrorCode.GitCommitMismatch or MarketErrorCode.GitRefNotFound or MarketErrorCode.NpmPackageNotFound
        or MarketErrorCode.NpmPackageInvalid or MarketErrorCode.IntegrityMismatch;

    // What is not a name may be anything.
    private static string NameOf(MarketplaceEntry entry) => entry.ValidName is null ? Addresses.Hide(entry.Name) : entry.Name;

    private static string IdOf(PluginCandidate candidate) => $"{NameOf(candidate.Entry)}@{candidate.Marketplace.Name}";

    private readonly record struct SourceFacts(PluginManifest? Manifest, ManifestWords? Words, string? Version, bool IsRead)
    {
        /// <summary>Why the files could not be read.</summary>
        public PluginMarketException? Failure { get; init; }

        /// <summary>Why installing refuses the files that were read.</summary>
        public PluginMarketException? Refusal { get; init; }

        /// <summary>What it can do; null where that was not asked.</summary>
        public IReadOnlyList<Capability>? Can { get; init; }

        public string? Path { get; init; }

        public string? Commit { get; init; }
    }

    private sealed class NoFiles : FileTree
    {
        internal static NoFiles Instance { get; } = new();

        public override IReadOnlyList<TreeEntry> Entries => [];

        public override Stream Open(TreeEntry entry) => throw new FileNotFoundException(entry.Path);
    }
}
