namespace PluginMarket;

/// <summary>What reaches git repositories.</summary>
public enum GitEngine
{
    /// <summary><c>PLUGINMARKET_GIT_ENGINE</c> decides; without it the git command where one of a supported
    /// version is installed, else libgit2.</summary>
    Auto,

    /// <summary>The git command: the user's credential helpers, ssh and proxies.</summary>
    Git,

    /// <summary>libgit2, which needs no git command and knows no ssh.</summary>
    LibGit2,
}
