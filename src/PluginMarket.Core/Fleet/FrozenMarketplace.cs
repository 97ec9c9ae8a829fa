using System.Text;
using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Installation;
using PluginMarket.Json;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Sources.Git;

namespace PluginMarket.Fleet;

/// <summary>Writes the plugins of a lock file as local marketplaces: folders whose bytes are the lock's, which Codex's refresh
/// therefore leaves alone (contract 3.8).</summary>
internal sealed class FrozenMarketplace
{
    private const string PluginsFolder = "plugins";

    private readonly MarketEnvironment _environment;

    /// <summary>A writer for one home, in which fetches are staged.</summary>
    public FrozenMarketplace(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Fetches every plugin of the lock file, compares it, and writes the folder in one step; on a failure nothing is
    /// left.</summary>
    /// <param name="file">The lock file.</param>
    /// <param name="path">The folder, absolute; missing or empty. With plugins of more than one marketplace each
    /// gets a folder of its name below it.</param>
    /// <param name="git">How git may be used.</param>
    /// <param name="cancellationToken">Stops, and cleans up.</param>
    /// <returns>The marketplaces, by name; none is registered.</returns>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.LockFileMismatch"/>,
    /// <see cref="MarketErrorCode.MarketplaceAlreadyExists"/>, and the failures of fetching and writing.</exception>
    public async Task<IReadOnlyList<Marketplace>> WriteAsync(PluginLockFile file, string path, GitOptions? git = null,
        CancellationToken cancellationToken = default)
    {
        var plan = Plan(file, path, git, cancellationToken);
        var draft = TemporaryName.For(path);
        try
        {
            var groups = plan.Items.GroupBy(item => item.Id.Marketplace.Value, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
            var run = new InstallRun(_environment, plan.Request, plan.Items);
            await using (run.ConfigureAwait(false))
            {
                foreach (var group in groups)
                {
                    await WriteOneAsync(run, group.Key, [.. group], groups.Count == 1 ? draft : Path.Join(draft, group.Key),
                        cancellationToken).ConfigureAwait(false);
                }
            }

            Publish(draft, path);
            return [.. MarketplaceView.Open(_environment, groups.Count == 1 ? [path] : [.. groups.Select(
                group => Path.Join(path, group.Key))]).Marketplaces.Select(open => MarketplaceDescription.Describe(_environment, open))];
        }
        catch
        {
            BestEffort.Try(() => _environment.Files.DeleteTreeNoFollow(draft));
            throw;
        }
    }

    /// <summary>The marketplaces that <see cref="WriteAsync"/> would write; fails where it would for what can be known without the
    /// network. Plugins of folders are read and compared.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="WriteAsync"/>.</exception>
    public async Task<IReadOnlyList<Marketplace>> PreviewAsync(PluginLockFile file, string path,
        CancellationToken cancellationToken = default)
    {
        var plan = Plan(file, path, null, cancellationToken);
        foreach (var item in plan.Items)
        {
            await new InstallPreview(_environment, plan.Request, item).DemandAsync(cancellationToken).ConfigureAwait(false);
        }

        var groups = plan.Items.GroupBy(item => item.Id.Marketplace.Value, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        return [.. groups.Select(group => Describe(group.Key, groups.Count == 1 ? path : Path.Join(path, group.Key), group.Count()))];
    }

    private Marketplace Describe(string name, string root, int plugins) => new Marketplace
    {
        Name = name,
        SourceType = "local",
        Source = DisplayText.Escape(root),
        Plugins = plugins,
        SkippedEntries = 0,
        Scope = MarketplaceScope.Path.ToString(),
        Root = root,
        CatalogPath = LocalPaths.Join(root, MarketplaceCatalogReader.CatalogPlaces[0]),
        ComputerName = Origin.ComputerName,
        UserName = _environment.UserName,
        CodexHome = DisplayText.Escape(_environment.CodexHome),
    }.AsPreview();

    private InstallPlan Plan(PluginLockFile file, string path, GitOptions? git, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var request = new InstallRequest
        {
            Intent = new InstallIntent.RestoreLock { Entries = file.Entries, Frozen = true },
            Git = git ?? GitOptions.Default,
        };
        var plan = new InstallPlanner(_environment with { Log = SilentActivityLog.Instance }, request).Plan(cancellationToken,
            asksPolicy: true);
        if (plan.Failures is [var refused, ..])
        {
            throw refused.GetFailure()!;
        }

        if (plan.Items.Count == 0)
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"The lock file '{file.Path}' has no plugins, "
                + $"so there is no marketplace to write. {Remedy.Do($"Choose another lock file.")}", file.Path);
        }

        DemandFree(path);
        return plan;
    }

    private void DemandFree(string path)
    {
        if (_environment.Files.Kind(path) is var kind && kind != FileKind.Missing
            && (kind != FileKind.Directory || _environment.Files.List(path).Count > 0))
        {
            throw new PluginMarketException(MarketErrorCode.MarketplaceAlreadyExists,
                $"'{path}' exists and is not empty. {Remedy.Do($"Choose a folder that is missing or empty.")}", path);
        }
    }

    private void Publish(string draft, string path)
    {
        _environment.Files.DeleteEmptyDirectory(path);
        if (!_environment.Files.RenameNoReplace(draft, path))
        {
            throw new PluginMarketException(MarketErrorCode.MarketplaceAlreadyExists,
                $"'{path}' was created by another process. {Remedy.Do($"Choose another folder.")}", path);
        }
    }

    private async Task WriteOneAsync(InstallRun run, string name, IReadOnlyList<InstallPlanItem> items, string root,
        CancellationToken cancellationToken)
    {
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var folder = Path.Join(root, PluginsFolder, item.Id.Plugin.Value);
            _environment.Files.CreateDirectory(Path.GetDirectoryName(folder)!);

            // Staged and compared as an installation is; what is written is then the source's own bytes, which the digest is of.
            using (var staged = await run.StageAsync(item, cancellationToken).ConfigureAwait(false))
            {
                item.Pinned!.Demand(staged, run.Request.AcceptCapability);
                if (new InstallPolicy(_environment, run.Request).Judge(item, staged).RefusalAt(PolicyStage.Publish) is { } refusal)
                {
                    throw refusal;
                }

                new TreeWriter(_environment.Files, TreeWriteOptions.Plugin(_environment.Limits)).Write(staged.Origin.Tree, folder);
            }

            DemandSame(item.Pinned!.Entry, folder);
        }

        var catalog = LocalPaths.Join(root, MarketplaceCatalogReader.CatalogPlaces[0]);
        _environment.Files.CreateDirectory(Path.GetDirectoryName(catalog)!);
        _environment.Files.WriteNew(catalog, Encoding.UTF8.GetBytes(Catalog(name, items)));
    }

