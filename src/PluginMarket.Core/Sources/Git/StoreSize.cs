using PluginMarket.Files;

namespace PluginMarket.Sources.Git;

/// <summary>Measures a store while git fills it (threat C13).</summary>
internal static class StoreSize
{
    /// <summary>Whether a folder has grown over a limit; where it has not, its size is told.</summary>
    internal static bool Exceeds(FileOps files, string folder, long limit, Action<long>? tell = null)
    {
        long total = 0;
        var pending = new Stack<string>([folder]);
        while (pending.TryPop(out var current))
        {
            foreach (var name in NamesIn(files, current))
            {
                var path = Path.Join(current, name);
                var facts = Examine(files, path);
                total += facts.Length;
                if (facts.Kind == FileKind.Directory)
                {
                    pending.Push(path);
                }
            }

            if (total > limit)
            {
                return true;
            }
        }

        tell?.Invoke(total);
        return false;
    }

    // Git renames and removes its temporary files under us; the next look sees what became of them.
    private static IReadOnlyList<string> NamesIn(FileOps files, string folder)
    {
        try
        {
            return files.List(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static FileFacts Examine(FileOps files, string path)
    {
        try
        {
            return files.Examine(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
