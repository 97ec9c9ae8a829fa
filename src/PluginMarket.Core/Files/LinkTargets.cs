namespace PluginMarket.Files;

/// <summary>Where the links of a tree lead, worked out from their texts before any of them exists.</summary>
internal static class LinkTargets
{
    private const int MostSteps = 4096;
    private const int MostLinks = 40;

    /// <summary>Whether following the link, and every link on its way, never leaves the tree's root.</summary>
    /// <param name="link">The link's path.</param>
    /// <param name="targets">The texts of all links of the tree.</param>
    internal static bool StaysInside(string link, IReadOnlyDictionary<string, string> targets)
    {
        var position = new List<string>();
        var pending = new Stack<string>(Enumerable.Reverse(link.Split('/')));
        var followed = 0;
        for (var steps = 0; pending.TryPop(out var segment); steps++)
        {
            if (steps > MostSteps)
            {
                return false;
            }

            if (segment is "" or ".")
            {
                continue;
            }

            if (segment == "..")
            {
                if (position.Count == 0)
                {
                    return false;
                }

                position.RemoveAt(position.Count - 1);
                continue;
            }

            position.Add(segment);
            if (!targets.TryGetValue(string.Join('/', position), out var target))
            {
                continue;
            }

            if (target.Length == 0 || target[0] == '/' || target.AsSpan().IndexOfAny('\\', ':', '\0') >= 0 || ++followed > MostLinks)
            {
                return false;
            }

            position.RemoveAt(position.Count - 1);
            foreach (var part in Enumerable.Reverse(target.Split('/')))
            {
                pending.Push(part);
            }
        }

        return true;
    }
}
