using System.Buffers;
using System.Globalization;
using System.Text.Json;
using PluginMarket.Messages;

namespace PluginMarket.Showcase;

/// <summary>Puts the page together: the template, its style and its script, and what the catalogs say as data only.</summary>
/// <remarks>What is from outside gets into the page in two ways: the title, encoded for HTML, and JSON in which <c>&lt;</c>, <c>&gt;</c>
/// and <c>&amp;</c> are escaped. The policy in its head lets the two texts of ours run, by their hash, and nothing be loaded.</remarks>
internal sealed class DirectoryPage
{
    private readonly DateTimeOffset _time;
    private readonly string _title;
    private readonly IReadOnlyList<Marketplace> _marketplaces;
    private readonly IReadOnlyList<PluginMarketException> _failures;

    internal DirectoryPage(string? title, DateTimeOffset time, IReadOnlyList<Marketplace> marketplaces,
        IReadOnlyList<PluginMarketException> failures)
    {
        _time = time;
        _marketplaces = marketplaces;
        _failures = failures;
        _title = DisplayText.Escape(title ?? (marketplaces is [var only] ? only.DisplayName ?? $"{only}" : "Plugin directory"));
    }

    /// <summary>Writes the page as UTF-8.</summary>
    internal ReadOnlyMemory<byte> Write(IReadOnlyList<Plugin> plugins, PluginPictures pictures, CancellationToken cancellation)
    {
        var details = new List<ReadOnlyMemory<byte>>();
        var roots = _marketplaces.Select(marketplace => marketplace.Root).OfType<string>().Select(DisplayText.Escape)
            .OrderByDescending(root => root.Length).ToList();
        var cards = PageTemplate.Json(writer => WriteIndex(writer, () =>
        {
            foreach (var plugin in plugins)
            {
                cancellation.ThrowIfCancellationRequested();
                var entry = new DirectoryEntry(plugin, pictures.Add(plugin), roots);
                entry.WriteCard(writer, _marketplaces);
                details.Add(PageTemplate.Json(entry.WriteDetail));
            }
        }));
        return Fill(cards, details, pictures.Sources);
    }

    private ReadOnlyMemory<byte> Fill(ReadOnlyMemory<byte> cards, List<ReadOnlyMemory<byte>> details, IReadOnlyList<string> pictures) =>
        PageTemplate.Fill("Showcase.page", _title, (place, page) =>
        {
            switch (place)
            {
                case "index":
                    page.Write(cards.Span);
                    return true;
                case "details":
                    for (var i = 0; i < details.Count; i++)
                    {
                        PageTemplate.Put(page, $"<script type=\"application/json\" id=\"detail-{i}\">");
                        page.Write(details[i].Span);
                        PageTemplate.Put(page, "</script>\n");
                    }

                    return true;
                case "pictures":
                    for (var i = 0; i < pictures.Count; i++)
                    {
                        PageTemplate.Put(page, $"<script type=\"text/plain\" id=\"picture-{i}\">{pictures[i]}</script>\n");
                    }

                    return true;
                default:
                    return false;
            }
        });

    private void WriteIndex(Utf8JsonWriter writer, Action writeCards)
    {
        writer.WriteStartObject();
        writer.WriteString("title", _title);
        writer.WriteString("written", _time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        writer.WriteStartArray("marketplaces");
        foreach (var marketplace in _marketplaces)
        {
            writer.WriteStartObject();
            writer.WriteString("name", marketplace.Name);
            writer.WriteString("title", marketplace.DisplayName ?? marketplace.Name);
            if (marketplace.SourceType == "git")
            {
                writer.WriteString("source", marketplace.Source);
            }

            DirectoryEntry.WriteCommands(writer, InstallCommands.ForMarketplace(marketplace));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("failures");
        foreach (var failure in _failures)
        {
            writer.WriteStringValue(failure.Message);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("plugins");
        writeCards();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
