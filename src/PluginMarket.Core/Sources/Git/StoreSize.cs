namespace PluginMarket;

/// <summary>Measures a store while git fills it (reliability row C13).</summary>
internal static class StoreSize
{
    internal static bool Exceeds(FileOps files, string folder, long limit)
    {
        long total = 0;
        var pending = new Stack<string>([folder]);
        while (pending.TryPop(out var current))
        {
            try
            {
                foreach (var name in files.List(current))
                {
                    var path = Path.Join(current, name);
                    var facts = files.Examine(path);
                    total += facts.Length;
                    if (facts.Kind == FileKind.Directory)
                    {
                        pending.Push(path);
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Git renames its temporary files under us; the next look sees them.
            }

            if (total > limit)
            {
                return true;
            }
        }

        return false;
    }
}
