using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PluginMarket.Core.Tests.Showcase;

/// <summary>A written page, taken apart as a browser does it: a script element ends at the first end tag, whatever it holds.</summary>
internal sealed partial class ExportedPage
{
    private readonly List<(string Attributes, string Text)> _scripts;

    public ExportedPage(string file)
    {
        Html = File.ReadAllText(file);
        _scripts = [.. Script().Matches(Html).Select(match => (match.Groups["attributes"].Value, match.Groups["text"].Value))];
        Index = JsonDocument.Parse(TextOf("index")).RootElement;
    }

    public string Html { get; }

    public JsonElement Index { get; }

    public IReadOnlyList<JsonElement> Cards => [.. Index.GetProperty("plugins").EnumerateArray()];

    public int Pictures => _scripts.Count(script => script.Attributes.Contains("id=\"picture-", StringComparison.Ordinal));

    /// <summary>The page without what is in its script and style elements: the markup itself.</summary>
    public string Markup => Style().Replace(Script().Replace(Html, "<script/>"), "<style/>");

    /// <summary>Script elements that a browser would run.</summary>
    public IReadOnlyList<string> Programs => [.. _scripts.Where(script => script.Attributes.Length == 0).Select(script => script.Text)];

    public string StyleSheet => Style().Match(Html).Groups["text"].Value;

    public string Policy => PolicyTag().Match(Html).Groups["text"].Value;

    public JsonElement Detail(int number) => JsonDocument.Parse(TextOf($"detail-{number}")).RootElement;

    public string Picture(int number) => TextOf($"picture-{number}");

    public JsonElement Card(string name) => Cards.Single(card => card.GetProperty("name").GetString() == name);

    public JsonElement DetailOf(string name) => Detail(Cards.ToList().FindIndex(card => card.GetProperty("name").GetString() == name));

    public static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private string TextOf(string id) =>
        _scripts.Single(script => script.Attributes.EndsWith($" id=\"{id}\"", StringComparison.Ordinal)).Text;

    [GeneratedRegex("<script(?<attributes>[^>]*)>(?<text>.*?)</script",
        RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Script();

    [GeneratedRegex("<style>(?<text>.*?)</style>", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Style();

    [GeneratedRegex("http-equiv=\"Content-Security-Policy\" content=\"(?<text>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex PolicyTag();
}
