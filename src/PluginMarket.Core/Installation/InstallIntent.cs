using PluginMarket.Identity;

namespace PluginMarket.Installation;

/// <summary>What a request is for; each kind has the settings that mean something to it, and no others.</summary>
internal abstract record InstallIntent
{
    private InstallIntent()
    {
    }

    /// <summary>Installs what the catalogs offer.</summary>
    public sealed record Install : InstallIntent
    {
        /// <summary>Whether to install, besides, what the catalogs of registered marketplaces mark as
        /// <c>INSTALLED_BY_DEFAULT</c>.</summary>
        public bool Default { get; init; }

        /// <summary>The branch, tag or full commit to take instead of the entry's; git sources only.</summary>
        public string? Ref { get; init; }

        /// <summary>The full commit to take instead of the entry's; git sources only.</summary>
        public string? Sha { get; init; }

        /// <summary>The manifest version the source must have, or null for any.</summary>
        public PluginVersion? Version { get; init; }

        /// <summary>The versions the source may have, or null for any.</summary>
        public VersionRange? Range { get; init; }

        /// <summary>Whether the files are only read, so that it does not matter who decides about the plugin in this home.</summary>
        public bool OnlyReads { get; init; }

        /// <summary>Whether an installed plugin whose bytes differ from its source's is replaced, within what is accepted.</summary>
        public bool Replace { get; init; }

        /// <summary>Whether to replace, and to write again what is recorded and how the files are laid out.</summary>
        public bool Reinstall { get; init; }

        /// <summary>The cache folder of local plugins; null for the environment's <c>PLUGINMARKET_CACHE_VERSION</c>, else
        /// <see cref="CacheVersionRule.Local"/>.</summary>
        public CacheVersionRule? CacheVersion { get; init; }

        /// <summary>Whether the plugins are on afterwards.</summary>
        public Activation Activation { get; init; } = Activation.OnWhereNamed;
    }

    /// <summary>Replaces what is installed with what its source has now; on or off, and laid out, as it is.</summary>
    public sealed record Update : InstallIntent
    {
        /// <summary>Whether the snapshots of the plugins' marketplaces were brought up to date before; else
        /// the results say of when they are.</summary>
        public bool IsRefreshed { get; init; }
    }

    /// <summary>Installs the plugins of a lock file in exactly the bytes that it names.</summary>
    public sealed record RestoreLock : InstallIntent
    {
        /// <summary>The plugins wanted.</summary>
        public required IReadOnlyList<PluginLockEntry> Entries { get; init; }

        /// <summary>Whether the lock alone decides: no catalog is asked whether it still lists the plugins,
        /// and none has to be registered.</summary>
        public bool Frozen { get; init; }

        /// <summary>Whether what is not installed is refused instead of being installed.</summary>
        public bool OnlyInstalled { get; init; }

        /// <summary>Whether what is recorded is written again where the bytes are right already.</summary>
        public bool Reinstall { get; init; }

        /// <summary>Whether the plugins are on afterwards.</summary>
        public Activation Activation { get; init; } = Activation.Keep;
    }

    /// <summary>Puts recorded bytes back in place of others.</summary>
    internal sealed record Repair(PinnedPlugin Pinned) : InstallIntent
    {
        /// <summary>Whether files were found that are not as they were recorded; else it is only the record that is wrong.</summary>
        internal bool FilesDiffer { get; init; } = true;

        /// <summary>Whether all that is wrong is what does not belong there, so that nothing is brought in.</summary>
        internal bool OnlyRemoves { get; init; }
    }

    /// <summary>The name of the action in results and in the history.</summary>
    internal string ActionName => this switch
    {
        Update => "Update",
        Repair => "Repair",
        _ => "Install",
    };

    /// <summary>What is asked for of the plugins' state.</summary>
    internal Activation Wanted => this switch
    {
        Install install => install.Activation,
        RestoreLock restore => restore.Activation,
        _ => Activation.Keep,
    };

    /// <summary>Whether an installed plugin whose bytes differ may be replaced at all.</summary>
    internal bool MayReplace =>
        this is not Install install || install.Replace || install.Reinstall || install.Ref is not null || install.Sha is not null;

    /// <summary>Whether what is right already is recorded and laid out again.</summary>
    internal bool IsReinstall => this is Install { Reinstall: true } or RestoreLock { Reinstall: true } or Repair;
}

/// <summary>Whether plugins are on once they are in place.</summary>
internal enum Activation
{
    /// <summary>What is installed stays on or off; what is new comes on.</summary>
    Keep,

    /// <summary>What somebody names is on, as <c>codex plugin add</c> does it; what a pattern or a listing chose, or what is
    /// installed again, stays as it is.</summary>
    OnWhereNamed,

    /// <summary>On.</summary>
    On,

    /// <summary>Off.</summary>
    Off,
}
