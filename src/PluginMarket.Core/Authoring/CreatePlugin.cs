using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Authoring;

/// <summary>Makes plugins.</summary>
internal sealed class CreatePlugin
{
    private readonly MarketEnvironment _environment;

    /// <summary>Makes the verb; nothing is touched.</summary>
    public CreatePlugin(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    private FileOps Files => _environment.Files;

    /// <summary>Makes a plugin's folder, whole or not at all, and its entry in a marketplace where one is named.</summary>
    /// <exception cref="PluginMarketException">
    /// NameInvalid, PluginAlreadyExists, SourceInvalid, ManifestInvalid, SourceUnreachable for a skill that cannot be read,
    /// PathEscapesRoot for a folder outside the marketplace, LimitExceeded, CatalogUnreadable, DiskFull, HomeNotWritable. A new folder
    /// is taken back where its entry cannot be written.
    /// </exception>
    public PluginManifest Create(NewPluginRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (name, folder, tree, catalog, entry) = Draft(request);
        var isNew = Write(tree, folder, request.Force);
        try
        {
            catalog?.Change(text => EntryEdits.Add(text, entry!),
                text => EntryEdits.Check(_environment, text, entry!, sourceChanged: false));
        }
        catch when (isNew)
        {
            BestEffort.Try(() => Files.DeleteTreeNoFollow(folder));
            throw;
        }

        return ManifestReader.Read(FolderTree.Read(folder, Files, _environment.Limits), folder, name.Value, null, _environment.Limits)
            .GetManifest();
    }

    /// <summary>The manifest that <see cref="Create"/> would make; fails where it would for what can be known without changing
    /// anything.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="Create"/>.</exception>
    public PluginManifest Preview(NewPluginRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var draft = Draft(request);
        if (Files.Kind(draft.Folder) is var kind && kind != FileKind.Missing && !IsWritable(kind, draft.Folder, request.Force))
        {
            throw AlreadyThere(draft.Folder, kind);
        }

        return ManifestReader.Read(draft.Tree, draft.Folder, draft.Name.Value, null, _environment.Limits).GetManifest();
    }

    private (PluginName Name, string Folder, AssembledTree Tree, CatalogFile? Catalog,
        CatalogEntryRequest? Entry) Draft(NewPluginRequest request)
    {
        var skill = request.FromSkill is { } skillFolder ? SkillFolder.Read(_environment, skillFolder) : null;
        var name = EntryEdits.DemandName(request.Name ?? skill?.Skill.Name ?? "");
        var catalog = request.MarketplacePath is { } marketplace ? CatalogFile.Open(_environment, marketplace) : null;
        var parent = request.Path ?? (catalog is null ? _environment.WorkingDirectory : Path.Join(catalog.Root, "plugins"))
            ?? throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                $"There is no folder to create the plugin in. {Remedy.Use(OperationOption.Path, $"name one")}", name.Value);
        var folder = Path.Join(FolderSteps.Resolve(Files, parent), name.Value);

        var tree = Assemble(request, name, skill);
        Demand(tree, folder, name);
        var entry = catalog is null ? null : Entry(request, catalog, folder, name);
        if (entry is not null)
        {
            EntryEdits.Check(_environment, Preview(catalog!, entry), entry, sourceChanged: false);
        }

        return (name, folder, tree, catalog, entry);
    }

    private static AssembledTree Assemble(NewPluginRequest request, PluginName name, SkillFolder? skill)
    {
        var components = request.Components.Count == 0 && skill is null
            ? ["Skill"] : request.Components.Distinct(StringComparer.Ordinal).Where(kind => kind != "Skill" || skill is null);
        if (request.Format == PluginFormat.Agent && components.FirstOrDefault(kind => kind is "Hook" or "App") is { } idle)
        {
            throw new PluginMarketException(
                MarketErrorCode.ManifestInvalid,
                $"The plugin '{name}' cannot have the component {idle}: "
                    + $"Codex runs no hooks and lists no apps of a plugin in the Agent format.{Remedy.Do($"Use the format Codex.")}",
                name.Value);
        }

        var template = new PluginTemplate
        {
            Name = name,
            Description = request.Description ?? skill?.Skill.Description,
            Author = request.Author,
            Category = request.Entry.Category,
            Format = request.Format,
            Components = [.. components],
        };
        var tree = template.ToTree();
        return skill is null ? tree : tree.Add("skills/" + skill.FolderName, skill.Files);
    }

