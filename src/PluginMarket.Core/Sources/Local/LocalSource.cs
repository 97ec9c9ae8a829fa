using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Sources.Local;

/// <summary>A folder of the marketplace itself.</summary>
/// <param name="Path">The folder below the marketplace's root; the root itself is allowed.</param>
internal sealed record LocalSource(RelativePath Path) : PluginSource
{
    /// <inheritdoc/>
    public override string Kind => "local";

    /// <inheritdoc/>
    public override string Description => Path.IsRoot ? "./" : "./" + DisplayText.Escape(Path.Value);

    /// <summary>The folder of a marketplace's root, absolute, links not resolved.</summary>
    internal string FolderIn(string root) => Path.UnderRoot(root);

    /// <summary>The name of a manifest that does not state one: the folder's (contract 2.2).</summary>
    internal string DefaultNameIn(string root) =>
        Path.IsRoot ? System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(root)) : Path.Name;

    internal override T Match<T>(Func<LocalSource, T> local, Func<RepositoryFolder, T> git, Func<NpmSource, T> npm) => local(this);
}
