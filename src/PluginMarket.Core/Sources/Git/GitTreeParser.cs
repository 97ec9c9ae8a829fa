using System.Text;

namespace PluginMarket.Sources.Git;

/// <summary>Reads what <c>git ls-tree -r -t -z</c> prints.</summary>
internal static class GitTreeParser
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    internal static List<GitTreeItem> Parse(ReadOnlySpan<byte> output)
    {
        var items = new List<GitTreeItem>();
        while (output.Length > 0)
        {
            var end = output.IndexOf((byte)0);
            var line = end < 0 ? output : output[..end];
            output = end < 0 ? default : output[(end + 1)..];
            var tab = line.IndexOf((byte)'\t');
            var head = tab < 0 ? [] : Encoding.ASCII.GetString(line[..tab]).Split(' ');
            if (head.Length == 3)
            {
                items.Add(Item(head[0], head[2], line[(tab + 1)..]));
            }
        }

        return items;
    }

    private static GitTreeItem Item(string mode, string id, ReadOnlySpan<byte> path)
    {
        try
        {
            return new GitTreeItem(mode, id, Strict.GetString(path));
        }
        catch (DecoderFallbackException)
        {
            return new GitTreeItem(mode, id, null) { UnreadablePath = Encoding.UTF8.GetString(path) };
        }
    }
}
