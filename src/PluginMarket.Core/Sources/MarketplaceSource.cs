using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket.Sources;

/// <summary>Where a marketplace comes from: a folder of this machine or a git repository (contract 4.1).</summary>
internal abstract record MarketplaceSource
{
    private protected MarketplaceSource()
    {
    }

    /// <summary><c>local</c> or <c>git</c>, as config.toml has it.</summary>
    public abstract string SourceType { get; }

    /// <summary>The text of <c>source</c> in config.toml. For people use <see cref="Description"/>.</summary>
    public abstract string SourceText { get; }

    /// <summary>The source for people, without secrets.</summary>
    public abstract string Description { get; }
}

/// <summary>A marketplace in a folder; it is read where it is.</summary>
/// <param name="Path">The folder, absolute, links resolved.</param>
internal sealed record LocalMarketplaceSource(string Path) : MarketplaceSource
{
    /// <inheritdoc/>
    public override string SourceType => "local";

    /// <inheritdoc/>
    public override string SourceText => Path;

    /// <inheritdoc/>
    public override string Description => DisplayText.Escape(Path);
}

/// <summary>A marketplace in a git repository, of which a snapshot is kept.</summary>
/// <param name="Url">The repository.</param>
/// <param name="Ref">A branch, tag or full commit id; null follows the default branch.</param>
/// <param name="SparsePaths">The folders wanted, in the order given; empty for all.</param>
internal sealed record GitMarketplaceSource(GitUrl Url, string? Ref, IReadOnlyList<string> SparsePaths) : MarketplaceSource
{
    /// <inheritdoc/>
    public override string SourceType => "git";

    /// <inheritdoc/>
    public override string SourceText => Url.Value;

    /// <inheritdoc/>
    public override string Description => Url.ToString();

    /// <summary>The files of the repository that the sparse paths want, as git's cone mode takes them.</summary>
    public TreeSelection Selection => TreeSelection.Cone([.. SparsePaths.Select(RelativePath.Parse)]);

    /// <summary>Whether both name the same repository, reference and sparse paths.</summary>
    public bool Equals(GitMarketplaceSource? other) =>
        other is not null && Url.Equals(other.Url) && Ref == other.Ref
        && SparsePaths.SequenceEqual(other.SparsePaths, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Url, Ref, SparsePaths.Count);
}
