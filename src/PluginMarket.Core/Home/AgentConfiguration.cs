using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Toml;

namespace PluginMarket.Home;

/// <summary>The only writer of the user's config.toml: the tables <c>[marketplaces.NAME]</c> and <c>[plugins."ID"]</c> and nothing else
/// (decision D-toml-splice, threat E1 to E12).</summary>
/// <remarks>Each call reads, splices, compares, swaps and confirms by itself; repeating one is harmless, and one that changes nothing
/// writes nothing. The caller holds the home's lock.</remarks>
internal sealed class AgentConfiguration
{
    private const string MarketplacesTable = "marketplaces";
    private const string PluginsTable = "plugins";
    private const string AutoUpdateKey = "auto_update";
    private const int Tries = 50;
    private const int PauseMilliseconds = 20;

    private static readonly string[] MarketplaceKeys = ["source_type", "source", "ref", "sparse_paths", AutoUpdateKey];

    private readonly MarketEnvironment _environment;
    private readonly AgentHome _home;

    private AgentConfiguration(MarketEnvironment environment)
    {
        _environment = environment;
        _home = AgentHome.Open(environment);
    }

    /// <summary>The copy of config.toml as it was before a command of ours changed it, readable by its owner alone; where another program
    /// changes the file in the meantime, as it was after that.</summary>
    public string BackupPath => _home.ConfigPath + ".pluginmarket.bak";

    /// <summary>The configuration of an environment's home; nothing is touched.</summary>
    public static AgentConfiguration Open(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return new AgentConfiguration(environment);
    }

