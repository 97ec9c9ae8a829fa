using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Sources;

/// <summary>Where the files of one plugin come from: a closed set of forms (contract 1.5).</summary>
internal abstract record PluginSource
{
    private protected PluginSource()
    {
    }

    /// <summary>The form's name in the JSON output of Codex: <c>local</c>, <c>git</c>, <c>git-subdir</c> or <c>npm</c>
    /// (contract 4.6).</summary>
    public abstract string Kind { get; }

    /// <summary>The source in a few words, without secrets, for listings.</summary>
    public abstract string Description { get; }

    /// <summary>The branch, tag or version selector that the catalog names; null for none.</summary>
    internal virtual string? Selector => null;

    /// <summary>The repository, folder and commit of a git source; null for every other.</summary>
    internal virtual RepositoryFolder? Repository => null;

    /// <summary>Chooses by the kind of source. A new kind does not compile before every choice has an answer for it.</summary>
    internal abstract T Match<T>(Func<LocalSource, T> local, Func<RepositoryFolder, T> git, Func<NpmSource, T> npm);
}
