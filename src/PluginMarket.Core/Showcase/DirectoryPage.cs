using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using PluginMarket.Messages;

namespace PluginMarket.Showcase;

/// <summary>Puts the page together: the template, its style and its script, and what the catalogs say as data only.</summary>
/// <remarks>What is from outside gets into the page in two ways: the title, encoded for HTML, and JSON in which <c>&lt;</c>, <c>&gt;</c>
/// and <c>&amp;</c> are escaped. The policy in its head lets the two texts of ours run, by their hash, and nothing be loaded.</remarks>
internal sealed class DirectoryPage
{
    private static readonly JsonWriterOptions Escaping = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

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
        var cards = Json(writer => WriteIndex(writer, () =>
        {
            foreach (var plugin in plugins)
            {
                cancellation.ThrowIfCancellationRequested();
                var entry = new DirectoryEntry(plugin, pictures.Add(plugin), roots);
                entry.WriteCard(writer, _marketplaces);
                details.Add(Json(entry.WriteDetail));
            }
        }));
        return Fill(cards, details, pictures.Sources);
    }

    private ReadOnlyMemory<byte> Fill(ReadOnlyMemory<byte> cards, List<ReadOnlyMemory<byte>> details, IReadOnlyList<string> pictures)
    {
        var (style, script) = (Template("page.css"), Template("page.js"));
        var page = new ArrayBufferWriter<byte>();
        var rest = Template("page.html");
        for (var at = rest.IndexOf("{{", StringComparison.Ordinal); at >= 0; at = rest.IndexOf("{{", StringComparison.Ordinal))
        {
            var end = rest.IndexOf("}}", at, StringComparison.Ordinal);
            Put(page, rest[..at]);
            switch (rest[(at + 2)..end])
            {
                case "policy":
                    Put(page, $"default-src 'none'; script-src '{Hash(script)}'; style-src '{Hash(style)}'; img-src data:; "
                        + $"base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'");
                    break;
                case "title":
                    Put(page, HtmlEncoder.Default.Encode(_title));
                    break;
                case "style":
                    Put(page, style);
                    break;
                case "script":
                    Put(page, script);
                    break;
                case "index":
                    page.Write(cards.Span);
                    break;
                case "details":
                    for (var i = 0; i < details.Count; i++)
                    {
                        Put(page, $"<script type=\"application/json\" id=\"detail-{i}\">");
                        page.Write(details[i].Span);
                        Put(page, "</script>\n");
                    }

                    break;
                case "pictures":
                    for (var i = 0; i < pictures.Count; i++)
                    {
                        Put(page, $"<script type=\"text/plain\" id=\"picture-{i}\">{pictures[i]}</script>\n");
                    }

                    break;
                case var unknown:
                    throw new InvalidOperationException($"The page's template names '{unknown}', which nothing fills.");
            }

            rest = rest[(end + 2)..];
        }

        Put(page, rest);
        return page.WrittenMemory;
    }

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

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Escaping))
        {
            write(writer);
        }

        return buffer.WrittenMemory;
    }

    // A browser hashes what it parsed, in which every line ends with a line feed.
    private static string Template(string name)
    {
        using var stream = typeof(DirectoryPage).Assembly.GetManifestResourceStream($"PluginMarket.Showcase.{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static void Put(ArrayBufferWriter<byte> page, string text) => Encoding.UTF8.GetBytes(text, page);
}
