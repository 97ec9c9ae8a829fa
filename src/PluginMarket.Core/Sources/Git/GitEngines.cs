using System.ComponentModel;
using System.Text;
using System.Text.RegularExpressions;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>Chooses what reaches git repositories.</summary>
internal static partial class GitEngines
{
    /// <summary>The first version whose <c>fetch</c> takes what to want from its input and can leave FETCH_HEAD alone.</summary>
    internal static readonly Version Supported = new(2, 29);

    private static readonly TimeSpan AskTime = TimeSpan.FromSeconds(10);

    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.GitNotFound"/>: nothing of what may be used is here.
    /// <see cref="MarketErrorCode.SourceInvalid"/>: the variable names no engine.</exception>
    internal static async Task<IGitEngine> ChooseAsync(MarketEnvironment environment, string folder, GitOptions options,
        CancellationToken cancellationToken)
    {
        environment = environment.ForPrograms();
        switch (options.Engine == GitEngine.Auto ? OfVariable(environment) : options.Engine)
        {
            case GitEngine.Git:
                return new GitCommandLine(environment, folder);
            case GitEngine.LibGit2:
                return OpenLibrary(environment, folder);
            default:
                return await ChooseAsync(environment, folder, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a git command of the version that it states is new enough; one that states none is taken as it is.</summary>
    internal static bool IsSupported(string stated) =>
        Stated().Match(stated) is not { Success: true } match || Version.Parse(match.Groups[1].Value) >= Supported;

    private static GitEngine OfVariable(MarketEnvironment environment)
    {
        var text = environment.Variables.GetValueOrDefault("PLUGINMARKET_GIT_ENGINE")?.Trim();
        return string.IsNullOrEmpty(text) ? GitEngine.Auto
            : Enum.GetNames<GitEngine>().Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<GitEngine>(text, ignoreCase: true)
            : throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                $"PLUGINMARKET_GIT_ENGINE is '{text}'. {Remedy.Do($"Use auto, git or libgit2.")}", "PLUGINMARKET_GIT_ENGINE");
    }

    private static async Task<IGitEngine> ChooseAsync(MarketEnvironment environment, string folder, CancellationToken cancellationToken)
    {
        PluginMarketException reason;
        try
        {
            var program = GitProgram.Find(environment);
            var version = await VersionOfAsync(environment, program, folder, cancellationToken).ConfigureAwait(false);
            if (version is null || version >= Supported || LibGit2Assembly.Check(environment) is not null)
            {
                return new GitCommandLine(environment, folder);
            }

            environment.Log.Detail($"libgit2 reaches git repositories: the git command is of version {version}, older than {Supported}.");
            return OpenLibrary(environment, folder);
        }
        catch (PluginMarketException missing) when (missing.Code == MarketErrorCode.GitNotFound)
        {
            reason = missing;
        }

        if (LibGit2Assembly.Check(environment) is { } finding)
        {
            throw new PluginMarketException(MarketErrorCode.GitNotFound,
                $"{reason} libgit2 could be used instead. {finding}", reason.Target, reason);
        }

        environment.Log.Detail($"libgit2 is used for git repositories, because there is no git command.");
        return OpenLibrary(environment, folder);
    }

    // The library is in this process, which is root's and not that of the home's owner.
    private static IGitEngine OpenLibrary(MarketEnvironment environment, string folder) => environment.Programs is { } account
        ? throw account.Refused("git", $"libgit2 would fetch as root") : LibGit2Assembly.Open(environment, folder);

    /// <summary>The version that a git command states; null where it states none, which is not a reason to do without it.</summary>
    private static async Task<Version?> VersionOfAsync(MarketEnvironment environment, string program, string folder,
        CancellationToken cancellationToken)
    {
        try
        {
            var request = new ProcessRequest(program, ["--version"], folder, GitVariables.Make(environment, Path.Join(folder, "empty")))
            {
                IdleLimit = AskTime,
            };
            var result = await new ProcessRunner(environment).RunAsync(request, cancellationToken).ConfigureAwait(false);
            return Stated().Match(Encoding.UTF8.GetString(result.Output)) is { Success: true } match
                ? Version.Parse(match.Groups[1].Value) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^git version (\d{1,4}\.\d{1,4})", RegexOptions.CultureInvariant)]
    private static partial Regex Stated();
}
