using System.Text.RegularExpressions;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>Gives what git says of a failure its own name and next step; git runs with LC_ALL=C, so its words are stable.</summary>
internal static partial class GitFailures
{
    private const int ShownLength = 4 << 10;

    /// <summary>The failure of a command that ended by itself, or of another engine that tells it in the same words.</summary>
    internal static PluginMarketException Explain(GitUrl url, string errorText, SecretMask mask, string task, string speaker = "git said:",
        IReadOnlyList<string>? withheld = null)
    {
        if (PlainCredential().IsMatch(errorText))
        {
            return CredentialInRewriting(url);
        }

        var (code, message) = Classify(url, errorText);
        if (code == MarketErrorCode.GitAuthenticationFailed && withheld is { Count: > 0 })
        {
            message = $"{message} These settings of yours were not used: {string.Join(", ", withheld)}. "
                + $"{Remedy.Do($"Check docs/security.md for what git does not get, and why.")}";
        }

        var said = Said(errorText, mask);
        return new PluginMarketException(code, said.Length == 0 ? message : $"{message} {speaker} {said}", url.ToString(),
            new IOException($"The failed task was to {task}."));
    }

    /// <summary>The server wants more history to be asked for than one commit; the store then fetches all branches and tags.</summary>
    internal static bool DemandsFullFetch(string errorText) =>
        FullFetch().IsMatch(errorText);

    internal static bool RefusesFilter(string errorText) => Filter().IsMatch(errorText);

    /// <summary>The server answered with a redirect, which git was told not to follow.</summary>
    internal static bool IsRedirect(string errorText) => Redirect().IsMatch(errorText);

