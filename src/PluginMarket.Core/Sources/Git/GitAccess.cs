using System.Net.Sockets;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>Decides whether an address may be reached at all, and what git may use for it (threat C3 to C6).</summary>
internal sealed class GitAccess(MarketEnvironment environment, GitOptions options)
{
    private readonly SharedAnswers<string, bool> _private = new();
    private readonly Lazy<IReadOnlyList<GitCredential>> _credentials = new(() => FindCredentials(environment, options));

    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HttpNotAllowed"/>, <see cref="MarketErrorCode.HostNotAllowed"/>
    /// or <see cref="MarketErrorCode.SourceInvalid"/>.</exception>
    internal async Task DemandAsync(GitUrl url, SourceOrigin origin, CancellationToken cancellationToken)
    {
        if (url.Refusal is { } refusal)
        {
            throw new PluginMarketException(refusal.Code, refusal.Said, refusal.Target, refusal);
        }

        if (url.Scheme == "http" && !url.IsLoopback && !options.AllowHttp)
        {
            throw new PluginMarketException(MarketErrorCode.HttpNotAllowed, $"{url} is plain http, which anyone on the network can change. "
                + $"{Remedy.Do($"Use https.")}{Remedy.Use(OperationOption.AllowHttp, $"allow it")}", url.ToString());
        }

        if (url.IsFile)
        {
            if (origin.IsNetwork() && !url.IsMarketplaceFolder)
            {
                throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"A catalog that came over the network names {url}, "
                    + $"a path of this machine. {Remedy.Do($"Ask the owner of the catalog for an address.")}", url.ToString());
            }

            DemandReadable(url);
            return;
        }

