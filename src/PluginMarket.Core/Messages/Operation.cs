namespace PluginMarket.Messages;

/// <summary>What a person can have done, and what it is called in each face: the one table of it. An instance
/// can carry arguments and options.</summary>
internal sealed class Operation : IWording
{
    private readonly string _cmdlet;
    private readonly string? _verb;
    private readonly IReadOnlyList<string> _arguments;
    private readonly IReadOnlyList<OperationOption> _options;

    private Operation(string cmdlet, string? verb)
        : this(cmdlet, verb, [], [])
    {
    }

    private Operation(string cmdlet, string? verb, IReadOnlyList<string> arguments, IReadOnlyList<OperationOption> options) =>
        (_cmdlet, _verb, _arguments, _options) = (cmdlet, verb, arguments, options);

    /// <summary>Register a marketplace.</summary>
    public static Operation AddMarketplace { get; } = new("Add-PluginMarketplace", "marketplace add");

    /// <summary>Approve the reviewed version of plugins.</summary>
    public static Operation ApprovePlugin { get; } = new("Approve-Plugin", null);

    /// <summary>Check the prerequisites.</summary>
    public static Operation CheckEnvironment { get; } = new("Test-PluginEnvironment", null);

    /// <summary>Make the inventory of a home.</summary>
    public static Operation CollectInventory { get; } = new("Get-PluginInventory", "inventory");

    /// <summary>Compare installed plugins with their records.</summary>
    public static Operation CheckIntegrity { get; } = new("Test-PluginIntegrity", "verify");

    /// <summary>Check a plugin.</summary>
    public static Operation CheckManifest { get; } = new("Test-PluginManifest", "validate");

    /// <summary>Check a marketplace.</summary>
    public static Operation CheckMarketplace { get; } = new("Test-PluginMarketplace", "validate");

    /// <summary>Remove kept versions and leftovers.</summary>
    public static Operation ClearCache { get; } = new("Clear-PluginCache", null);

    /// <summary>Create a plugin.</summary>
    public static Operation CreatePlugin { get; } = new("New-Plugin", null);

    /// <summary>Turn a plugin on.</summary>
    public static Operation EnablePlugin { get; } = new("Enable-Plugin", "enable");

    /// <summary>Write a lock file.</summary>
    public static Operation ExportLockFile { get; } = new("Export-PluginLockFile", "lock");

    /// <summary>Copy a marketplace with its plugins into a folder.</summary>
    public static Operation ExportMarketplace { get; } = new("Export-PluginMarketplace", null);

    /// <summary>List the plugins of the marketplaces.</summary>
    public static Operation FindPlugin { get; } = new("Find-Plugin", "list");

    /// <summary>Install a plugin.</summary>
    public static Operation InstallPlugin { get; } = new("Install-Plugin", "add");

    /// <summary>List what was done in a home.</summary>
    public static Operation ListHistory { get; } = new("Get-PluginHistory", "history");

    /// <summary>List what is installed.</summary>
    public static Operation ListInstalled { get; } = new("Get-InstalledPlugin", "inventory");

    /// <summary>List the plugins of a lock file.</summary>
    public static Operation ListLockFile { get; } = new("Get-PluginLockFile", null);

    /// <summary>List the marketplaces.</summary>
    public static Operation ListMarketplaces { get; } = new("Get-PluginMarketplace", "marketplace list");

    /// <summary>List the rules of the checks.</summary>
    public static Operation ListRules { get; } = new("Get-PluginManifestRule", null);

    /// <summary>Show what an update would bring.</summary>
    public static Operation ListUpdates { get; } = new("Get-PluginUpdate", "outdated");

    /// <summary>Remove an entry from a catalog.</summary>
    public static Operation RemoveEntry { get; } = new("Remove-PluginMarketplaceEntry", null);

    /// <summary>Remove a marketplace.</summary>
    public static Operation RemoveMarketplace { get; } = new("Remove-PluginMarketplace", "marketplace remove");

    /// <summary>Put a plugin back to its recorded bytes.</summary>
    public static Operation RepairPlugin { get; } = new("Repair-Plugin", "repair");

    /// <summary>Release a held plugin.</summary>
    public static Operation ResumeUpdate { get; } = new("Resume-PluginUpdate", "release");

    /// <summary>Put the files of a plugin into a folder for review.</summary>
    public static Operation SavePlugin { get; } = new("Save-Plugin", "save");

    /// <summary>Change an entry of a catalog.</summary>
    public static Operation SetEntry { get; } = new("Set-PluginMarketplaceEntry", null);

    /// <summary>Change the source or ref of a marketplace.</summary>
    public static Operation SetMarketplace { get; } = new("Set-PluginMarketplace", "marketplace set");

    /// <summary>Apply a desired state.</summary>
    public static Operation Sync { get; } = new("Sync-Plugin", "apply");

    /// <summary>Uninstall a plugin.</summary>
    public static Operation UninstallPlugin { get; } = new("Uninstall-Plugin", "remove");

    /// <summary>Update a marketplace.</summary>
    public static Operation UpdateMarketplace { get; } = new("Update-PluginMarketplace", "marketplace upgrade");

    /// <summary>Update a plugin.</summary>
    public static Operation UpdatePlugin { get; } = new("Update-Plugin", "update");

    /// <summary>Every row of the table.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        AddMarketplace, ApprovePlugin, CheckEnvironment, CheckIntegrity, CheckManifest, CheckMarketplace, ClearCache, CollectInventory,
        CreatePlugin,
        EnablePlugin, ExportLockFile,
        ExportMarketplace, FindPlugin, InstallPlugin, ListHistory, ListInstalled, ListLockFile, ListMarketplaces, ListRules,
        ListUpdates, RemoveEntry, RemoveMarketplace, RepairPlugin, ResumeUpdate, SavePlugin, SetEntry,
        SetMarketplace, Sync, UninstallPlugin, UpdateMarketplace, UpdatePlugin,
    ];

    /// <summary>The operation on something.</summary>
    /// <param name="argument">Its argument.</param>
    public Operation On(string argument) => new(_cmdlet, _verb, [.. _arguments, argument], _options);

    /// <summary>The operation with an option.</summary>
    /// <param name="option">The option.</param>
    public Operation With(OperationOption option) => new(_cmdlet, _verb, _arguments, [.. _options, option]);

    /// <summary>What a face calls it, without arguments and options; null where it does not have it.</summary>
    public string? NameIn(Face face) => face switch
    {
        Face.PowerShell => _cmdlet,
        Face.CommandLine => _verb,
        _ => throw new InvalidOperationException($"There is no face {face}."),
    };

    /// <summary>Whether the face has it, with its options.</summary>
    public bool IsIn(Face face) => NameIn(face) is not null && _options.All(option => option.IsIn(face));

    /// <summary>What to type; where the face does not have it, what has it.</summary>
    public string In(Face face)
    {
        if (!IsIn(face))
        {
            return "the PluginMarket module for PowerShell";
        }

        var typed = string.Join(' ',
            [NameIn(face)!, .. _arguments.Select(argument => Quoting.For(face, argument)), .. _options.Select(option => option.In(face))]);
        return face == Face.PowerShell ? typed : $"`pluginmarket {typed}`";
    }

    /// <summary>What to type in PowerShell.</summary>
    public override string ToString() => In(Face.PowerShell);
}
