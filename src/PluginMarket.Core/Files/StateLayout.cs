namespace PluginMarket.Files;

/// <summary>The folder <c>plugins/.pluginmarket</c> of a home: ours, outside the cache, on the same
/// volume. Nothing is touched here.</summary>
internal sealed class StateLayout
{
    /// <summary>The name of our folder in <c>plugins</c>.</summary>
    internal const string FolderName = ".pluginmarket";

    /// <summary>The layout of one home.</summary>
    /// <param name="codexHome">The agent's home, absolute.</param>
    public StateLayout(string codexHome)
    {
        ArgumentException.ThrowIfNullOrEmpty(codexHome);
        CodexHome = codexHome;
    }

    /// <summary>The agent's home.</summary>
    public string CodexHome { get; }

    /// <summary>The agent's folder of plugins.</summary>
    public string PluginsPath => Path.Join(CodexHome, "plugins");

    /// <summary>The folder of all cached plugins, <c>MARKETPLACE/PLUGIN/VERSION</c> below it.</summary>
    public string CachePath => Path.Join(PluginsPath, "cache");

    /// <summary>Our folder, mode 0700.</summary>
    public string StatePath => Path.Join(PluginsPath, FolderName);

    /// <summary>The home's lock file; never deleted.</summary>
    public string LockPath => Path.Join(StatePath, "lock");

    /// <summary>Work that is not finished, one folder each.</summary>
    public string StagingPath => Path.Join(StatePath, "staging");

    /// <summary>What was renamed away and is about to be deleted.</summary>
    public string TrashPath => Path.Join(StatePath, "trash");

    /// <summary>What is known of the installed plugins.</summary>
    public string ReceiptsPath => Path.Join(StatePath, "receipts");

    /// <summary>What was done here, one line of JSON each; only ever appended to.</summary>
    public string HistoryPath => Path.Join(StatePath, "history");

    /// <summary>Versions that were replaced and can be brought back, outside the cache so that Codex
    /// never takes one for installed.</summary>
    public string KeptPath => Path.Join(StatePath, "kept");

    /// <summary>Plugins that are held at their version, one file each.</summary>
    public string HoldsPath => Path.Join(StatePath, "holds");

    /// <summary>Which desired state was applied last.</summary>
    public string AppliedStatePath => Path.Join(StatePath, "state.json");

    /// <summary>Replacements under way where two folders cannot be exchanged in one step.</summary>
    public string JournalPath => Path.Join(StatePath, "journal");

    /// <summary>A file right in the home, by its name.</summary>
    internal string FileInHome(string name) => Path.Join(CodexHome, name);

    /// <summary>Folders of Codex that a user may keep elsewhere, by a link.</summary>
    internal IEnumerable<string> AgentFolders =>
        [PluginsPath, CachePath, Path.Join(CodexHome, ".tmp"), Path.Join(CodexHome, ".tmp", "marketplaces")];

    /// <summary>Our folder and the folders in it, none of which may be a link.</summary>
    internal IEnumerable<string> OwnFolders =>
        [StatePath, StagingPath, TrashPath, ReceiptsPath, KeptPath, HoldsPath, JournalPath, MarketplaceNotesPath];

    /// <summary>Notes of marketplaces whose snapshot and table are being changed together, one empty file each.</summary>
    public string MarketplaceNotesPath => Path.Join(StatePath, "marketplaces");
}
