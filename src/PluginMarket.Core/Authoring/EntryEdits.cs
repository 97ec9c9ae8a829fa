using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Sources;
using PluginMarket.Sources.Local;

namespace PluginMarket.Authoring;

/// <summary>The edits of one catalog entry with the rules that hold before anything is written.</summary>
internal static class EntryEdits
{
    /// <summary>Appends the entry, or changes the one there is where the request forces it.</summary>
    /// <exception cref="PluginMarketException">NameInvalid, PluginAlreadyExists, PluginNameAmbiguous.</exception>
    internal static JsonFile Add(MarketplaceCatalog catalog, CatalogEntryRequest request)
    {
        var name = DemandName(request.Name);
        var present = catalog.Entries.Where(entry => NameRules.FoldKey(entry.Name) == NameRules.FoldKey(name.Value)).ToList();
        return present switch
        {
            [] => CatalogEditor.Add(catalog, name, request.Change),
            [var only] when only.Name == name.Value && request.Force => CatalogEditor.Set(catalog, only, request.Change),
            [var only, ..] when only.Name != name.Value => throw new PluginMarketException(
                MarketErrorCode.PluginAlreadyExists,
                $"The catalog lists '{only.Name}' (line {only.Line}), which differs from '{name}' by letter case only; "
                    + $"the two are one on some systems. {Remedy.Do($"Choose another name.")}",
                name.Value),
            [var only] => throw new PluginMarketException(
                MarketErrorCode.PluginAlreadyExists,
                $"The catalog lists '{name}' already (line {only.Line}).{Remedy.Run(Operation.SetEntry, $"change that entry")}"
                    + $"{Remedy.Use(OperationOption.Force, $"replace it")}",
                name.Value),
            _ => throw Ambiguous(name.Value, present),
        };
    }

    /// <summary>Changes the entry of that name.</summary>
    /// <exception cref="PluginMarketException">PluginNotFound, PluginNameAmbiguous.</exception>
    internal static JsonFile Set(MarketplaceCatalog catalog, CatalogEntryRequest request) =>
        Demand(catalog, request.Name) switch
        {
            [var only] => CatalogEditor.Set(catalog, only, request.Change),
            var several => throw Ambiguous(request.Name, several),
        };

    /// <summary>The entries to be removed: one, or all of that name where the request forces it.</summary>
    /// <exception cref="PluginMarketException">PluginNotFound, PluginNameAmbiguous.</exception>
    internal static IReadOnlyList<MarketplaceEntry> DemandRemovable(MarketplaceCatalog catalog, CatalogEntryRequest request)
    {
        var entries = Demand(catalog, request.Name);
        return entries.Count == 1 || request.Force ? entries : throw Ambiguous(request.Name, entries);
    }

    /// <summary>A name that Codex takes and every system can have as a folder.</summary>
    /// <exception cref="PluginMarketException">NameInvalid.</exception>
    internal static PluginName DemandName(string text)
    {
        var name = PluginName.Parse(text);
        return NameRules.CheckPortability(name.Value) is { } finding
            ? throw new PluginMarketException(MarketErrorCode.NameInvalid,
                $"The plugin name '{name}' {finding}.{Remedy.Do($"Choose another name.")}", name.Value)
            : name;
    }

    /// <summary>The entry that was added or changed.</summary>
    internal static MarketplaceEntry Written(MarketplaceCatalog catalog, CatalogEntryRequest request) =>
        catalog.Named(DisplayText.Escape(request.Name))[^1];

