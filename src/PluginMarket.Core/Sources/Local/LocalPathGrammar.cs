using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Local;

/// <summary>The grammar of a local source: <c>.</c>, <c>./</c> or <c>./names</c>; in Cursor's catalogs
/// also <c>names</c> (contract 1.5).</summary>
internal static class LocalPathGrammar
{
    /// <param name="text">The path.</param>
    /// <param name="allowsBare">Whether it may do without <c>./</c>.</param>
    internal static LocalSource Read(string text, bool allowsBare)
    {
        if (text is "." or "./")
        {
            return new LocalSource(RelativePath.Root);
        }

        if (!text.StartsWith("./", StringComparison.Ordinal))
        {
            if (allowsBare)
            {
                return ReadNames(text, out var bare) is { } mistake
                    ? throw new UnusableSource(mistake, CodeOf(text)) : new LocalSource(bare!);
            }

            throw new UnusableSource($"The local path '{DisplayText.Escape(text)}' does not begin with './'.", CodeOf(text));
        }

        return ReadNames(text[2..], out var path) is { } finding
            ? throw new UnusableSource(finding, CodeOf(text[2..])) : new LocalSource(path!);
    }

    /// <summary>The failure that using a path which is none gives: whether it would lead out of its
    /// root, or is only spelled wrong.</summary>
    internal static MarketErrorCode CodeOf(string text) =>
        RelativePath.TryParse(text, out _, out _) ? MarketErrorCode.SourceInvalid : MarketErrorCode.PathEscapesRoot;

    /// <summary>Reads names of which the first must be one; returns why not, or null.</summary>
    internal static string? ReadNames(string text, out RelativePath? path)
    {
        path = null;
        if (text.Length == 0 || text[0] == '/' || text == "." || text.StartsWith("./", StringComparison.Ordinal))
        {
            return text.StartsWith('/')
                ? $"The path '{DisplayText.Escape(text)}' is absolute: it must be below its root."
                : $"The path '{DisplayText.Escape(text)}' names no folder.";
        }

        // What is wrong is told of the path as it is written in a catalog.
        return RelativePath.TryParse(text, out path, out _) || RelativePath.TryParse("./" + text, out path, out var finding)
            ? null : finding;
    }
}
