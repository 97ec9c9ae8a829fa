using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>A library that reaches git repositories in place of the git command. It is in an assembly that the core does not
/// reference.</summary>
internal interface IGitLibrary
{
    /// <summary>The version of the native library in use; null as long as none is.</summary>
    string? Version { get; }

    /// <summary>Why it cannot be used and what to do about it; null where it can.</summary>
    Message? Check(MarketEnvironment environment);

    /// <summary>Makes an engine of it.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="folder">A private folder of the store's.</param>
    IGitEngine Open(MarketEnvironment environment, string folder);
}
