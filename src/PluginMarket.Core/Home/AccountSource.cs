using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32;
using PluginMarket.Files;

namespace PluginMarket.Home;

/// <summary>Where the accounts of this computer are listed: the system's user database, and the folder with one folder for
/// each.</summary>
/// <param name="Database">The user database as lines of <c>passwd</c>; null where there is none.</param>
/// <param name="Folders">The folder that has one folder for each account; null where there is none.</param>
/// <param name="FirstPerson">The number from which on accounts are those of people.</param>
internal sealed record AccountSource(string? Database, string? Folders, uint FirstPerson)
{
    private const uint Nobody = 65534;
    private const long LongestDatabase = 16 << 20;
    private const string ProfileList = @"SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList";

    private static readonly string[] NoShells = ["nologin", "false", "sync", "halt", "shutdown"];

    /// <summary>Those of this system.</summary>
    internal static AccountSource Default { get; } = OperatingSystem.IsWindows() ? new AccountSource(null, null, 0)
        : OperatingSystem.IsMacOS() ? new AccountSource("/etc/passwd", "/Users", 501) : new AccountSource("/etc/passwd", "/home", 1000);

    /// <summary>The accounts by their names; a folder without an account is named after its owner, or else after itself.</summary>
    internal IReadOnlyList<Account> Read(FileOps files)
    {
        var accounts = OperatingSystem.IsWindows() ? Profiles() : Entries(files);
        foreach (var folder in FoldersIn(files).Where(folder => !accounts.Exists(account => account.Folder == folder)))
        {
            var owner = files.Examine(folder).Owner;
            var name = accounts.Find(account => account.Uid == owner)?.Name ?? UnixCalls.AccountName(owner) ?? Path.GetFileName(folder);
            accounts.Add(new Account(name, owner, folder, IsService: false)
            {
                IsListed = false,
            });
        }

        return [.. accounts.OrderBy(account => account.Name, StringComparer.Ordinal).ThenBy(account => account.Folder,
            StringComparer.Ordinal)];
    }

    private List<Account> Entries(FileOps files)
    {
        var accounts = new List<Account>();
        var text = Database is null ? null : files.TryReadAllBytes(Database, LongestDatabase, followLink: true);
        foreach (var line in text is null ? [] : Encoding.UTF8.GetString(text).Split('\n'))
        {
            if (line.Split(':') is [{ Length: > 0 } name, _, var number, _, _, { Length: > 1 } folder, var shell]
                && uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var uid) && Path.IsPathFullyQualified(folder))
            {
                accounts.Add(new Account(name, uid, LocalPaths.Normalize(folder),
                    (uid < FirstPerson && uid != 0) || uid == Nobody || NoShells.Contains(Path.GetFileName(shell.Trim()))));
            }
        }

        return accounts;
    }

    /// <summary>The profiles of Windows, each named after its folder.</summary>
    [SupportedOSPlatform("windows")]
    private static List<Account> Profiles()
    {
        var accounts = new List<Account>();
        using var profiles = Registry.LocalMachine.OpenSubKey(ProfileList);
        foreach (var sid in profiles?.GetSubKeyNames() ?? [])
        {
            using var profile = profiles!.OpenSubKey(sid);
            if (profile?.GetValue("ProfileImagePath") is string path && Path.IsPathFullyQualified(path))
            {
                var folder = Path.TrimEndingDirectorySeparator(path);

                // S-1-5-21 begins the accounts of people, of this computer or of its domain; S-1-12-1 those of Microsoft Entra.
                accounts.Add(new Account(Path.GetFileName(folder), null, folder, !(sid.StartsWith("S-1-5-21-", StringComparison.Ordinal)
                    || sid.StartsWith("S-1-12-1-", StringComparison.Ordinal))));
            }
        }

        return accounts;
    }

    private List<string> FoldersIn(FileOps files)
    {
        try
        {
            return Folders is null || files.Kind(Folders) != FileKind.Directory ? []
                : [.. files.List(Folders).Select(name => Path.Join(Folders, name)).Where(path => files.Kind(path) == FileKind.Directory)];
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