    /// <summary>Rules out a written entry that could not be installed.</summary>
    /// <param name="environment">The disk.</param>
    /// <param name="catalog">The catalog as it is about to be written.</param>
    /// <param name="request">The request.</param>
    /// <param name="sourceChanged">Whether the entry's own folder is checked.</param>
    /// <exception cref="PluginMarketException">CatalogUnreadable, SourceInvalid, NameInvalid, SourceUnreachable, ManifestInvalid,
    /// ManifestNameMismatch, PathEscapesRoot.</exception>
    internal static void Check(MarketEnvironment environment, MarketplaceCatalog catalog, CatalogEntryRequest request, bool sourceChanged)
    {
        var entry = Written(catalog, request);
        if (request.Change.Source is { } written)
        {
            // The reader only says that the entry is skipped; the source itself says with which error.
            written.Read(new SourceContext(catalog.Root, catalog.IsRemote ? SourceOrigin.PublicCatalog : SourceOrigin.LocalCatalog)
            {
                AllowsBarePaths = MarketplaceCatalogReader.AllowsBarePaths(catalog.CatalogPath),
            });
        }

        if (entry.SkipReason is { } reason && !entry.IsHidden)
        {
            throw new PluginMarketException(MarketErrorCode.CatalogUnreadable,
                $"The entry '{entry.Name}' would not be usable: {reason} {Remedy.Do($"Choose a source that Codex accepts.")}", entry.Name)
            {
                File = catalog.CatalogPath,
                Line = entry.Line,
                Column = entry.Column,
            };
        }

        if (entry.InstallRefusal is { } finding && entry.InstallRefusalCode != MarketErrorCode.CatalogUnreadable)
        {
            throw new PluginMarketException(entry.InstallRefusalCode, $"The entry '{entry.Name}' would be listed but not installed: "
                + $"{finding} {Remedy.Do($"Choose a source that Codex can install.")}", entry.Name);
        }

        if (sourceChanged && !request.Force && entry.Source is LocalSource local)
        {
            CheckFolder(environment, catalog, entry, local);
        }
    }

    private static void CheckFolder(MarketEnvironment environment, MarketplaceCatalog catalog, MarketplaceEntry entry, LocalSource local)
    {
        var folder = local.FolderIn(catalog.Root);
        if (environment.Files.Kind(folder) == FileKind.Missing)
        {
            throw new PluginMarketException(MarketErrorCode.SourceUnreachable, $"The plugin's folder '{folder}' does not exist. {Remedy.Run(
                Operation.CreatePlugin, $"create it")}{Remedy.Use(OperationOption.Force, $"add the entry all the same")}", folder,
                new DirectoryNotFoundException());
        }

        var files = new LocalFetcher(environment).Open(local, new SourceContext(catalog.Root, SourceOrigin.LocalCatalog));
        var manifest = ManifestReader.Read(files.Tree, folder, files.DefaultName, entry.Fallback, environment.Limits).GetManifest();
        if (manifest.Name != entry.Name)
        {
            throw new PluginMarketException(MarketErrorCode.ManifestNameMismatch,
                $"{PluginAdmission.OtherName($"{entry.Name}@{catalog.Name}", manifest.Name)} "
                    + $"{Remedy.Do($"Use the name of the manifest for the entry.")}"
                    + $"{Remedy.Use(OperationOption.Force, $"write the entry all the same")}", entry.Name);
        }
    }

    private static IReadOnlyList<MarketplaceEntry> Demand(MarketplaceCatalog catalog, string name)
    {
        var shown = DisplayText.Escape(name);
        var entries = catalog.Named(shown);
        if (entries.Count > 0 && shown.Length > 0)
        {
            return entries;
        }

        var nearest = NearestName.Find(name, catalog.Entries.Select(entry => entry.Name).Where(other => other.Length > 0));
        throw new PluginMarketException(MarketErrorCode.PluginNotFound, $"The catalog '{catalog.CatalogPath}' has no entry '{shown}'. "
            + $"{Remedy.DidYouMean(nearest) ?? Remedy.Do($"Choose a name that the catalog lists.")}", shown);
    }

    private static PluginMarketException Ambiguous(string name, IReadOnlyList<MarketplaceEntry> entries) =>
        new(MarketErrorCode.PluginNameAmbiguous,
            $"The catalog lists '{name}' more than once ({string.Join(", ", entries.Select(entry => $"line {entry.Line}"))}). "
                + $"{Remedy.Run(Operation.RemoveEntry.With(OperationOption.Force), $"remove all of them")}", name);
}