    // What would be refused after writing is refused before.
    private void Demand(AssembledTree tree, string folder, PluginName name)
    {
        var manifest = ManifestReader.Read(tree, folder, name.Value, null, _environment.Limits).GetManifest();
        foreach (var warning in manifest.Warnings)
        {
            _environment.Log.Warn($"{warning.Message}");
        }

        foreach (var leftOut in TreePlan.Make(tree, TreeWriteOptions.Plugin(_environment.Limits)).LeftOut)
        {
            _environment.Log.Warn($"'{leftOut.Path}' is left out: {leftOut.Reason}.");
        }
    }

    private CatalogEntryRequest Entry(NewPluginRequest request, CatalogFile catalog, string folder, PluginName name)
    {
        var root = Files.RealPath(catalog.Root);
        if (!FolderTree.IsWithin(folder, root))
        {
            throw new PluginMarketException(MarketErrorCode.PathEscapesRoot, $"'{folder}' is outside the marketplace '{root}', "
                + $"whose catalog can only name folders below it. {Remedy.Do($"Choose a folder in the marketplace.")}", folder);
        }

        var path = "./" + Path.GetRelativePath(root, folder).Replace(Path.DirectorySeparatorChar, '/');
        return new CatalogEntryRequest
        {
            Path = request.MarketplacePath!,
            Name = name.Value,
            Change = request.Entry with { Source = CatalogEditor.LocalSource(catalog.Read().Catalog, path) },
            Force = request.Force,
        };
    }

    private MarketplaceCatalog Preview(CatalogFile file, CatalogEntryRequest entry)
    {
        var catalog = file.Read().Catalog;
        return new MarketplaceCatalogReader(_environment).Parse(EntryEdits.Add(catalog, entry).Utf8.ToArray(),
            catalog.CatalogPath, catalog.Root, catalog.IsRemote);
    }

    /// <summary>Writes the tree; returns whether the folder is new.</summary>
    private bool Write(AssembledTree tree, string folder, bool force)
    {
        var kind = Files.Kind(folder);
        if (IsWritable(kind, folder, force))
        {
            WriteOver(tree, folder);
            return false;
        }

        if (kind != FileKind.Missing || !WriteNew(tree, folder))
        {
            throw AlreadyThere(folder, kind);
        }

        return true;
    }

    private bool IsWritable(FileKind kind, string folder, bool force) =>
        kind == FileKind.Directory && (force || Files.List(folder).Count == 0);

    private static PluginMarketException AlreadyThere(string folder, FileKind kind) =>
        new(MarketErrorCode.PluginAlreadyExists, $"'{folder}' exists. {(kind == FileKind.Directory ? Remedy.Use(OperationOption.Force,
            $"overwrite the files of a new plugin and keep the others") : Remedy.Do($"Choose another folder."))}", folder);

    private bool WriteNew(AssembledTree tree, string folder)
    {
        var parent = Path.GetDirectoryName(folder)!;
        Files.CreateDirectory(parent);
        var staged = TemporaryName.For(folder);
        try
        {
            new TreeWriter(Files, TreeWriteOptions.Plugin(_environment.Limits)).Write(tree, staged);
            TreeSync.Run(Files, staged,
                Files.IsRoot && Files.Examine(parent) is { Owner: not 0 } facts ? (facts.Owner, facts.Group) : null);
            if (!Files.RenameNoReplace(staged, folder))
            {
                return false;
            }

            Files.FsyncDirectory(parent);
            return true;
        }
        finally
        {
            if (Files.Kind(staged) != FileKind.Missing)
            {
                BestEffort.Try(() => Files.DeleteTreeNoFollow(staged));
            }
        }
    }

    // File by file, each whole; the manifest last, so that a plugin is there only when its files are.
    private void WriteOver(AssembledTree tree, string folder)
    {
        var plan = TreePlan.Make(tree, TreeWriteOptions.Plugin(_environment.Limits));
        foreach (var entry in plan.Files.OrderBy(file => file.Name == ManifestLocation.AgentManifest)
            .ThenBy(file => file.Path, StringComparer.Ordinal))
        {
            var path = RelativePath.OfTreeEntry(entry.Path);
            var target = FolderSteps.Make(Files, folder, path.Parent);
            Recovery.SweepTemporaryFiles(_environment, target);
            AtomicFile.Write(Files, Path.Join(target, path.Name), tree.ReadBytes(entry, _environment.Limits.FileBytes),
                entry.Executable ? FileOps.SharedFolder : FileOps.SharedFile);
        }
    }
}
