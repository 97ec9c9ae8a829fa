using System.Text;
using PluginMarket.Files;

namespace PluginMarket.Sources.Git;

/// <summary>Takes out of a store's configuration what a fetch wrote about its server, so that nothing can be fetched later and no
/// address stays (threat C15, H7).</summary>
internal static class StoreConfiguration
{
    private const long Cap = 1 << 20;

    internal static void Forget(FileOps files, string store)
    {
        var path = Path.Join(store, "config");
        if (files.Kind(path) != FileKind.File)
        {
            return;
        }

        string text;
        using (var stream = files.OpenRead(path))
        {
            text = Encoding.UTF8.GetString(CappedReader.ReadToEnd(stream, Cap, path));
        }

        var kept = WithoutRemotes(text);
        if (kept.Length != text.Length)
        {
            files.DeleteFile(path);
            files.WriteNew(path, Encoding.UTF8.GetBytes(kept), FileOps.PrivateFile);
        }
    }

    private static string WithoutRemotes(string text)
    {
        var kept = new StringBuilder(text.Length);
        var isDropped = false;
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith('['))
            {
                isDropped = line.StartsWith("[remote ", StringComparison.Ordinal);
            }

            if (!isDropped)
            {
                kept.Append(line).Append('\n');
            }
        }

        return kept.ToString().TrimEnd('\n') + "\n";
    }
}
