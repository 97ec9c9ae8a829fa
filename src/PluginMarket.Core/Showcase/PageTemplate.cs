using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace PluginMarket.Showcase;

/// <summary>A page of HTML that loads nothing: its policy lets its own style and script run, by their hash, and nothing else.</summary>
internal static class PageTemplate
{
    private static readonly JsonWriterOptions Escaping = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Fills a template.</summary>
    /// <param name="name">The name of the resources, without the ending of <c>.html</c>, <c>.css</c> and <c>.js</c>.</param>
    /// <param name="title">The title, not encoded.</param>
    /// <param name="fill">Writes what a place of the template's own has; false where it does not know the place.</param>
    internal static ReadOnlyMemory<byte> Fill(string name, string title, Func<string, ArrayBufferWriter<byte>, bool> fill)
    {
        var (style, script) = (Read(name + ".css"), Read(name + ".js"));
        var page = new ArrayBufferWriter<byte>();
        var rest = Read(name + ".html");
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
                    Put(page, HtmlEncoder.Default.Encode(title));
                    break;
                case "style":
                    Put(page, style);
                    break;
                case "script":
                    Put(page, script);
                    break;
                case var own:
                    if (!fill(own, page))
                    {
                        throw new InvalidOperationException($"The page's template names '{own}', which nothing fills.");
                    }

                    break;
            }

            rest = rest[(end + 2)..];
        }

        Put(page, rest);
        return page.WrittenMemory;
    }

    /// <summary>JSON in which nothing can end the element that it is in.</summary>
    internal static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Escaping))
        {
            write(writer);
        }

        return buffer.WrittenMemory;
    }

    internal static void Put(ArrayBufferWriter<byte> page, string text) => Encoding.UTF8.GetBytes(text, page);

    // A browser hashes what it parsed, in which every line ends with a line feed.
    private static string Read(string name)
    {
        using var stream = typeof(PageTemplate).Assembly.GetManifestResourceStream($"PluginMarket.{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
