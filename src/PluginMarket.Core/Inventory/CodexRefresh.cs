namespace PluginMarket;

/// <summary>Whether Codex's own refresh and upgrade would leave an installed plugin alone (contract 3.7, 3.8).</summary>
/// <remarks>
/// Codex refreshes every plugin that the configuration names: it reads the version at the entry's source and installs anew where that is not
/// the name of the cached folder. And it follows the branches of git marketplaces by itself, and then installs all their plugins anew.
/// </remarks>
internal sealed class CodexRefresh(MarketEnvironment environment, MarketplaceView view)
{
    /// <summary>What would happen, and why, in a sentence.</summary>
    internal sealed record Judgement(bool IsHeld, string Reason);

    /// <summary>Judges one plugin.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="folder">The name of its folder in the cache, or the one it would get.</param>
    /// <param name="revision">The commit, or the version of the npm package, that its bytes are of, where that is known.</param>
    internal Judgement Judge(PluginId id, string folder, string? revision)
    {
        if (!view.Layers.PluginsFeatureEnabled)
        {
            return Held("plugins are switched off, so nothing is refreshed");
        }

        var name = id.Marketplace.Value;
        if (NameRules.IsReservedMarketplace(name))
        {
            return Replaced("its marketplace is the agent's own, which the agent updates as it likes");
        }

        if (view.Failures.Any(failure => failure.Target == name))
        {
            return Replaced("its marketplace cannot be read now, so nothing can be said of it");
        }

        var inView = view.Marketplaces.Where(open => open.Name == name && !open.Location.RequiresTrust).ToList();
        if (inView.Count == 0)
        {
            return Held("its marketplace is not configured, so nothing refreshes it");
        }

        // Of marketplaces with one name the first with a usable entry counts; one that follows a branch may get such an entry any time.
        if (inView.Select(open => Moving(open.Location)).FirstOrDefault(reason => reason is not null) is { } moving)
        {
            return Replaced(moving);
        }

        return inView.SelectMany(open => open.Catalog.Named(id.Plugin.Value).Where(entry => entry.IsListed).Select(entry => (open, entry))).FirstOrDefault() is { open: { } marketplace, entry: { } found }
            ? OfEntry(marketplace, found, folder, revision)
            : Held("its catalog does not list it, so nothing refreshes it");
    }

    private string? Moving(MarketplaceLocation location)
    {
        if (!location.IsSnapshot)
        {
            return null;
        }

        if (location.Configured?.Ref is not { } reference || !GitReference.IsFullId(reference))
        {
            return $"its marketplace follows {(location.Configured?.Ref is { } named ? $"'{DisplayText.Escape(named)}'" : "the default branch")}: the agent installs all its plugins anew when that moves (pin it with Set-PluginMarketplace -Sha, or use Export-PluginMarketplace)";
        }

        return SnapshotCommit.Read(environment, location.Root) is { } commit && !commit.Equals(reference, StringComparison.OrdinalIgnoreCase)
            ? "its marketplace's snapshot is not of the commit it is pinned to, which the agent mends by installing all its plugins anew (Update-PluginMarketplace does that first)"
            : null;
    }

    private Judgement OfEntry(OpenMarketplace marketplace, MarketplaceEntry entry, string folder, string? revision) => entry.Source!.Match(
        local => OfFolder(marketplace, entry, local, folder),
        git => OfRepository(git.Url, git.Ref, git.Sha, revision),
        npm => npm.Version is not { } version || !NpmGrammar.IsExactVersion(version) ? Replaced("its entry is an npm package without one exact version, which every refresh looks up again")
            : version == revision ? Held("its entry names the one version of the npm package that is installed")
            : Replaced("its entry names another version of the npm package than the installed one: a refresh installs that where the plugin's version differs"));

    private Judgement OfFolder(OpenMarketplace marketplace, MarketplaceEntry entry, LocalSource source, string folder)
    {
        var path = source.Path.UnderRoot(marketplace.Catalog.Root);
        var version = VersionAt(marketplace, entry, source);
        return version is null ? Held("its source cannot be read as a plugin, so a refresh leaves the cached one")
            : version != folder ? Replaced($"its source has the version {DisplayText.Escape(version)}, the cached folder is called {folder}: the next refresh installs the source's bytes")
            : marketplace.Location.IsSnapshot ? Held("its marketplace is pinned to a commit, and the cached folder is called as the version there")
            : Held($"its source is a folder with the version that the cached folder is called by; it holds for as long as nobody changes the version in '{DisplayText.Escape(path)}'");
    }

    private static Judgement OfRepository(GitUrl url, string? reference, string? sha, string? commit)
    {
        if ((sha ?? reference) is not { } pin || !GitReference.IsFullId(pin))
        {
            return Replaced($"its entry follows {(reference is null ? "the default branch" : $"'{DisplayText.Escape(reference)}'")} of {url}, which every refresh reads again");
        }

        return pin.Equals(commit, StringComparison.OrdinalIgnoreCase)
            ? Held("its entry is pinned to the commit that is installed")
            : Replaced("its entry is pinned to another commit than the installed one: a refresh installs that where its version differs");
    }

    private string? VersionAt(OpenMarketplace marketplace, MarketplaceEntry entry, LocalSource source)
    {
        try
        {
            var files = new LocalFetcher(environment).Open(source, marketplace.ContextIn(environment));
            return ManifestReader.Read(files.Tree, files.DisplayRoot, files.DefaultName, entry.Fallback, environment.Limits).Manifest?.InstallVersion;
        }
        catch (PluginMarketException)
        {
            return null;
        }
    }

    private static Judgement Held(string reason) => new(true, Sentence(reason));

    private static Judgement Replaced(string reason) => new(false, Sentence(reason));

    private static string Sentence(string reason) => char.ToUpperInvariant(reason[0]) + reason[1..] + ".";
}
