using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Policies;

/// <summary>Where the policy of this computer is: a place that only its administrator can write.</summary>
/// <param name="Folder">The folder, absolute.</param>
/// <param name="Owner">The user id that everything there belongs to; of no meaning on Windows.</param>
/// <param name="Top">The first folder of the way that is checked.</param>
internal sealed record MachinePolicy(string Folder, uint Owner, string Top)
{
    private const UnixFileMode ByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The place of this system.</summary>
    internal static MachinePolicy Default { get; } =
        OperatingSystem.IsWindows() ? OnWindows(Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData),
            "PluginMarket"))
        : new(OperatingSystem.IsMacOS() ? "/Library/Application Support/PluginMarket" : "/etc/pluginmarket", 0, "/");

    /// <summary>The settings beside the policies.</summary>
    internal string SettingsPath => Path.Join(Folder, "settings.json");

    /// <summary>The policy files that there are, the one without its own folder first.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PolicyUnreadable"/></exception>
    internal IReadOnlyList<string> Find(FileOps files)
    {
        try
        {
            var found = new List<string>();
            if (files.Kind(Path.Join(Folder, "policy.json")) != FileKind.Missing)
            {
                found.Add(Path.Join(Folder, "policy.json"));
            }

            var more = Path.Join(Folder, "policy.d");
            if (files.Kind(more) != FileKind.Missing)
            {
                DemandOwned(files, more);
                found.AddRange(files.List(more).Where(name => name.EndsWith(".json", StringComparison.Ordinal))
                    .Select(name => Path.Join(more, name)));
            }

            return found;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(Folder, $"cannot be read: {problem}", problem);
        }
    }

    /// <summary>Reads a file of the place; null where it is missing.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PolicyUnreadable"/></exception>
    internal byte[]? Read(FileOps files, string path)
    {
        try
        {
            if (files.Kind(path) == FileKind.Missing)
            {
                return null;
            }

            DemandOwned(files, path);
            return files.ReadAllBytes(path, PolicyReader.LongestFile);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException
            or PluginMarketException { Code: not MarketErrorCode.PolicyUnreadable })
        {
            throw Unreadable(path, $"cannot be read: {problem}", problem);
        }
    }

    /// <summary>Whether a policy has to be there.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PolicyUnreadable"/></exception>
    internal bool DemandsPolicy(FileOps files, Limits limits)
    {
        if (Read(files, SettingsPath) is not { } utf8)
        {
            return false;
        }

        var root = PolicyReader.Parse(utf8, SettingsPath, limits);
        PolicyReader.DemandKeys(root, "policyRequired", "allowedSigners", "channel", "maxChannelAge");
        foreach (var member in root.Members.Where(member => member.Name is "allowedSigners" or "channel" or "maxChannelAge"))
        {
            throw member.Value.Failure($"This version does not know '{member.Name}', which is reserved for a later one");
        }

        return root["policyRequired"]?.GetBoolean() == true;
    }

    internal static PluginMarketException Unreadable(string path, Message problem, Exception? inner = null) =>
        new(MarketErrorCode.PolicyUnreadable, $"The policy '{path}' {problem}. {Remedy.Do($"Ask your administrator to fix it.")}",
            path, inner)
        {
            File = path,
        };

    private static MachinePolicy OnWindows(string folder) => new(folder, 0, folder);

    // Whoever can write in a folder of the way can put another file in place of this one.
    private void DemandOwned(FileOps files, string path)
    {
        for (var part = path; ; part = Path.GetDirectoryName(part)!)
        {
            if (OperatingSystem.IsWindows())
            {
                DemandOwnedOnWindows(part);
            }
            else
            {
                var facts = files.Examine(part);
                if (facts.Kind is not (FileKind.File or FileKind.Directory))
                {
                    throw Unreadable(path, $"is not trusted: '{part}' is neither a file nor a folder");
                }

                if (facts.Owner != Owner || (facts.Mode & ByOthers) != 0)
                {
                    throw Unreadable(path, facts.Owner != Owner
                        ? (Message)$"is not trusted: '{part}' belongs to the user id {facts.Owner}, not {Owner}"
                        : $"is not trusted: others than its owner can write in '{part}'");
                }
            }

            if (string.Equals(part, Top, LocalPaths.Comparison) || Path.GetDirectoryName(part) is null)
            {
                return;
            }
        }
    }

    [SupportedOSPlatform("windows")]
    private static void DemandOwnedOnWindows(string part)
    {
        FileSystemSecurity security = Directory.Exists(part)
            ? new DirectoryInfo(part).GetAccessControl() : new FileInfo(part).GetAccessControl();
        var trusted = new[]
        {
            new SecurityIdentifier(WellKnownSidType.BuiltinAdministratorsSid, null),
            new SecurityIdentifier(WellKnownSidType.LocalSystemSid, null),
        };
        const FileSystemRights Writing = FileSystemRights.WriteData | FileSystemRights.AppendData | FileSystemRights.Delete
            | FileSystemRights.DeleteSubdirectoriesAndFiles | FileSystemRights.ChangePermissions | FileSystemRights.TakeOwnership;
        var isOwned = security.GetOwner(typeof(SecurityIdentifier)) is SecurityIdentifier owner && trusted.Contains(owner);
        var isOpen = security.GetAccessRules(true, true, typeof(SecurityIdentifier)).OfType<FileSystemAccessRule>().Any(rule =>
            rule.AccessControlType == AccessControlType.Allow && (rule.FileSystemRights & Writing) != 0
            && !trusted.Contains((SecurityIdentifier)rule.IdentityReference));
        if (!isOwned || isOpen)
        {
            throw Unreadable(part, $"is not trusted: it does not belong to the administrators, or others can write it");
        }
    }
}