    /// <summary>The user's own configuration puts a password into an address.</summary>
    internal static PluginMarketException CredentialInRewriting(GitUrl url) => new(
        MarketErrorCode.CredentialInUrl,
        $"The git configuration rewrites {url} to an address with a secret that cannot be kept out of process lists: "
            + $"a user name without a password, "
            + $"a query, or a password for plain http. "
            + $"{Remedy.Do($"Run `git config --show-origin --get-regexp '^url\\.'` to see where.")}"
            + $"{Remedy.Do($"Write it as https://USER:TOKEN@HOST/, "
                + $"or without any and let git's credential helper or PLUGINMARKET_GIT_TOKEN supply it.")}",
        url.ToString());

    /// <summary>What helps where a commit is missing: a listing of references does not show other commits.</summary>
    internal static Remedy ChooseCommit =>
        Remedy.Do($"Choose a commit that a branch or tag of the repository contains: `git log --all` in a clone lists them.");

    /// <summary>What helps where an id is not a full one.</summary>
    internal static Remedy FullId => Remedy.Do($"Use the full id, which `git rev-parse COMMIT` in a clone tells.");

    /// <summary>What answers at an address is not a git server.</summary>
    internal static PluginMarketException NotGit(GitUrl url) => new(MarketErrorCode.RepositoryNotFound, SayNotGit(url), url.ToString());

    /// <summary>The end of git's own words: controls visible, secrets masked, at most 4 KiB.</summary>
    internal static string Said(string errorText, SecretMask mask)
    {
        // Servers end their error lines with it, and it says nothing.
        var text = mask.Apply(errorText.Replace("\0", "", StringComparison.Ordinal).Trim()).ReplaceLineEndings("\n");
        return DisplayText.Escape(text.Length <= ShownLength ? text : "…" + text[^ShownLength..].TrimStart());
    }

    private static (MarketErrorCode Code, Message Said) Classify(GitUrl url, string text)
    {
        var host = url.Host;
        var port = url.Port is { } number ? FormattableString.Invariant($"-p {number} ") : "";
        var login = url.User is null ? host : $"{url.User}@{host}";
        var spoken = RemoteLines().Replace(text, "");
        if (SingleSignOn().IsMatch(text))
        {
            return (MarketErrorCode.SsoRequired, $"The organization behind {url} requires single sign-on for this credential. "
                + $"{Remedy.Do($"Authorize the token or key for the organization on {host} (with the GitHub CLI: "
                    + $"`gh auth refresh --hostname {host}`), then run the command again.")}");
        }

        if (HostKey().IsMatch(spoken))
        {
            return (MarketErrorCode.SshHostKeyUnknown, $"The SSH host key of {host} is not known, or it changed. "
                + $"{Remedy.Do($"Compare its fingerprint with the one the host publishes, then run `ssh {port}{login}` once, "
                    + $"or `ssh-keyscan {port}{host} >> ~/.ssh/known_hosts`; after a change first `ssh-keygen -R {(port.Length == 0
                        ? host : $"[{host}]:{url.Port}")}`.")}");
        }

        if (SshRefused().IsMatch(spoken))
        {
            return (MarketErrorCode.SshKeyRefused,
                $"{host} refused the SSH key. {Remedy.Do($"Load the right one with `ssh-add` and check it with `ssh -T {port}{login}`.")}");
        }

        if (Certificate().IsMatch(spoken))
        {
            return (MarketErrorCode.TlsUntrusted, $"The certificate of {host} is not trusted. "
                + $"{Remedy.Do($"Give git the authority that signed it: "
                    + $"`git config --global http.https://{url.Authority}/.sslCAInfo <file.pem>`, or set GIT_SSL_CAINFO.")}");
        }

        if (ProxyAuthentication().IsMatch(spoken))
        {
            return (MarketErrorCode.GitAuthenticationFailed, $"The proxy on the way to {host} requires a sign-in (407). "
                + $"{Remedy.Do($"Put the user name and password of the proxy into git's setting http.proxy or into HTTPS_PROXY; `git "
                    + $"config --global http.proxyAuthMethod` chooses how git signs in.")}");
        }

        if (NotGitServer().IsMatch(spoken) || (IsFile(url) && NotFound().IsMatch(spoken)))
        {
            return (MarketErrorCode.RepositoryNotFound, SayNotGit(url));
        }

        if (Authentication().IsMatch(spoken))
        {
            return (MarketErrorCode.GitAuthenticationFailed, $"{host} refused access to {url}, or it does not exist. "
                + $"{Remedy.Do($"Sign in with git's credential helper (for GitHub `gh auth login` and `gh auth setup-git`), "
                    + $"or set PLUGINMARKET_GIT_TOKEN and PLUGINMARKET_GIT_TOKEN_HOST={url.Authority}.")}"
                + $"{Remedy.Use(OperationOption.Credential, $"give a credential for this command")}");
        }

        if (MissingReference().IsMatch(spoken))
        {
            return (MarketErrorCode.GitRefNotFound,
                $"{url} does not have that branch or tag. {Remedy.Do($"Run `git ls-remote {url}` to see those it has.")}");
        }

        if (MissingCommit().IsMatch(spoken))
        {
            return (MarketErrorCode.GitRefNotFound,
                $"{url} does not have that commit, or does not give it out. {ChooseCommit}");
        }

        if (NoSpace().IsMatch(spoken))
        {
            return (MarketErrorCode.DiskFull, $"The disk is full. {Remedy.Do($"Free some space, then run the command again.")}");
        }

        if (ServerTrouble().Match(spoken) is { Success: true } trouble)
        {
            return (MarketErrorCode.SourceUnreachable, $"The server {host} answers, but has a problem of its own "
                + $"({trouble.Groups["status"].Value}). {Remedy.Do($"Run the command again later; check the server's status page, or "
                    + $"`git ls-remote {url}`.")}");
        }

        if (NotFound().IsMatch(spoken))
        {
            return (MarketErrorCode.RepositoryNotFound, url.IsFile
                ? (Message)$"{url} does not exist, or is not a git repository. {Remedy.Do($"Check the path with `git ls-remote {url}`.")}"
                : $"{host} has no repository {url}, or hides it from you: many servers answer so to an account without access. "
                    + $"{Remedy.Do($"Check the address, and whether your account or token may read the repository, with "
                        + $"`git ls-remote {url}`.")}{Remedy.Use(OperationOption.Credential, $"sign in for this command")}");
        }

        if (TooSlow().IsMatch(spoken))
        {
            return (MarketErrorCode.GitTimeout,
                $"{url} answers too slowly. {Remedy.Do($"Run `git ls-remote {url}` to check the network, then run the command again.")}");
        }

        if (NotAllowed().IsMatch(spoken))
        {
            return (MarketErrorCode.SourceNotSupported,
                $"Git may not use that transport for {url}. A `url.*.insteadOf` of the git configuration may have changed the address. "
                    + $"{Remedy.Do($"Run `git ls-remote --get-url {url}` to see it.")}");
        }

        if (Unreachable().IsMatch(spoken))
        {
            return (MarketErrorCode.SourceUnreachable, url.IsFile
                ? (Message)$"{url} cannot be read as a git repository. {Remedy.Do($"Check the path with `git ls-remote {url}`.")}"
                : $"{url} cannot be reached. {Remedy.Do($"Check the address, network and proxy with `git ls-remote {url}`.")}");
        }

        return (MarketErrorCode.GitFailed, $"git failed for {url}. {Remedy.Do($"Run `git ls-remote {url}` to see more.")}");
    }

    private static bool IsFile(GitUrl url) => url.RepositoryPath.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private static Message SayNotGit(GitUrl url) => IsFile(url)
        ? (Message)$"{url} is the address of a file, not of a git repository. "
            + $"{Remedy.Do($"Use the address of the repository that contains the catalog, such as owner/repo for GitHub.")}"
        : $"What answers at {url} is not a git server: it sends a page or a file. "
            + $"{Remedy.Do($"Check the address in a browser; use the address that the host shows for cloning.")}"
            + $"{Remedy.Do($"Sign in to the proxy or network first if the page asks for that.")}";

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"unadvertised object|not our ref|want [0-9a-f]+ not valid|does not support (shallow|--depth)|shallow capabilities|"
        + @"dumb http transport", Options)]
    private static partial Regex FullFetch();

    [GeneratedRegex(@"filter '[^']*' not supported", Options)]
    private static partial Regex Filter();

    [GeneratedRegex(@"^fatal: unable to access .*: The requested URL returned error: 30[12378]\s*$", Options | RegexOptions.Multiline)]
    private static partial Regex Redirect();

    [GeneratedRegex(@"^remote: .*$\n?", Options | RegexOptions.Multiline)]
    private static partial Regex RemoteLines();

    [GeneratedRegex(@"^(remote|ERROR): .*(SAML|\bSSO\b|single sign-?on)", Options | RegexOptions.Multiline)]
    private static partial Regex SingleSignOn();

    [GeneratedRegex(@"^fatal: URL '.*' uses plaintext credentials", Options | RegexOptions.Multiline)]
    private static partial Regex PlainCredential();

    [GeneratedRegex(@"Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|host key is known for|host key (is not cached|"
        + @"could not be verified)", Options)]
    private static partial Regex HostKey();

    [GeneratedRegex(@"Permission denied \((publickey|password|keyboard|gssapi|hostbased)|Too many authentication failures|no supported "
        + @"authentication methods|UNPROTECTED PRIVATE KEY", Options)]
    private static partial Regex SshRefused();

    [GeneratedRegex(@"SSL certificate problem|certificate verification failed|certificate verify failed|self[- ]signed certificate|unable "
        + @"to get local issuer|no alternative certificate subject name|SEC_E_(UNTRUSTED_ROOT|WRONG_PRINCIPAL|CERT)|CERT_TRUST|error "
        + @"setting certificate (file|verify)|certificate (has expired|subject name)|server cert(ificate)?.* (untrusted|does not match)",
        Options)]
    private static partial Regex Certificate();

    [GeneratedRegex(@"could not read (Username|Password)|Authentication failed|returned error: 40[13]|"
        + @"Access denied|Invalid username|terminal prompts disabled|unable to read askpass", Options)]
    private static partial Regex Authentication();

    [GeneratedRegex(@"returned error: 407|(response|code) 407|Proxy Authentication Required", Options)]
    private static partial Regex ProxyAuthentication();

    [GeneratedRegex(@"not valid: is this a git repository|invalid server response; got|not a git server", Options)]
    private static partial Regex NotGitServer();

    [GeneratedRegex(@"returned error: (?<status>5\d\d|429)", Options)]
    private static partial Regex ServerTrouble();

    [GeneratedRegex(@"does not appear to be a git repository|repository '.*' not found|repository '.*' does not exist|"
        + @"Repository not found|returned error: (404|410)|The project you were looking for could not be found", Options)]
    private static partial Regex NotFound();

    [GeneratedRegex(@"couldn't find remote ref|Remote branch .* not found", Options)]
    private static partial Regex MissingReference();

    [GeneratedRegex(@"unadvertised object|not our ref|want [0-9a-f]+ not valid", Options)]
    private static partial Regex MissingCommit();

    [GeneratedRegex(@"No space left on device|Disk quota exceeded|not enough space on the disk", Options)]
    private static partial Regex NoSpace();

    [GeneratedRegex(@"Operation too slow|curl 28|Operation timed out|Connection timed out|Timeout was reached", Options)]
    private static partial Regex TooSlow();

    [GeneratedRegex(@"transport '.*' not allowed|is not a git command|Unable to find remote helper", Options)]
    private static partial Regex NotAllowed();

    [GeneratedRegex(@"Could not resolve (host|proxy)|resolve hostname|Failed to connect|Couldn't connect|Connection (refused|reset|closed)|"
        + @"No route to host|Network is unreachable|Empty reply from server|"
        + @"hung up unexpectedly|unexpected disconnect|early EOF|Recv failure|"
        + @"GnuTLS recv error|SSL_ERROR_SYSCALL|unexpected eof|Could not read from remote repository|RPC failed", Options)]
    private static partial Regex Unreachable();
}
