using System.ComponentModel;
using System.Text;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket;

/// <summary>Asks the credential helpers of the user's git configuration by git's credential protocol; nothing is ever given to them to
/// store.</summary>
internal sealed class StoredCredentials(MarketEnvironment environment, UserGitConfiguration configuration, string folder)
{
    /// <summary>What the first helper that knows the host says; null where none does.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the helper has ended.</exception>
    internal async Task<GitCredential?> FindAsync(GitUrl url, CancellationToken cancellationToken)
    {
        foreach (var helper in configuration.All("credential", "helper", url))
        {
            if (Start(helper) is { } start
                && await AskAsync(start.Program, start.Arguments, url, cancellationToken).ConfigureAwait(false) is { } credential)
            {
                return credential;
            }
        }

        return null;
    }

    private async Task<GitCredential?> AskAsync(string program, string[] arguments, GitUrl url, CancellationToken cancellationToken)
    {
        var question = $"protocol={url.Scheme}\nhost={url.Authority}\n";
        if (configuration.All("credential", "usehttppath", url) is [.., "true"])
        {
            question += $"path={url.RepositoryPath.TrimStart('/')}\n";
        }

        if (configuration.All("credential", "username", url) is [.., var name])
        {
            question += $"username={name}\n";
        }

        var request = new ProcessRequest(program, arguments, folder, GitVariables.Make(environment, Path.Join(folder, "empty")))
        {
            IdleLimit = environment.Limits.GitTime,
            Input = Encoding.UTF8.GetBytes(question + "\n"),
        };
        try
        {
            var result = await new ProcessRunner(environment).RunAsync(request, cancellationToken).ConfigureAwait(false);
            if (result.End == ProcessEnd.StoodStill)
            {
                throw new PluginMarketException(MarketErrorCode.GitTimeout, $"The credential helper '{Path.GetFileName(program)}' did not "
                    + $"answer for {environment.Limits.GitTime.TotalSeconds:0} seconds. "
                    + $"{Remedy.Do($"Run `git ls-remote {url}` to see what it asks, then run the command again.")}", url.ToString());
            }

            var answer = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var line in Encoding.UTF8.GetString(result.Output).Split('\n'))
            {
                var equals = line.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0)
                {
                    answer[line[..equals]] = line[(equals + 1)..].TrimEnd('\r');
                }
            }

            return result.Succeeded && answer.TryGetValue("password", out var secret) && answer.TryGetValue("username", out var user)
                ? new GitCredential(user, secret, url.Authority) : null;
        }
        catch (Win32Exception)
        {
            environment.Log.Detail($"The credential helper '{Path.GetFileName(program)}' cannot be started.");
            return null;
        }
    }

    /// <summary>The three forms of git: a shell's words behind <c>!</c>, an absolute path with arguments, or the rest of the name of a
    /// program.</summary>
    private (string Program, string[] Arguments)? Start(string helper)
    {
        var isShell = helper.StartsWith('!');
        if ((isShell || Path.IsPathFullyQualified(helper)) && !OperatingSystem.IsWindows())
        {
            return ("/bin/sh", ["-c", $"{(isShell ? helper[1..] : helper)} get"]);
        }

        if (isShell)
        {
            return null;
        }

        if (Path.IsPathFullyQualified(helper))
        {
            return (helper, ["get"]);
        }

        var words = helper.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return GitProgram.TryFind(environment, "git-credential-" + words[0]) is { } program ? (program, [.. words[1..], "get"]) : null;
    }
}
