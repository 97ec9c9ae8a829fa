using PluginMarket.Messages;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;

namespace PluginMarket.Sources.Npm;

/// <summary>A package of an npm registry.</summary>
/// <param name="Package"><c>name</c> or <c>@scope/name</c>.</param>
/// <param name="Version">A version or other selector of the registry.</param>
/// <param name="Registry">An https address; null for npm's own.</param>
internal sealed record NpmSource(string Package, string? Version, string? Registry) : PluginSource
{
    /// <inheritdoc/>
    public override string Kind => "npm";

    /// <inheritdoc/>
    public override string Description => Version is null ? Package : $"{Package}@{DisplayText.Escape(Version)}";

    internal override string? Selector => Version;

    internal override T Match<T>(Func<LocalSource, T> local, Func<RepositoryFolder, T> git, Func<NpmSource, T> npm) => npm(this);
}
