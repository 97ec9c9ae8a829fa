using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket;

/// <summary>What the core finds in this assembly, by its name.</summary>
internal sealed class LibGit2 : IGitLibrary
{
    /// <inheritdoc/>
    public string? Version => LibGit2Library.Version;

    /// <inheritdoc/>
    public Message? Check(MarketEnvironment environment) => LibGit2Library.Check(environment);

    /// <inheritdoc/>
    public IGitEngine Open(MarketEnvironment environment, string folder) => new LibGit2Engine(environment, folder);
}
