namespace PluginMarket.Sources.Git;

/// <summary>A commit of a repository, or a folder of one.</summary>
/// <param name="Url">The repository, without user information.</param>
/// <param name="Path">The folder; null for the root.</param>
/// <param name="Ref">The branch, tag or commit that was asked for; null for the default branch.</param>
/// <param name="Commit">The full commit.</param>
internal sealed record CommitProvenance(string Url, string? Path, string? Ref, string Commit) : Provenance
{
    internal override string Location => Url;

    internal override string? OwnCommit => Commit;

    internal override Provenance Place => this with { Ref = null, Commit = "", Part = Part?.Place };
}
