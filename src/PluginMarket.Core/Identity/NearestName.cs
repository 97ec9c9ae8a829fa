namespace PluginMarket.Identity;

/// <summary>The name that a misspelled one was probably meant to be.</summary>
internal static class NearestName
{
    private const int LongestCompared = 100;

    /// <summary>The nearest candidate, or null where none is near: at most a third of the letters
    /// differ, or one contains the other.</summary>
    /// <param name="wanted">What was typed.</param>
    /// <param name="candidates">The names there are.</param>
    /// <param name="most">How many letters may differ at most.</param>
    public static string? Find(string wanted, IEnumerable<string> candidates, int most = LongestCompared)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(candidates);
        if (wanted.Length is 0 or > LongestCompared)
        {
            return null;
        }

        var best = (Name: (string?)null, Distance: int.MaxValue);
        foreach (var candidate in candidates.Where(c => c.Length <= LongestCompared))
        {
            var contained = wanted.Length >= 3 && candidate.Contains(wanted, StringComparison.OrdinalIgnoreCase)
                || candidate.Length >= 3 && wanted.Contains(candidate, StringComparison.OrdinalIgnoreCase);
            var distance = Distance(wanted.ToUpperInvariant(), candidate.ToUpperInvariant());
            var allowed = Math.Min(most, Math.Max(1, Math.Max(wanted.Length, candidate.Length) / 3));
            if ((distance <= allowed || contained)
                && (distance < best.Distance || distance == best.Distance && string.CompareOrdinal(candidate, best.Name) < 0))
            {
                best = (candidate, distance);
            }
        }

        return best.Name;
    }

    /// <summary>The word of a closed set that a wrong one is a slip of: the same letters in another case or with other separators,
    /// or one edit (two in a long word); null where none is so near.</summary>
    /// <param name="written">The wrong word.</param>
    /// <param name="known">The words there are.</param>
    public static string? FindTypo(string written, IEnumerable<string> known)
    {
        if (written.Length is < 3 or > LongestCompared)
        {
            return null;
        }

        var plain = Plain(written);
        return known.Select(word => (Word: word, Distance: Distance(plain, Plain(word))))
            .Where(near => near.Distance <= (near.Word.Length > 7 ? 2 : 1) && near.Word != written)
            .OrderBy(near => near.Distance).ThenBy(near => near.Word, StringComparer.Ordinal)
            .Select(near => near.Word).FirstOrDefault();

        static string Plain(string text) => string.Concat(text.Where(c => c is not ('_' or '-' or ' '))).ToUpperInvariant();
    }

    // Edits of one character, with two neighbours swapped counting as one edit.
    private static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
                }
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }
}
