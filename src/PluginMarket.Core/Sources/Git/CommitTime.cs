using System.Globalization;
using System.Text;

namespace PluginMarket.Sources.Git;

/// <summary>When a commit says that it was made, which is its author's word.</summary>
internal static class CommitTime
{
    /// <summary>Reads the bytes of a commit; null where they state no time.</summary>
    internal static DateTimeOffset? Parse(byte[] commit)
    {
        foreach (var line in Encoding.UTF8.GetString(commit).Split('\n').TakeWhile(line => line.Length > 0))
        {
            if (line.StartsWith("committer ", StringComparison.Ordinal) && line.Split(' ') is [.., var seconds, _]
                && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
                && time <= DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            {
                return DateTimeOffset.FromUnixTimeSeconds(time);
            }
        }

        return null;
    }
}
