using System.Diagnostics;
using System.Globalization;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>The account that programs run under which root starts for the home of another account: git, npm and codex then have the
/// owner's rights, settings and credentials, and none of root's.</summary>
/// <param name="Owner">The account's number, and the group of what it makes.</param>
/// <param name="Name">Its name; its number where the system has no name for it.</param>
/// <param name="Folder">Its own folder.</param>
/// <param name="CodexHome">The home that the programs are started for.</param>
internal sealed record ProgramAccount(FileOwner Owner, string Name, string Folder, string CodexHome)
{
    /// <summary>What a program ends with that was not started.</summary>
    private const int CannotRun = 126, NotStarted = 127;

    /// <summary>Not those of PATH: what is started there still runs as root.</summary>
    private static readonly string[] SystemFolders = ["/usr/bin", "/bin", "/run/current-system/sw/bin"];

    /// <summary>Variables that say how this computer is set up, and nothing of who uses it.</summary>
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "PATH", "LANG", "LANGUAGE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS",
    };

    private static readonly string[] Proxies = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"];

    /// <summary>The variables of the account's programs, of those that this process has.</summary>
    internal IReadOnlyDictionary<string, string> VariablesFrom(IReadOnlyDictionary<string, string> from)
    {
        var variables = from.Where(variable => IsKept(variable.Key, variable.Value))
            .ToDictionary(variable => variable.Key, variable => variable.Value, StringComparer.Ordinal);
        variables["HOME"] = Folder;
        variables["USER"] = Name;
        variables["LOGNAME"] = Name;
        return variables;
    }

    /// <summary>Has a process start under the account, in a session of its own: it gets no terminal into which it could type.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotOwned"/>: this system cannot do that.</exception>
    internal void Prepare(ProcessStartInfo start) => Prepare(start, SystemFolders);

    /// <inheritdoc cref="Prepare(ProcessStartInfo)"/>
    /// <param name="start">The process.</param>
    /// <param name="folders">Where the programs of the system are.</param>
    internal void Prepare(ProcessStartInfo start, IReadOnlyList<string> folders)
    {
        if (OperatingSystem.IsMacOS())
        {
            start.UserName = Name;
            return;
        }

        string[] arguments =
        [
            "--wait", Find(start, folders, "setpriv"), $"--reuid={Number(Owner.User)}", $"--regid={Number(Owner.Group)}",
            $"--groups={string.Join(',', UnixCalls.GroupsOf(Owner).Select(Number))}", "--inh-caps=-all", "--", start.FileName,
        ];
        start.FileName = Find(start, folders, "setsid");
        for (var i = 0; i < arguments.Length; i++)
        {
            start.ArgumentList.Insert(i, arguments[i]);
        }
    }

    /// <summary>Demands that a program that ended was started under the account at all.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotOwned"/>.</exception>
    internal void DemandStarted(string program, ProcessResult result)
    {
        if (result is { End: ProcessEnd.Exited, ExitCode: CannotRun or NotStarted }
            && (result.ErrorText.StartsWith("setpriv: ", StringComparison.Ordinal)
                || result.ErrorText.StartsWith("setsid: ", StringComparison.Ordinal)))
        {
            throw Refused(program, $"{result.ErrorText.Trim()}");
        }
    }

    /// <summary>The refusal of what could only be done as root.</summary>
    /// <param name="program">What cannot be started.</param>
    /// <param name="why">Why.</param>
    internal PluginMarketException Refused(string program, Message why) => new(MarketErrorCode.HomeNotOwned,
        $"Cannot start '{program}' as {Name}, the owner of the home '{CodexHome}': {why}. "
            + $"{Remedy.Do($"Run the command as the owner of the home.")}", CodexHome)
    {
        File = CodexHome,
    };

    private string Find(ProcessStartInfo start, IReadOnlyList<string> folders, string program) =>
        folders.Select(folder => Path.Join(folder, program)).FirstOrDefault(File.Exists)
            ?? throw Refused(start.FileName, $"this system has no '{program}', which is part of util-linux");

    // Tokens are root's, whatever they are for; an address of a proxy may contain a login.
    private static bool IsKept(string name, string value) =>
        Kept.Contains(name) || name.StartsWith("LC_", StringComparison.Ordinal)
        || (name.StartsWith("PLUGINMARKET_", StringComparison.Ordinal) && !name.Contains("TOKEN", StringComparison.Ordinal))
        || (Proxies.Contains(name, StringComparer.OrdinalIgnoreCase) && !value.Contains('@', StringComparison.Ordinal));

    private static string Number(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
