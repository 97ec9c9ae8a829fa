namespace PluginMarket.Sources;

/// <summary>Where the files of a plugin came from: a folder, a commit, or a package. Two are equal where they name
/// the same bytes in the same place.</summary>
internal abstract record Provenance
{
    private protected Provenance()
    {
    }

    /// <summary>The folder, the URL without user information, or the name of the package.</summary>
    internal abstract string Location { get; }

    /// <summary>The full commit, or null for a source without commits of its own.</summary>
    internal virtual string? OwnCommit => null;

    /// <summary>The place without the commit that was asked for and taken there.</summary>
    internal virtual Provenance Place => this with { Part = Part?.Place };

    /// <summary>The same files as a part of a git marketplace, which any machine can fetch; null where they are not one.</summary>
    internal MarketplacePart? Part { get; init; }
}

/// <summary>A folder of a git marketplace's commit.</summary>
/// <param name="Url">The marketplace's repository, without user information.</param>
/// <param name="Path">The folder, links resolved; null for the root.</param>
/// <param name="Commit">The full commit.</param>
internal sealed record MarketplacePart(string Url, string? Path, string Commit)
{
    /// <summary>The sparse paths that leave some of the folder's files out; empty where it is whole.</summary>
    internal IReadOnlyList<string> SparsePaths { get; init; } = [];

    internal MarketplacePart Place => this with { Commit = "" };

    /// <inheritdoc/>
    public bool Equals(MarketplacePart? other) =>
        other is not null && Url == other.Url && Path == other.Path && Commit == other.Commit
        && SparsePaths.SequenceEqual(other.SparsePaths, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Url, Path, Commit);
}