    private void DemandSame(PluginLockEntry entry, string folder)
    {
        var digest = TreeDigest.Compute(FolderTree.Read(folder, _environment.Files, _environment.Limits));
        if (digest != entry.TreeHash)
        {
            throw new PluginMarketException(MarketErrorCode.LockFileMismatch, $"The copy of '{entry.Id}' that was written has the digest "
                + $"{digest}, not {entry.TreeHash}.{Remedy.Do($"Run the command again.")}", entry.Id);
        }
    }

    private static string Catalog(string name, IReadOnlyList<InstallPlanItem> items)
    {
        var entries = items.OrderBy(item => item.Id.Plugin.Value, StringComparer.Ordinal).Select(Entry);
        return $"{{\n  \"name\": {JsonEditor.Quote(name)},\n  \"plugins\": [\n{string.Join(",\n", entries)}\n  ]\n}}\n";
    }

    // A source without a manifest gets it from the entry, as it did when it was locked (contract 1.8).
    private static string Entry(InstallPlanItem item)
    {
        var own = item.Id.Plugin.Value;
        var keys = new StringBuilder(
            $"    {{\n      \"name\": {JsonEditor.Quote(own)},\n      \"source\": {JsonEditor.Quote($"./{PluginsFolder}/{own}")}");
        if (item.Pinned!.Entry.GeneratedManifest is { } manifest)
        {
            var root = JsonFile.Parse(Encoding.UTF8.GetBytes(manifest), item.Pinned.Entry.LockFile, MarketErrorCode.StateCorrupt).Root;
            foreach (var member in root.Members.Where(member => member.Name is not ("name" or "source" or "policy")))
            {
                keys.Append(",\n      ").Append(JsonEditor.Quote(member.Name)).Append(": ").Append(member.Value.ToJson());
            }
        }

        return keys.Append("\n    }").ToString();
    }
}
