using System.Security.Cryptography;
using PluginMarket.Files;
using PluginMarket.Sources.Local;

namespace PluginMarket.Showcase;

/// <summary>The pictures of one page: each once, under a number, within caps.</summary>
internal sealed class PluginPictures
{
    private const int LogoBytes = 512 << 10;
    private const int ScreenshotBytes = 1 << 20;
    private const int MostScreenshots = 4;
    private const long PageBytes = 48L << 20;

    private readonly MarketEnvironment _environment;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _sources = [];
    private long _bytes;

    internal PluginPictures(MarketEnvironment environment) => _environment = environment;

    /// <summary>The pictures as <c>data:</c> addresses, by number.</summary>
    internal IReadOnlyList<string> Sources => _sources;

    /// <summary>Takes a plugin's pictures in, where its files are on this disk.</summary>
    internal PictureSet Add(Plugin plugin)
    {
        if (plugin.Interface is not { } shown
            || (shown.Logo ?? shown.LogoDark ?? shown.ComposerIcon) is null && shown.Screenshots.Length == 0)
        {
            return PictureSet.None;
        }

        if (!plugin.Resolved || plugin.GetEntry() is not { Entry.Source: LocalSource local } entry)
        {
            return PictureSet.None with { Notes = plugin.Resolved ? ["Its pictures are in another repository and are not shown."] : [] };
        }

        var notes = new List<string>();
        try
        {
            var tree = new LocalFetcher(_environment).Open(local, entry.Marketplace.ContextIn(_environment)).Tree;
            var logo = Add(tree, shown.Logo, LogoBytes, notes) ?? Add(tree, shown.ComposerIcon, LogoBytes, notes);
            var dark = Add(tree, shown.LogoDark, LogoBytes, notes);
            int[] screenshots = [.. shown.Screenshots.Take(MostScreenshots).Select(path => Add(tree, path, ScreenshotBytes, notes))
                .OfType<int>()];
            if (shown.Screenshots.Length > MostScreenshots)
            {
                notes.Add($"{MostScreenshots} of its {shown.Screenshots.Length} screenshots are considered.");
            }

            return new PictureSet(logo, dark, screenshots, notes);
        }
        catch (PluginMarketException failure)
        {
            return PictureSet.None with { Notes = [failure.Message] };
        }
    }

    private int? Add(FileTree tree, string? path, int cap, List<string> notes)
    {
        if (path is null)
        {
            return null;
        }

        if (tree.Find(path) is not { Kind: TreeEntryKind.File } file)
        {
            notes.Add($"The picture '{path}' is missing.");
            return null;
        }

        try
        {
            var bytes = tree.ReadBytes(file, cap);
            if (PictureFormat.Recognise(bytes) is not { } format)
            {
                notes.Add($"'{path}' is not shown: it is neither a PNG, JPEG, "
                    + $"GIF or WebP of at most 4096 pixels a side nor an SVG without scripts and outside references.");
                return null;
            }

            return Number(bytes, format, path, notes);
        }
        catch (PluginMarketException)
        {
            notes.Add($"'{path}' is not shown: it is larger than {cap >> 10} KiB.");
        }
        catch (IOException)
        {
            notes.Add($"'{path}' is not shown: it cannot be read.");
        }

        return null;
    }

    private int? Number(byte[] bytes, PictureFormat format, string path, List<string> notes)
    {
        var key = Convert.ToHexString(SHA256.HashData(bytes));
        if (_numbers.TryGetValue(key, out var number))
        {
            return number;
        }

        if (_bytes + bytes.Length > PageBytes)
        {
            notes.Add($"'{path}' is not shown: the page contains {PageBytes >> 20} MiB of pictures already.");
            return null;
        }

        _bytes += bytes.Length;
        _sources.Add($"data:{format.MediaType};base64,{Convert.ToBase64String(bytes)}");
        return _numbers[key] = _sources.Count - 1;
    }
}

/// <summary>The pictures of one plugin, by their numbers on the page, and what is not shown.</summary>
internal sealed record PictureSet(int? Logo, int? LogoDark, IReadOnlyList<int> Screenshots, IReadOnlyList<string> Notes)
{
    internal static PictureSet None { get; } = new(null, null, [], []);
}
