namespace PluginMarket;

/// <summary>The grammar of a local source: <c>.</c>, <c>./</c> or <c>./names</c> (contract 1.5).</summary>
internal static class LocalPathGrammar
{
    internal static LocalSource Read(string text)
    {
        if (text is "." or "./")
        {
            return new LocalSource(RelativePath.Root);
        }

        if (text.Contains('\\', StringComparison.Ordinal))
        {
            throw new UnusableSource($"The local path '{DisplayText.Escape(text)}' contains a backslash; write '/'.");
        }

        if (!text.StartsWith("./", StringComparison.Ordinal))
        {
            throw new UnusableSource($"The local path '{DisplayText.Escape(text)}' does not begin with './'.");
        }

        return RelativePath.TryParse(text[2..], out var path, out var problem) && FindLeadingProblem(text) is null
            ? new LocalSource(path)
            : throw new UnusableSource(problem ?? FindLeadingProblem(text)!);
    }

    private static string? FindLeadingProblem(string text) =>
        text.AsSpan(2).StartsWith("/") ? $"The local path '{DisplayText.Escape(text)}' is absolute behind './'." : null;
}
