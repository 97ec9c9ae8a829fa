using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Messages;

namespace PluginMarket.Diagnosis;

/// <summary>The home's folder, its locks, and what killed runs left in it.</summary>
internal sealed class HomeChecks(MarketEnvironment environment)
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    internal void Run(Findings findings)
    {
        if (!AgentHome.IsUsable(environment, out var unusable))
        {
            findings.Fail("Home", unusable.Said, $"Use a folder that exists, or remove the setting that names this one. "
                + $"Until then Codex and PluginMarket refuse to work.", environment.CodexHome);
            return;
        }

        var home = AgentHome.Open(environment);
        if (!home.Exists)
        {
            findings.Inform("Home", $"The home does not exist yet.",
                $"Nothing to do: the first command that changes something makes it, readable by you alone.", home.Path);
            return;
        }

        CheckFolder(findings, home.Path);
        CheckVolumes(findings);
        string[] locks = [new StateLayout(home.Path).LockPath, home.MarketplacesLockPath];
        if (locks.Count(path => IsFree(findings, path)) == locks.Length)
        {
            findings.Passed("Lock", $"No process locks the home.");
        }

        CheckLeftovers(findings);
    }

    private void CheckFolder(Findings findings, string path)
    {
        var facts = environment.Files.Examine(environment.Files.RealPath(path));
        if (FindRefusal() is { } refusal)
        {
            findings.Fail("Home", refusal.Said, $"chmod {(refusal.Target == path ? "go-w" : "o-w")} '{refusal.Target}'", refusal.Target);
        }
        else if (OperatingSystem.IsWindows())
        {
            findings.Passed("Home", $"The home exists.", path);
        }
        else if (facts.Owner != environment.Files.User)
        {
            Message message = $"The home belongs to the user id {facts.Owner}, and this command runs as {environment.Files.User}.";
            if (environment.Files.IsRoot)
            {
                findings.Inform("Home", $"{message} What is written keeps the home's owner.", null, path);
            }
            else
            {
                findings.Warn("Home", $"{message} Changes may fail.", $"Run as its owner, use a home of your own with "
                    + $"{OperationOption.CodexHome}, or give it to this user: sudo chown -R {environment.Files.User} '{path}'", path);
            }
        }
        else if ((facts.Mode & WritableByOthers) != 0)
        {
            findings.Warn("Home", $"Others can write in the home (mode {Octal(facts.Mode)}), and so put plugins into it that run as you.",
                $"chmod go-w '{path}'", path);
        }
        else
        {
            findings.Passed("Home", $"The home is yours, and only you can write in it (mode {Octal(facts.Mode)}).", path);
        }
    }

    // A tree gets its name by being renamed, which only works within one volume.
    private void CheckVolumes(Findings findings)
    {
        var state = environment.Home.State.Layout;
        if (OperatingSystem.IsWindows() || VolumeOf(state.StatePath) is not { } own)
        {
            return;
        }

        string[] others = [.. CacheFolders(state).Where(folder => VolumeOf(folder) is { } volume && volume != own)];
        if (others.Length > 0)
        {
            findings.Fail("Volume", $"{(others.Length == 1 ? "A folder of the cache is" : $"{others.Length} folders of the cache are")} "
                + $"on another volume than '{state.StatePath}', so that nothing can be installed or removed there.",
                $"Put the folder 'plugins' of the home and everything in it on one volume: move all of 'plugins' to the other disk, "
                    + $"and link to it from the home.", others[0]);
        }
        else
        {
            findings.Passed("Volume", $"The cache and the working folder of PluginMarket are on one volume.", state.PluginsPath);
        }
    }

    private IEnumerable<string> CacheFolders(StateLayout state)
    {
        yield return state.CachePath;
        foreach (var marketplace in List(state.CachePath).Select(name => Path.Join(state.CachePath, name)))
        {
            yield return marketplace;
            foreach (var plugin in List(marketplace).Select(name => Path.Join(marketplace, name)))
            {
                yield return plugin;
            }
        }
    }

    // Of what does not exist yet it is that of the folder in which it will be made.
    private ulong? VolumeOf(string path)
    {
        for (var folder = path; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            try
            {
                if (environment.Files.Kind(folder) != FileKind.Missing)
                {
                    return environment.Files.Examine(environment.Files.RealPath(folder)).Device;
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }

        return null;
    }

    private PluginMarketException? FindRefusal()
    {
        try
        {
            environment.Home.State.DemandUnshared();
            return null;
        }
        catch (PluginMarketException refusal) when (refusal.Code == MarketErrorCode.HomeWritableByOthers)
        {
            return refusal;
        }
    }

    private bool IsFree(Findings findings, string path)
    {
        try
        {
            using var handle = environment.Files.TryOpenLockFile(path);
            using var taken = handle is null ? null : FileLock.TryTake(environment.Files, handle, path);
            if (handle is null || taken is { IsEnforced: true })
            {
                return true;
            }

            if (taken is null)
            {
                findings.Warn("Lock", $"Another process has locked the home: a command that changes the home waits.",
                    $"Wait for that command to end, or end it. Never delete the lock file.", path);
            }
            else
            {
                findings.Warn("Lock", $"This file system has no locks: commands that run at the same time stay safe, "
                    + $"but may fail and must then be run again.", $"Run one command at a time, or keep the home on a local disk.", path);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            findings.Warn("Lock", $"The lock cannot be opened: {problem}", $"Fix the owner and the permissions of the file.", path);
        }

        return false;
    }

    private void CheckLeftovers(Findings findings)
    {
        var state = environment.Home.State.Layout;
        string[] found =
        [
            .. new[] { state.StagingPath, state.TrashPath,
                state.JournalPath }.SelectMany(folder => List(folder).Select(name => Path.Join(folder, name))),
            .. List(environment.CodexHome).Where(TemporaryName.Is).Select(state.FileInHome),
        ];
        if (found.Length > 0)
        {
            findings.Warn("Leftover",
                $"A running or interrupted command has unfinished work in {(found.Length == 1 ? "one place" : $"{found.Length} places")}.",
                $"Nothing to do by hand: the next command that changes something finishes or removes the files of an interrupted one, "
                    + $"such as {Operation.UpdateMarketplace}.", found);
        }
        else
        {
            findings.Passed("Leftover", $"No leftovers from interrupted runs.", state.StatePath);
        }
    }

    private IReadOnlyList<string> List(string folder)
    {
        try
        {
            return environment.Files.List(folder);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8);
}