        if (origin == SourceOrigin.PublicCatalog && !IsAllowed(url) && await IsPrivateAsync(url, cancellationToken).ConfigureAwait(false))
        {
            throw new PluginMarketException(MarketErrorCode.HostNotAllowed,
                $"A catalog from a public host names {url}, which is on this machine or a private network. "
                    + $"{Remedy.Use(OperationOption.AllowHost.Of(url.Authority), $"allow it if that is intended")}", url.ToString());
        }
    }

    // Says whose rights are missing, which git does not.
    private void DemandReadable(GitUrl url)
    {
        if (environment.Programs is null)
        {
            return;
        }

        var files = environment.Files;
        foreach (var part in new[] { "", "objects", "objects/pack", ".git", ".git/objects", ".git/objects/pack" })
        {
            var folder = Path.Join(url.LocalFolder, part);
            try
            {
                if (files.Kind(folder) == FileKind.Directory)
                {
                    files.List(folder);
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw new PluginMarketException(MarketErrorCode.SourceUnreachable, $"Cannot read {url} as the owner of the home: {problem} "
                    + $"{Remedy.Do($"Choose a repository that the owner of the home can read.")}", url.ToString(), problem);
            }
        }
    }

    /// <param name="url">The repository.</param>
    /// <param name="rewritten">What the user's own git configuration makes of it.</param>
    /// <remarks>A user name and password that it puts there are taken out again and given to git as every other credential is (threat C10:
    /// CI jobs hand tokens over that way).</remarks>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.CredentialInUrl"/>: it puts something
    /// else there that may be a secret.</exception>
    internal GitRemote MakeRemote(GitUrl url, string rewritten)
    {
        var login = rewritten == url.Value ? null : GitUrl.TakeLogin(rewritten);
        var other = rewritten == url.Value ? url : GitUrl.FromCatalog(login?.Address ?? rewritten);
        var handedOver = login is var (_, user, password) && other.Refusal is null
            ? new GitCredential(user, password, other.Authority) { HidesUserName = true } : null;
        if (other.Refusal is { Code: MarketErrorCode.CredentialInUrl } || handedOver?.IsFor(other) == false)
        {
            throw GitFailures.CredentialInRewriting(url);
        }

        // What is not an address at all git refuses by its transport.
        var asked = other.Refusal is null ? other : url;
        var protocols = new SortedSet<string>(StringComparer.Ordinal) { "https", "ssh" };
        foreach (var address in new[] { url, asked })
        {
            if (address.IsFile || address.Scheme == "http")
            {
                protocols.Add(address.Scheme);
            }
        }

        var credential = _credentials.Value.FirstOrDefault(credential => credential.IsFor(asked)) ?? handedOver;
        return new GitRemote(url, asked, string.Join(':', protocols), credential)
        {
            IsSettled = handedOver is not null,
            Mask = SecretMask.Of(environment, credential).With(handedOver),
            Withheld = GitVariables.MissedBy(environment.Variables),
        };
    }

    /// <summary>Where a server sent its readers, on the same host.</summary>
    internal GitRemote MakeMoved(GitUrl moved, GitRemote from)
    {
        var remote = MakeRemote(moved, moved.Value);
        return remote with
        {
            Credential = remote.Credential ?? (from.Credential?.IsFor(moved) == true ? from.Credential : null),
            IsSettled = true,
            Mask = from.Mask,
        };
    }

    /// <summary>Accepts a redirect to https on the same host, and nothing else.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.RedirectRefused"/></exception>
    internal static GitUrl AcceptRedirect(GitUrl url, string? location)
    {
        const string Suffix = "/info/refs";
        if (location is null || !Uri.TryCreate(new Uri(url.Value.TrimEnd('/') + Suffix), location, out var target))
        {
            throw Refused(url, "somewhere that it does not name");
        }

        var text = target.AbsoluteUri;
        var query = text.IndexOf('?', StringComparison.Ordinal);
        var address = query < 0 ? text : text[..query];
        var isRepository = address.EndsWith(Suffix, StringComparison.Ordinal);
        if (!isRepository || !GitUrl.TryParse(address[..^Suffix.Length], out var moved, out _) || moved!.Scheme != "https"
            || moved.Host != url.Host
            || (moved.Port != url.Port && !(url.Scheme == "http" && moved.Port is null)))
        {
            throw Refused(url, GitUrl.Redact(isRepository ? address[..^Suffix.Length] : address));
        }

        return moved;
    }

    internal static PluginMarketException Refused(GitUrl url, string target) =>
        new(MarketErrorCode.RedirectRefused,
            $"{url} redirects to {target}. {Remedy.Do($"Use that address as the source if you trust it.")}", url.ToString());

    private bool IsAllowed(GitUrl url) =>
        options.AllowHosts.Any(host =>
            host.Equals(url.Host, StringComparison.OrdinalIgnoreCase) || host.Equals(url.Authority, StringComparison.OrdinalIgnoreCase));

    private async Task<bool> IsPrivateAsync(GitUrl url, CancellationToken cancellationToken) =>
        url.IsPrivate || await _private.AskAsync(url.Host, () => LooksUpPrivateAsync(url.Host, cancellationToken), cancellationToken)
            .ConfigureAwait(false);

    private async Task<bool> LooksUpPrivateAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return (await options.LookUp(host, cancellationToken).ConfigureAwait(false)).Any(PrivateHosts.IsPrivateAddress);
        }
        catch (SocketException)
        {
            // Behind a proxy names may not resolve here; whether the host exists is git's to say.
            return false;
        }
    }

    private static List<GitCredential> FindCredentials(MarketEnvironment environment, GitOptions options)
    {
        var credentials = new List<GitCredential>();
        if (options.Credential is { } given && environment.Programs is { } account)
        {
            // Whoever a process runs as can read its variables.
            environment.Log.Warn($"The credential is not used for what {account.Name} fetches for the home '{account.CodexHome}', "
                + $"because that account could read it.");
        }
        else if (options.Credential is not null)
        {
            credentials.Add(options.Credential);
        }

        var token = environment.Variables.GetValueOrDefault("PLUGINMARKET_GIT_TOKEN");
        if (!string.IsNullOrEmpty(token))
        {
            var hosts = environment.Variables.GetValueOrDefault("PLUGINMARKET_GIT_TOKEN_HOST")?.Split(',',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
            if (hosts.Length == 0)
            {
                environment.Log.Warn(
                    $"PLUGINMARKET_GIT_TOKEN is not used. {Remedy.Do($"Set PLUGINMARKET_GIT_TOKEN_HOST to the host it is for.")}");
            }
            else
            {
                credentials.Add(new GitCredential(environment.Variables.GetValueOrDefault("PLUGINMARKET_GIT_TOKEN_USER") ?? "", token,
                    hosts));
            }
        }

        return credentials;
    }
}
