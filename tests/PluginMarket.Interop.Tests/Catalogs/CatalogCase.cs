namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>One generated marketplace.</summary>
public sealed record CatalogCase
{
    public required string Id { get; init; }

    /// <summary>What is special about it.</summary>
    public required string Subject { get; init; }

    /// <summary>Where the catalog file is below the root.</summary>
    public string CatalogPath { get; init; } = ".agents/plugins/marketplace.json";

    /// <summary>Turns the entries into the catalog's bytes.</summary>
    public required Func<IReadOnlyList<GeneratedEntry>, byte[]> Render { get; init; }

    public required IReadOnlyList<GeneratedEntry> Entries { get; init; }

    /// <summary>Files beside those of the entries.</summary>
    public Action<CaseFolder> Write { get; init; } = static _ => { };

    /// <summary>The row of the table that lets ours refuse the marketplace although Codex adds it.</summary>
    public string? RefusedByUs { get; init; }

    /// <summary>The rows it may touch.</summary>
    public IEnumerable<string> Differences =>
        Entries.Select(e => e.Difference).Append(RefusedByUs).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>Writes everything below a root.</summary>
    public void WriteTo(string root)
    {
        var folder = new CaseFolder(root);
        Write(folder);
        foreach (var entry in Entries)
        {
            entry.Write(folder);
        }

        folder.Bytes(CatalogPath, Render(Entries));
    }

    public override string ToString() => $"{Id} ({Subject}; {string.Join(" | ", Entries.Select(e => e.Subject))})";
}
