using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket.Inventory;

/// <summary>Finds the Codex homes of this computer, and decides who may work in which.</summary>
/// <remarks>Root touches another account's home as that account: the kernel decides what a link may lead to, and what is made belongs to
/// the owner. Where that is not possible, nothing is done there.</remarks>
internal sealed class FindHomes(MarketEnvironment environment)
{
    private const string Folder = ".codex";

    private readonly IReadOnlyList<Account> _accounts = environment.Accounts.Read(environment.Files);

    /// <summary>The home of this call.</summary>
    internal PluginHome Own() => Describe(OwnAccount(), environment.CodexHome);

    /// <summary>The homes of all accounts, those that do not exist yet too.</summary>
    /// <param name="withServices">Whether accounts are meant that no person uses.</param>
    internal IEnumerable<PluginHome> All(bool withServices) => _accounts
        .Where(account => withServices || (!account.IsService && environment.Files.Kind(account.Folder) == FileKind.Directory))
        .DistinctBy(account => account.Folder, LocalPaths.Comparer)
        .Select(account => Describe(account, LocalPaths.Comparer.Equals(account.Folder, environment.HomePath)
            ? environment.CodexHome : Path.Join(account.Folder, Folder)));

    /// <summary>A home that was found before, as it is now.</summary>
    internal PluginHome Again(PluginHome home) =>
        Describe(_accounts.FirstOrDefault(one => LocalPaths.Comparer.Equals(one.Folder, home.HomePath)) ?? OwnAccount(), home.CodexHome);

    /// <summary>The outside world in a home that was found.</summary>
    /// <param name="call">The outside world as the call describes it.</param>
    /// <param name="home">The home, of which only its folders are believed.</param>
    /// <param name="changes">Whether the command changes it; then it has to be the caller's own, or the caller has to be root.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotOwned"/>,
    /// <see cref="MarketErrorCode.ForeignComputer"/></exception>
    internal MarketEnvironment Open(MarketEnvironment call, PluginHome home, bool changes)
    {
        if (!home.ComputerName.Equals(Origin.ComputerName, StringComparison.OrdinalIgnoreCase))
        {
            throw new PluginMarketException(MarketErrorCode.ForeignComputer, $"The home '{home.CodexHome}' is on the computer "
                + $"{home.ComputerName}. {Remedy.Do($"Run the command there.")}", home.CodexHome);
        }

        var isOwn = LocalPaths.Comparer.Equals(home.CodexHome, environment.CodexHome);
        var account = isOwn ? OwnAccount() : _accounts.FirstOrDefault(one => LocalPaths.Comparer.Equals(one.Folder, home.HomePath))
            ?? throw NotOwned(home.CodexHome, $"no account of this computer has the folder '{home.HomePath}'");
        if (changes)
        {
            DemandOwned(account, home.CodexHome, isOwn);
        }

        if (isOwn)
        {
            return call;
        }

        var files = call.Files.Apart();
        return call with
        {
            CodexHome = home.CodexHome,
            HomePath = home.HomePath,
            HomeChoice = new HomeChoice(HomeChoice.Parameter, home.CodexHome, MayBeCreated: changes),
            AccountName = DisplayText.Escape(account.Name),

            // What the caller's folder brings into view is the caller's.
            WorkingDirectory = null,
            Files = OperatingSystem.IsWindows() ? files : files.Guarding(home.HomePath),
        };
    }

    private Account OwnAccount()
    {
        uint? user = OperatingSystem.IsWindows() ? null : environment.Files.User;
        return _accounts.FirstOrDefault(one => one.Uid == user && LocalPaths.Comparer.Equals(one.Folder, environment.HomePath))
            ?? new Account(Origin.UserName, user, environment.HomePath, IsService: false);
    }

    private void DemandOwned(Account account, string codexHome, bool isOwn)
    {
        if (Refusal(account, codexHome, isOwn) is { } why)
        {
            throw NotOwned(codexHome, why);
        }
    }

    /// <summary>Why this process may not change a home; null where it may.</summary>
    private Message? Refusal(Account account, string codexHome, bool isOwn)
    {
        if (OperatingSystem.IsWindows())
        {
            return isOwn || LocalPaths.Comparer.Equals(account.Folder, environment.HomePath) ? null
                : (Message)$"changing the home of another account is not supported on Windows";
        }

        var files = environment.Files;
        var owner = OwnerOf(codexHome) ?? OwnerOf(account.Folder);
        if (owner is not { } uid)
        {
            return $"its owner is not known";
        }

        if (!isOwn && uid != account.Uid)
        {
            return $"it belongs to {NameOf(uid)}, not to {account.Name}";
        }

        if (uid == files.User || (isOwn && files.IsRoot))
        {
            return null;
        }

        return !files.IsRoot ? $"it belongs to {NameOf(uid)}, and this process runs as {NameOf(files.User)}"
            : !_accounts.Any(one => one.Uid == uid && one.IsListed) && UnixCalls.AccountName(uid) is null
                ? (Message)$"no account of this computer has the user id {uid}"
            : null;
    }

    private static PluginMarketException NotOwned(string codexHome, Message why) => new(MarketErrorCode.HomeNotOwned,
        $"Cannot change the home '{codexHome}': {why}. {Remedy.Do($"Run the command as the owner of the home, or as root.")}", codexHome)
    {
        File = codexHome,
    };

    private PluginHome Describe(Account account, string codexHome)
    {
        var isOwn = LocalPaths.Comparer.Equals(codexHome, environment.CodexHome);
        var home = new PluginHome
        {
            UserName = DisplayText.Escape(account.Name),
            Uid = account.Uid,
            HomePath = account.Folder,
            CodexHome = codexHome,
            ComputerName = Origin.ComputerName,
        };
        try
        {
            var kind = environment.Files.Kind(account.Folder) == FileKind.Missing ? FileKind.Missing : environment.Files.Kind(codexHome);
            if (kind is not (FileKind.Directory or FileKind.SymbolicLink))
            {
                return home with
                {
                    Exists = kind == FileKind.Missing ? false : null,
                    Problem = kind != FileKind.Missing ? "It is not a folder."
                        : environment.Files.Kind(account.Folder) == FileKind.Missing ? "The account has no folder."
                        : Shown(Refusal(account, codexHome, isOwn)),
                };
            }

            var owner = OwnerOf(codexHome);
            var opened = environment with
            {
                CodexHome = codexHome,
                HomePath = account.Folder,
                HomeChoice = HomeChoice.Default,
                Files = environment.Files.Apart(),
            };
            return home with
            {
                Exists = true,
                Owner = owner is { } uid ? DisplayText.Escape(NameOf(uid)) : null,
                Plugins = opened.Home.Cache.AllPlugins().Count,
                Problem = Shown(Refusal(account, codexHome, isOwn)),
            };
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return home with { Problem = DisplayText.Escape(unseen.Message) };
        }
    }

    private static string? Shown(Message? why) => why is null ? null : $"{char.ToUpperInvariant($"{why}"[0])}{$"{why}"[1..]}.";

    private string NameOf(uint uid) => _accounts.FirstOrDefault(account => account.Uid == uid)?.Name ?? UnixCalls.AccountName(uid)
        ?? $"the user id {uid}";

    private uint? OwnerOf(string path)
    {
        try
        {
            return OperatingSystem.IsWindows() || environment.Files.Kind(path) == FileKind.Missing ? null
                : environment.Files.Examine(environment.Files.RealPath(path)).Owner;
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
