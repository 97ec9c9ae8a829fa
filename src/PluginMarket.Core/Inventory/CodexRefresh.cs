using PluginMarket.Identity;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Inventory;

/// <summary>Whether Codex's own refresh and upgrade would leave an installed plugin alone (contract 3.7, 3.8).</summary>
/// <remarks>
/// Codex refreshes every plugin that the configuration names: it reads the version at the entry's source and installs again where that is
/// not the name of the cached folder. And it follows the branches of git marketplaces by itself, and then installs all their plugins again.
/// </remarks>
internal sealed class CodexRefresh(MarketEnvironment environment, MarketplaceView view)
{
    /// <summary>What would happen, and why, in a sentence.</summary>
    internal sealed record Judgement(bool? IsHeld, Message Reason);

    /// <summary>Judges one plugin.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="folder">The name of its folder in the cache, or the one it would get.</param>
    /// <param name="revision">The commit, or the version of the npm package, that its bytes are of, where that is known.</param>
    internal Judgement Judge(PluginId id, string folder, string? revision)
    {
        if (!view.Layers.PluginsFeatureEnabled)
        {
            return Held($"Plugins are disabled, so Codex refreshes none.");
        }

        var name = id.Marketplace.Value;
        if (NameRules.IsReservedMarketplace(name))
        {
            return Replaced($"Its marketplace is Codex's own, which Codex updates by itself.");
        }

        if (view.Failures.Any(failure => failure.Target == name))
        {
            return new Judgement(null, $"Its marketplace cannot be read, so it is not known what Codex will do.");
        }

        var inView = view.Marketplaces.Where(open => open.Name == name && !open.Location.RequiresTrust).ToList();
        if (inView.Count == 0)
        {
            return Held($"Its marketplace is not configured, so Codex does not refresh it.");
        }

        // Of marketplaces with one name the first with a usable entry counts; one that follows a branch may get such an entry any time.
        if (inView.Select(open => Moving(open.Location)).FirstOrDefault(reason => reason is not null) is { } moving)
        {
            return Replaced(moving);
        }

        return inView.SelectMany(open => open.Catalog.Named(id.Plugin.Value).Where(entry => entry.IsListed).Select(entry => (open, entry)))
            .FirstOrDefault() is { open: { } marketplace, entry: { } found }
            ? OfEntry(marketplace, found, folder, revision)
            : Held($"Its catalog does not list it, so Codex does not refresh it.");
    }

    private Message? Moving(MarketplaceLocation location)
    {
        if (!location.IsSnapshot)
        {
            return null;
        }

        if (location.Configured?.Ref is not { } reference || !GitReference.IsFullId(reference))
        {
            return $"Its marketplace follows {(location.Configured?.Ref is { } named ? $"'{named}'" : "the default branch")}: "
                + $"Codex reinstalls all its plugins when that moves. "
                + $"{Remedy.Run(Operation.SetMarketplace.With(OperationOption.Sha), $"pin it to a commit")}"
                + $"{Remedy.Run(Operation.ExportMarketplace, $"keep a copy that does not move")}";
        }

        return SnapshotCommit.Read(environment, location.Root) is { } commit
            && !commit.Equals(reference, StringComparison.OrdinalIgnoreCase)
            ? (Message)($"The snapshot of its marketplace is not of the commit that it is pinned to: "
                + $"Codex updates it and reinstalls all its plugins. ")
                + $"{Remedy.Run(Operation.UpdateMarketplace.On(location.Configured.Name), $"update it first")}"
            : null;
    }

    private Judgement OfEntry(OpenMarketplace marketplace, MarketplaceEntry entry, string folder, string? revision) => entry.Source!.Match(
        local => OfFolder(marketplace, entry, local, folder),
        git => OfRepository(git.Url, git.Ref, git.Sha, revision),
        npm => npm.Version is not { } version || !NpmGrammar.IsExactVersion(version)
            ? Replaced($"Its entry is an npm package without an exact version, which every refresh resolves again.")
            : version == revision ? Held($"Its entry names the installed version of the npm package.")
            : Replaced($"Its entry names another version of the npm package than the installed one: "
                + $"a refresh installs that if the plugin's version differs."));

    private Judgement OfFolder(OpenMarketplace marketplace, MarketplaceEntry entry, LocalSource source, string folder)
    {
        var path = source.Path.UnderRoot(marketplace.Catalog.Root);
        var version = VersionAt(marketplace, entry, source);
        return version is null ? Held($"Its source cannot be read as a plugin, so a refresh keeps the cached one.")
            : version != folder
            ? Replaced($"Its source has version {version}, but the cached folder is named {folder}: the next refresh installs the source.")
            : marketplace.Location.IsSnapshot
            ? Held($"Its marketplace is pinned to a commit, and the cached folder is named after the version there.")
            : Held($"Its source is a folder whose version is the name of the cached folder; "
                + $"that is true until the version in '{path}' changes.");
    }

    private static Judgement OfRepository(GitUrl url, string? reference, string? sha, string? commit)
    {
        if ((sha ?? reference) is not { } pin || !GitReference.IsFullId(pin))
        {
            return Replaced($"Its entry follows {(reference is null ? "the default branch" : $"'{reference}'")} of {url}, "
                + $"which every refresh reads again.");
        }

        return pin.Equals(commit, StringComparison.OrdinalIgnoreCase)
            ? Held($"Its entry is pinned to the installed commit.")
            : Replaced($"Its entry is pinned to another commit than the installed one: a refresh installs that if its version differs.");
    }

    private string? VersionAt(OpenMarketplace marketplace, MarketplaceEntry entry, LocalSource source)
    {
        try
        {
            var files = new LocalFetcher(environment).Open(source, marketplace.ContextIn(environment));
            return ManifestReader.Read(files.Tree, files.DisplayRoot, files.DefaultName, entry.Fallback,
                environment.Limits).Manifest?.InstallVersion;
        }
        catch (PluginMarketException)
        {
            return null;
        }
    }

    private static Judgement Held(Message reason) => new(true, reason);

    private static Judgement Replaced(Message reason) => new(false, reason);
}
