using LibGit2Sharp;
using PluginMarket.Identity;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket;

/// <summary>Lists every path of a commit, and refuses trees that git's own checks refuse.</summary>
internal static class LibGit2Tree
{
    private const int DeepestFolder = 1000;

    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.GitFailed"/>: a name no file can have.
    /// <see cref="MarketErrorCode.LimitExceeded"/>: folders without end.</exception>
    internal static IReadOnlyList<GitTreeItem> Read(Repository repository, string commit, CancellationToken cancellationToken)
    {
        var items = new List<GitTreeItem>();
        Read(repository.Lookup<Commit>(commit).Tree, "", true, 0, items, cancellationToken);
        return items;
    }

    private static void Read(Tree tree, string prefix, bool isReadable, int depth, List<GitTreeItem> items,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (depth > DeepestFolder)
        {
            throw new PluginMarketException(MarketErrorCode.LimitExceeded,
                $"The repository has more folders inside each other than is allowed. {Remedy.Do($"Ask its owner.")}");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in tree)
        {
            DemandName(entry.Name, names);

            // The library puts U+FFFD for bytes that are not UTF-8, so such a name cannot be told from one that has the character.
            var path = prefix + entry.Name;
            var isKept = isReadable && !entry.Name.Contains('\uFFFD', StringComparison.Ordinal);
            var mode = Convert.ToString((int)entry.Mode, 8).PadLeft(6, '0');
            items.Add(new GitTreeItem(mode, entry.Target.Sha, isKept ? path : null) { UnreadablePath = isKept ? null : path });
            if (entry.TargetType == TreeEntryTargetType.Tree)
            {
                Read((Tree)entry.Target, path + "/", isKept, depth + 1, items, cancellationToken);
            }
        }
    }

    private static void DemandName(string name, HashSet<string> seen)
    {
        if (name is "" or "." or ".." || name.Contains('/', StringComparison.Ordinal) || !seen.Add(name) || NameRules.IsGitFolder(name))
        {
            throw new PluginMarketException(MarketErrorCode.GitFailed, $"The repository has a folder with the name '{name}' in it, "
                + $"which git does not create: it is broken or hostile. {Remedy.Do($"Ask its owner.")}");
        }
    }
}
