using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>A user name and secret for stated hosts; given to git through its askpass program only, never as an argument.</summary>
internal sealed class GitCredential
{
    /// <summary>Makes a credential.</summary>
    /// <param name="userName">The login name; for tokens most servers take any.</param>
    /// <param name="secret">The password or token.</param>
    /// <param name="hosts">The hosts it may be sent to, each <c>host</c> or <c>host:port</c>.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.SourceInvalid"/>: a line break or NUL in it.</exception>
    public GitCredential(string userName, string secret, params IReadOnlyCollection<string> hosts)
    {
        ArgumentNullException.ThrowIfNull(userName);
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(hosts);
        if ((userName + secret).AsSpan().IndexOfAny("\r\n\0") >= 0)
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                $"A git credential cannot contain a line break. {Remedy.Do($"Use the credential without it.")}");
        }

        UserName = userName.Length == 0 ? "x-access-token" : userName;
        Secret = secret;
        Hosts = hosts;
    }

    /// <summary>The login name.</summary>
    public string UserName { get; }

    /// <summary>The hosts it may be sent to.</summary>
    public IReadOnlyCollection<string> Hosts { get; }

    internal string Secret { get; }

    /// <summary>Whether the user name may be a secret too: some servers take a token in its place.</summary>
    internal bool HidesUserName { get; init; }

    /// <summary>Names the hosts, never the secret.</summary>
    public override string ToString() => $"credential for {string.Join(", ", Hosts)}";

    internal bool IsFor(GitUrl url) =>
        (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))
        && Hosts.Any(host =>
            host.Equals(url.Host, StringComparison.OrdinalIgnoreCase) || host.Equals(url.Authority, StringComparison.OrdinalIgnoreCase));
}
