using System.Net;

namespace PluginMarket.Sources.Git;

/// <summary>What a caller allows and supplies for git.</summary>
internal sealed record GitOptions
{
    /// <summary>Nothing beyond the defaults.</summary>
    public static GitOptions Default { get; } = new();

    /// <summary>Whether plain http to other machines is accepted.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Hosts (<c>host</c> or <c>host:port</c>) that a public catalog may name although they are private (threat C5).</summary>
    public IReadOnlyList<string> AllowHosts { get; init; } = [];

    /// <summary>A credential for stated hosts. Beside it PLUGINMARKET_GIT_TOKEN serves PLUGINMARKET_GIT_TOKEN_HOST, and
    /// git's own helpers every other host.</summary>
    public GitCredential? Credential { get; init; }

    /// <summary>What reaches the repositories.</summary>
    public GitEngine Engine { get; init; }

    /// <summary>Time for all that the command fetches; null for what <c>PLUGINMARKET_TIMEOUT_SEC</c> says, else no limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Finds the addresses of a host that a public catalog names.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> LookUp { get; init; } = Dns.GetHostAddressesAsync;
}
