using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Policies;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket;

/// <summary>The outside world in one object: whose home, which clock, which disk, which process environment.</summary>
/// <remarks>Never built from the current folder: a repository cannot redirect the home (CVE-2025-61260).</remarks>
internal sealed record MarketEnvironment
{
    private readonly FileOps _files = FileOps.Default;

    // A copy of this record brings the home of its model along, which is then made again.
    private OpenHome? _home;

    /// <summary>The agent's home, absolute: <c>CODEX_HOME</c>, else <c>~/.codex</c>.</summary>
    public required string CodexHome { get; init; }

    /// <summary>Who named that home, and whether it may be created; checked where the home is opened.</summary>
    public HomeChoice HomeChoice { get; init; } = HomeChoice.Default;

    /// <summary>The folder whose <c>.agents/plugins</c> is the personal catalog, absolute.</summary>
    public required string HomePath { get; init; }

    /// <summary>The caller's location, absolute, or null when there is none; names the repository
    /// catalog and project configuration, and the folder that a relative local source in the configuration starts from.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Whether the catalog of the caller's repository is out of view, as it is for the command line of Codex; a trusted project's
    /// configuration counts all the same.</summary>
    public bool IgnoresRepositoryCatalog { get; init; }

    /// <summary>Whether marketplaces that Codex's own restriction rules out are out of view, as they are for the command line of
    /// Codex.</summary>
    public bool IgnoresRestrictedMarketplaces { get; init; }

    /// <summary>The folder of the system and managed configuration files.</summary>
    public string SystemConfigurationFolder { get; init; } = DefaultSystemConfigurationFolder;

    /// <summary>Where the accounts of this computer are listed.</summary>
    internal AccountSource Accounts { get; init; } = AccountSource.Default;

    /// <summary>The account whose home this is, where a command works in homes of several accounts; null for whoever runs it.</summary>
    internal string? AccountName { get; init; }

    /// <summary>The account that objects of this home name.</summary>
    internal string UserName => AccountName ?? Identity.Origin.UserName;

    /// <summary>Where the policy of this computer is; no parameter and no variable changes it.</summary>
    internal MachinePolicy MachinePolicy { get; init; } = MachinePolicy.Default;

    /// <summary>The policies that a command names in addition; they can only forbid more.</summary>
    internal IReadOnlyList<string> PolicyPaths { get; init; } = [];

    /// <summary>The options of a command that every question to the policies tells of, beside those that a request has.</summary>
    internal IReadOnlyList<string> GivenOptions { get; init; } = [];

    /// <summary>The policy that a desired state names.</summary>
    internal IReadOnlyList<string> StatePolicies { get; init; } = [];

    /// <summary>The catalogs that a session remembers; null for a command that reads them for itself.</summary>
    internal Marketplaces.CatalogMemory? Catalogs { get; init; }

    /// <summary>What this home fetches together with others; null where it is alone.</summary>
    internal SharedSources? Shared { get; init; }

    /// <summary>The account that programs run under; null for that of this process.</summary>
    internal ProgramAccount? Programs { get; init; }

    /// <summary>Every disk call of the core goes through this; what is in the home is reached through the home's own folders.</summary>
    public FileOps Files
    {
        get => _files.Guarding(CodexHome);
        init => _files = value;
    }

    /// <summary>The home, and all that is below it.</summary>
    internal OpenHome Home => _home is { } home && ReferenceEquals(home.Environment, this) ? home : _home = new OpenHome(this);

    /// <summary>The outside world of the programs that are started for the home: where root works in the home of another account, its
    /// owner's.</summary>
    internal MarketEnvironment ForPrograms() => Programs is null && Home.Programs is { } account
        ? this with { Programs = account, Variables = account.VariablesFrom(Variables), Files = Files.ActingAs(account.Owner) } : this;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where messages go.</summary>
    public IActivityLog Log { get; init; } = SilentActivityLog.Instance;

    /// <summary>Caps on what is read and written.</summary>
    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>The process environment as it was when this object was made.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    private static string DefaultSystemConfigurationFolder =>
        OperatingSystem.IsWindows()
            ? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "OpenAI", "Codex") : "/etc/codex";

    /// <summary>Reads the process environment once.</summary>
    /// <param name="codexHome">An explicit home, or null for <c>CODEX_HOME</c>, else <c>~/.codex</c>. A relative one counts from
    /// <paramref name="workingDirectory"/>.</param>
    /// <param name="homePath">An explicit personal home, or null for the user's; the agent's home has no say in it.</param>
    /// <param name="workingDirectory">The caller's location, absolute.</param>
    /// <param name="log">Where messages go.</param>
    /// <param name="createsHome">Whether the command installs something, and so may create a home that is named and missing.</param>
    /// <exception cref="PluginMarketException">HomeNotFound: a relative home is named, and the caller's location is not a
    /// folder.</exception>
    public static MarketEnvironment FromProcess(string? codexHome, string? homePath, string? workingDirectory, IActivityLog log,
        bool createsHome = false)
    {
        var variables = new Dictionary<string, string>(
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return Of(codexHome, homePath, workingDirectory, variables, createsHome) with { Log = log };
    }

    /// <summary>Which home the parameters and variables of a call name.</summary>
    internal static MarketEnvironment Of(string? codexHome, string? homePath, string? workingDirectory,
        IReadOnlyDictionary<string, string> variables, bool createsHome)
    {
        var profile = Absolute(variables, "HOME") ?? Absolute(variables, "USERPROFILE")
            ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var choice = HomeChoice.Of(codexHome, variables.GetValueOrDefault(HomeChoice.Variable), createsHome);
        return new MarketEnvironment
        {
            CodexHome = choice.Written is { } written ? Resolve(written, workingDirectory)
                ?? throw choice.Unusable(null, "is relative, and the current location is not a folder") : Path.Join(profile, ".codex"),
            HomeChoice = choice,
            HomePath = string.IsNullOrEmpty(homePath) ? profile : Resolve(homePath, workingDirectory) ?? profile,
            WorkingDirectory = workingDirectory,
            Variables = variables,
        };
    }

    private static string? Resolve(string path, string? workingDirectory) =>
        Path.IsPathFullyQualified(path) || workingDirectory is not null
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, workingDirectory ?? path)) : null;

    private static string? Absolute(IReadOnlyDictionary<string, string> variables, string name) =>
        variables.TryGetValue(name, out var value) && Path.IsPathFullyQualified(value) ? value : null;
}
