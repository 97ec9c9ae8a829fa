namespace PluginMarket;

/// <summary>A folder of a repository that git checked out, in the bytes of its commit: on the disk it has the line ends and filters of its user, which the commit that names these files everywhere has not.</summary>
/// <param name="Files">The folder's files.</param>
/// <param name="Repository">The commit they are of.</param>
internal sealed record CommittedFolder(FileTree Files, GitTree Repository)
{
    /// <summary>Reads a folder from the objects of its repository; null where that cannot be, which is warned of.</summary>
    /// <param name="environment">Its disk and log.</param>
    /// <param name="git">What reads the objects, and must live as long as the files are read.</param>
    /// <param name="root">The folder that was checked out, absolute.</param>
    /// <param name="commit">The full id of the commit it is at.</param>
    /// <param name="path">The wanted folder below the root.</param>
    /// <param name="id">The plugin, for messages.</param>
    /// <param name="instead">What is done with the folder as it lies there, for messages.</param>
    /// <param name="cancellationToken">Stops git and waits for its end.</param>
    internal static async Task<CommittedFolder?> FindAsync(MarketEnvironment environment, GitStore git, string root, string commit, RelativePath path, string id, string instead, CancellationToken cancellationToken)
    {
        try
        {
            var repository = await git.OpenAsync(Path.Join(root, ".git"), commit, TreeSelection.Below(path), cancellationToken).ConfigureAwait(false);
            if (repository.Subtree(path) is var files && files.Entries.Any())
            {
                return new CommittedFolder(files, repository);
            }

            environment.Log.Warn($"{id}: the commit {commit} of its marketplace does not have it. {instead}");
        }
        catch (PluginMarketException problem)
        {
            environment.Log.Warn($"{id}: whether its files are those of the commit {commit} could not be found out: {problem.Message} {instead}");
        }

        return null;
    }

    /// <summary>Whether a folder was checked out there, with its repository in it.</summary>
    internal static bool IsAt(MarketEnvironment environment, string root) => environment.Files.Kind(Path.Join(root, ".git")) == FileKind.Directory;
}