    /// <summary>Registers a marketplace, or changes the registered one: its other keys stay.</summary>
    /// <param name="name">The marketplace.</param>
    /// <param name="sourceType"><c>git</c> or <c>local</c>.</param>
    /// <param name="source">The normalised URL, without user information, or the canonical path.</param>
    /// <param name="gitRef">The ref, or null for none; an existing one is then removed.</param>
    /// <param name="sparsePaths">The sparse paths, or null or empty for none; existing ones are then removed.</param>
    /// <returns>Whether the file changed.</returns>
    /// <exception cref="PluginMarketException">See <see cref="SetPluginEnabled"/>.</exception>
    public bool SetMarketplace(MarketplaceName name, string sourceType, string source, string? gitRef, IReadOnlyList<string>? sparsePaths)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(sourceType);
        ArgumentNullException.ThrowIfNull(source);
        return Change(file => MarketplaceIn(file, name, sourceType, source, gitRef, sparsePaths));
    }

    /// <summary>Sets <c>auto_update</c> of a registered marketplace.</summary>
    /// <returns>Whether the file changed.</returns>
    /// <exception cref="PluginMarketException">See <see cref="SetPluginEnabled"/>.</exception>
    public bool SetAutoUpdate(MarketplaceName name, bool value)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Change(file => file.SetTable([MarketplacesTable, name.Value], [new(AutoUpdateKey, value)]));
    }

    /// <summary>Takes away what a marketplace's table has besides the keys that Codex writes, as Codex does when
    /// the same source is added again.</summary>
    /// <returns>Whether the file changed.</returns>
    /// <exception cref="PluginMarketException">See <see cref="SetPluginEnabled"/>.</exception>
    public bool DropOtherKeys(MarketplaceName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        IReadOnlyList<string> table = [MarketplacesTable, name.Value];
        return Change(file => OtherKeys(file, table) is { Count: > 0 } keys
            ? keys.Where(key => file.Find([.. table, key]) is TomlTable).Aggregate(
                file.SetTable(table, [.. keys.Where(key => file.Find([.. table, key]) is not TomlTable)
                    .Select(key => new KeyValuePair<string, object?>(key, null))]),
                (edited, key) => edited.RemoveTable([.. table, key]))
            : file);
    }

    /// <summary>Whether the user's file has keys that <see cref="DropOtherKeys"/> takes away.</summary>
    internal bool HasOtherKeys(MarketplaceName name) =>
        ConfigurationFile.Read(_environment, _home.ConfigPath) is { } file && OtherKeys(file, [MarketplacesTable, name.Value]).Count > 0;

    private static IReadOnlyList<string> OtherKeys(TomlFile file, IReadOnlyList<string> table) =>
        [.. (file.Find(table) as TomlTable)?.Keys.Where(key => !MarketplaceKeys.Contains(key)) ?? []];

    /// <summary>Fails where <see cref="SetMarketplace"/> would for what the file says or allows, and touches nothing: asked
    /// before anything else is changed.</summary>
    internal void DemandMarketplaceSettable(MarketplaceName name, MarketplaceSource source) =>
        DemandSettable(file => MarketplaceIn(file, name, source.SourceType, source.SourceText, (source as GitMarketplaceSource)?.Ref,
            (source as GitMarketplaceSource)?.SparsePaths));

    /// <summary>Removes a marketplace's table with its sub-tables.</summary>
    /// <returns>Whether the file changed.</returns>
    /// <exception cref="PluginMarketException">See <see cref="SetPluginEnabled"/>.</exception>
    public bool RemoveMarketplace(MarketplaceName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Change(file => file.RemoveTable([MarketplacesTable, name.Value]));
    }

    /// <summary>Enables or disables a plugin; a missing table is made.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="enabled">The state wanted.</param>
    /// <returns>Whether the file changed.</returns>
    /// <exception cref="PluginMarketException">
    /// <see cref="MarketErrorCode.ConfigInvalid"/>, <see cref="MarketErrorCode.ConfigFormUnsupported"/>,
    /// <see cref="MarketErrorCode.HomeNotWritable"/>, <see cref="MarketErrorCode.DiskFull"/>, or <see cref="MarketErrorCode.StateLocked"/>
    /// where another program changes the file faster than we can. Unless it is the last, the file is as it was.
    /// </exception>
    public bool SetPluginEnabled(PluginId id, bool enabled)
    {
        ArgumentNullException.ThrowIfNull(id);
        return SetPluginsEnabled([(id, enabled)]);
    }

    /// <summary>Enables or disables several plugins in one change; a missing table is made.</summary>
    /// <param name="wanted">The plugins, and whether each is to be on.</param>
    /// <returns>Whether the file changed.</returns>
    /// <exception cref="PluginMarketException">See <see cref="SetPluginEnabled"/>.</exception>
    internal bool SetPluginsEnabled(IReadOnlyList<(PluginId Id, bool On)> wanted) =>
        wanted.Count > 0 && Change(file => wanted.Aggregate(file, (edited, one) => EnabledIn(edited, one.Id, one.On)));

    /// <summary>Fails where <see cref="SetPluginEnabled"/> would for what the file says or allows, and touches nothing: asked
    /// before anything else is changed.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="enabled">The state wanted.</param>
    /// <exception cref="PluginMarketException">See <see cref="SetPluginEnabled"/>.</exception>
    public void DemandPluginSettable(PluginId id, bool enabled)
    {
        ArgumentNullException.ThrowIfNull(id);
        DemandSettable(file => EnabledIn(file, id, enabled));
    }

    /// <summary>Removes a plugin's table with its sub-tables.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="undo">Brings it back: the file as it was, or where another program has changed it since, whether the plugin is
    /// on.</param>
    /// <returns>Whether the file changed.</returns>
    /// <exception cref="PluginMarketException">See <see cref="SetPluginEnabled"/>.</exception>
    public bool RemovePlugin(PluginId id, out Action undo)
    {
        ArgumentNullException.ThrowIfNull(id);
        string[] table = [PluginsTable, id.ToString()];
        TomlFile? before = null;
        TomlFile? after = null;

        // Known before the change, which may be there although it failed: a folder that cannot be saved fails after the rename.
        undo = () => Change(file => after is null ? file : file.Bytes.Span.SequenceEqual(after.Bytes.Span) ? before!
            : file.Find(table) is null && (before!.Find(table) as TomlTable)?.Flag("enabled") is { } on ? EnabledIn(file, id, on) : file);
        return Change(file =>
        {
            var edited = file.RemoveTable(table);
            if (!ReferenceEquals(edited, file))
            {
                (before, after) = (file, edited);
            }

            return edited;
        });
    }

    private void DemandSettable(Func<TomlFile, TomlFile> edit)
    {
        var target = ConfigurationFile.Target(_environment.Files, _home.ConfigPath);
        var before = ConfigurationFile.ReadBytes(_environment, target);
        var file = _environment.Home.Configuration.Parse(_home.ConfigPath, before ?? [], _environment.Limits);
        if (before is not null && !ReferenceEquals(edit(file), file))
        {
            DemandOwn(_environment.Files, target);
        }
    }

    private static TomlFile MarketplaceIn(TomlFile file, MarketplaceName name, string sourceType, string source, string? gitRef,
        IReadOnlyList<string>? sparsePaths) => file.SetTable(
            [MarketplacesTable, name.Value],
            [
                new("source_type", sourceType),
                new("source", source),
                new("ref", gitRef),
                new("sparse_paths", sparsePaths is { Count: > 0 } ? sparsePaths : null),
            ]);

    private static TomlFile EnabledIn(TomlFile file, PluginId id, bool enabled) =>
        file.SetTable([PluginsTable, id.ToString()], [new("enabled", enabled)]);

    /// <summary>Compare and swap: the edit is made again wherever another program wrote in between.</summary>
    private bool Change(Func<TomlFile, TomlFile> edit)
    {
        var (saved, written) = (false, false);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var target = ConfigurationFile.Target(_environment.Files, _home.ConfigPath);
            var before = ConfigurationFile.ReadBytes(_environment, target);
            var file = _environment.Home.Configuration.Parse(_home.ConfigPath, before ?? [], _environment.Limits);
            var edited = edit(file);

            // After a write this look confirms that our change is there: a writer that read before us may have undone it.
            if (ReferenceEquals(edited, file))
            {
                return written;
            }

            if (before is not null)
            {
                DemandOwn(_environment.Files, target);
            }

            // The copy of the old file comes when the new one is on the disk already: where there is no room for both, neither changes.
            // Saving takes as long as all the rest: the look that counts comes after it.
            void Save()
            {
                if (!saved && before is not null && !ReferenceEquals(file, _environment.Home.Configuration.Written))
                {
                    AtomicFile.Write(_environment.Files, BackupPath, before, FileOps.PrivateFile);
                    saved = true;
                }
            }

            if (Write(target, before, edited.Bytes.Span, Save))
            {
                written = true;
                _environment.Home.Configuration.Keep(edited);
                _environment.Log.Detail($"Wrote '{_home.ConfigPath}'.");
            }
            else
            {
                Thread.Sleep(Random.Shared.Next(1, PauseMilliseconds));
            }
        }

        throw new PluginMarketException(
            MarketErrorCode.StateLocked,
            $"'{_home.ConfigPath}' keeps changing.{Remedy.Do($"Close the program that changes it, then run the command again.")}",
            _home.ConfigPath)
        {
            File = _home.ConfigPath,
        };
    }

    private bool Write(string target, byte[]? before, ReadOnlySpan<byte> after, Action save)
    {
        var files = _environment.Files;
        _home.EnsureExists();
        try
        {
            return AtomicFile.Write(files, target, after, before is null ? FileOps.PrivateFile : null, () =>
            {
                save();
                return IsUnchanged(target, before);
            });
        }
        catch (DirectoryNotFoundException error)
        {
            throw ConfigurationFile.Unwritable(_home.ConfigPath, $"points to '{target}', whose folder does not exist", error);
        }
    }

    private bool IsUnchanged(string target, byte[]? before)
    {
        // The bytes last: between this look and the rename nothing else is done.
        return ConfigurationFile.Target(_environment.Files, _home.ConfigPath) == target
            && (ConfigurationFile.ReadBytes(_environment, target) is { } now
                ? before is not null && now.AsSpan().SequenceEqual(before) : before is null);
    }

    /// <summary>A file that is replaced gets a new owner unless we are its owner or root, and one that
    /// is read-only is so on purpose.</summary>
    private static void DemandOwn(FileOps files, string target)
    {
        var facts = files.Examine(target);
        if ((facts.Mode & UnixFileMode.UserWrite) == 0)
        {
            throw ConfigurationFile.Unwritable(target, "is read-only");
        }

        if (!OperatingSystem.IsWindows() && !files.IsRoot && facts.Kind == FileKind.File && facts.Owner != files.User)
        {
            throw ConfigurationFile.Unwritable(target, "belongs to another user");
        }
    }
}
