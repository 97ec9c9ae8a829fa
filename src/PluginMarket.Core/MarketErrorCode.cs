namespace PluginMarket;

/// <summary>Every failure by name. The name is the error id that scripts see; <c>docs/errors.md</c>
/// lists cause and remedy of each.</summary>
public enum MarketErrorCode
{
    /// <summary>No configured, personal or repository marketplace has that name.</summary>
    MarketplaceNotFound,
    /// <summary>The catalog has no such entry, or hides it from this product.</summary>
    PluginNotFound,
    /// <summary>The plugin is not installed in this home.</summary>
    PluginNotInstalled,
    /// <summary>The resolved source does not have the demanded version.</summary>
    VersionNotFound,
    /// <summary>The repository has no such branch, tag or commit.</summary>
    GitRefNotFound,
    /// <summary>The npm registry has no such package or version.</summary>
    NpmPackageNotFound,
    /// <summary>Another source is registered under that name, or the folder has a catalog already.</summary>
    MarketplaceAlreadyExists,
    /// <summary>The catalog lists a plugin of that name, or its folder contains something.</summary>
    PluginAlreadyExists,
    /// <summary>The catalog calls itself something else than demanded.</summary>
    MarketplaceNameMismatch,
    /// <summary>More than one entry or marketplace fits the plugin name.</summary>
    PluginNameAmbiguous,
    /// <summary>A name breaks the rules of names, or is unsafe on some system.</summary>
    NameInvalid,
    /// <summary>What came through the pipeline names no plugin.</summary>
    InputNotAPlugin,
    /// <summary>What came through the pipeline names no marketplace.</summary>
    InputNotAMarketplace,
    /// <summary>What came through the pipeline is not a result of a check.</summary>
    InputNotAResult,
    /// <summary>The object came from another home than the one demanded.</summary>
    HomeConflict,
    /// <summary>The source fits no known form.</summary>
    SourceInvalid,
    /// <summary>The name is reserved for the agent's own marketplaces, or looks like one that is.</summary>
    NameReserved,
    /// <summary>The catalog marks the plugin as NOT_AVAILABLE.</summary>
    PluginNotAvailable,
    /// <summary>The administrator's policy forbids it.</summary>
    PolicyDenied,
    /// <summary>A configuration layer above the user's defines it.</summary>
    ManagedByAdministrator,
    /// <summary>The catalog is missing, is not JSON, or breaks the format as a whole.</summary>
    CatalogUnreadable,
    /// <summary>A file of approvals is missing, is not strict JSON, or breaks its format.</summary>
    ApprovalFileUnreadable,
    /// <summary>config.toml is not valid TOML.</summary>
    ConfigInvalid,
    /// <summary>config.toml spells the table in a form that cannot be edited safely.</summary>
    ConfigFormUnsupported,
    /// <summary>The kind of source cannot be installed yet.</summary>
    SourceNotSupported,
    /// <summary>The plugin's manifest is missing or invalid.</summary>
    ManifestInvalid,
    /// <summary>The manifest's name is not the entry's.</summary>
    ManifestNameMismatch,
    /// <summary>What came from npm is not a package of that name, or is damaged.</summary>
    NpmPackageInvalid,
    /// <summary>A receipt or another record of ours cannot be read.</summary>
    StateCorrupt,
    /// <summary>A path leaves the folder it must stay in.</summary>
    PathEscapesRoot,
    /// <summary>The catalog is not registered and was not trusted.</summary>
    MarketplaceNotTrusted,
    /// <summary>Bytes differ from their recorded digest.</summary>
    IntegrityMismatch,
    /// <summary>The source is no longer what was reviewed.</summary>
    UpdateChangedSinceReview,
    /// <summary>The change brings a capability that nobody accepted.</summary>
    CapabilityNotAccepted,
    /// <summary>The fetched commit is not the pinned one.</summary>
    GitCommitMismatch,
    /// <summary>A URL carries user information.</summary>
    CredentialInUrl,
    /// <summary>Plain http needs an explicit switch.</summary>
    HttpNotAllowed,
    /// <summary>A public catalog names a host of this network.</summary>
    HostNotAllowed,
    /// <summary>The server redirects to another host.</summary>
    RedirectRefused,
    /// <summary>The object came from another computer.</summary>
    ForeignComputer,
    /// <summary>The policy file cannot be read.</summary>
    PolicyUnreadable,
    /// <summary>Everyone can write in a folder of the home.</summary>
    HomeWritableByOthers,
    /// <summary>The resolved bytes are not those of the lock file.</summary>
    LockFileMismatch,
    /// <summary>Nothing tells where the installed bytes came from.</summary>
    ProvenanceUnknown,
    /// <summary>The change would lower the version.</summary>
    DowngradeRefused,
    /// <summary>The change needs an answer, and nobody can be asked.</summary>
    ConfirmationRequired,
    /// <summary>The plugin is held.</summary>
    PluginHeld,
    /// <summary>The host, repository or folder cannot be reached.</summary>
    SourceUnreachable,
    /// <summary>The source was written to each time it was read.</summary>
    SourceChanged,
    /// <summary>The fetch took longer than allowed.</summary>
    GitTimeout,
    /// <summary>The server refused the credentials, or none were there.</summary>
    GitAuthenticationFailed,
    /// <summary>The SSH host key is not known, or changed.</summary>
    SshHostKeyUnknown,
    /// <summary>The server refused the SSH key.</summary>
    SshKeyRefused,
    /// <summary>The server's certificate is not trusted.</summary>
    TlsUntrusted,
    /// <summary>The organization demands single sign-on for the credential.</summary>
    SsoRequired,
    /// <summary>The git command failed in a way without its own id.</summary>
    GitFailed,
    /// <summary>No git command was found.</summary>
    GitNotFound,
    /// <summary>The npm registry refused the credentials, or none were there.</summary>
    NpmAuthenticationFailed,
    /// <summary>npm failed in a way without its own id.</summary>
    NpmFailed,
    /// <summary>No npm command was found.</summary>
    NpmNotFound,
    /// <summary>npm took longer than allowed.</summary>
    NpmTimeout,
    /// <summary>Another process holds the home's lock for too long.</summary>
    StateLocked,
    /// <summary>The plugin's files are in use.</summary>
    PluginInUse,
    /// <summary>A size, depth or count limit was passed.</summary>
    LimitExceeded,
    /// <summary>A check found what the caller said must not be there.</summary>
    ValidationFailed,
    /// <summary>The settings file of the checks cannot be used.</summary>
    SettingsInvalid,
    /// <summary>A desired state cannot be read.</summary>
    StateFileUnreadable,
    /// <summary>A desired state contradicts itself, or is too dangerous to apply.</summary>
    StateFileConflict,
    /// <summary>Applying the state would remove more than is allowed.</summary>
    RemovalLimitExceeded,
    /// <summary>An inventory cannot be read.</summary>
    InventoryUnreadable,
    /// <summary>A comparison found drift that the caller said must not be there.</summary>
    DriftFound,
    /// <summary>A check found nothing that it could check.</summary>
    NothingToCheck,
    /// <summary>The disk is full.</summary>
    DiskFull,
    /// <summary>The home cannot be written.</summary>
    HomeNotWritable,
    /// <summary>The home that was named does not exist, or is not a folder.</summary>
    HomeNotFound,
    /// <summary>PluginMarket itself is at fault: an exception that no code expected.</summary>
    InternalError,
    /// <summary>The server has no such repository, or hides it; or what answers there is not a git server.</summary>
    RepositoryNotFound,
    /// <summary>The policy says what a format cannot say.</summary>
    PolicyNotExpressible,
    /// <summary>An inventory could not be delivered to its address.</summary>
    ReportNotDelivered,
    /// <summary>The file exists, and the command was told not to overwrite one.</summary>
    FileAlreadyExists,
    /// <summary>The home belongs to another account, and this process cannot work there as that account.</summary>
    HomeNotOwned,
}
