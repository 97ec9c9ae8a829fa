namespace PluginMarket;

/// <summary>What a caller allows and supplies for git.</summary>
public sealed record GitOptions
{
    /// <summary>Nothing beyond the defaults.</summary>
    public static GitOptions Default { get; } = new();

    /// <summary>Whether plain http to other machines is accepted.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Hosts (<c>host</c> or <c>host:port</c>) that a public catalog may name although they are private (reliability row C5).</summary>
    public IReadOnlyList<string> AllowHosts { get; init; } = [];

    /// <summary>A credential for stated hosts; null takes PLUGINMARKET_GIT_TOKEN with PLUGINMARKET_GIT_TOKEN_HOST, else git's own helpers.</summary>
    public GitCredential? Credential { get; init; }

    /// <summary>How git is reached; null for the <c>git</c> command.</summary>
    internal IGitEngine? Engine { get; init; }
}
