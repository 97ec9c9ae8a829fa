using System.Text;

namespace PluginMarket.TestKit;

/// <summary>One request that a <see cref="GitHttpServer"/> received.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">The path, decoded.</param>
/// <param name="Query">What follows the question mark.</param>
/// <param name="Headers">The header fields, names without regard to case.</param>
/// <param name="Body">The body as received.</param>
internal sealed record GitHttpRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The body without its compression, as text.</summary>
    public string BodyText { get; init; } = "";

    /// <summary>Whether it asks for a pack.</summary>
    public bool IsFetch => Method == "POST" && (BodyText.Contains("command=fetch", StringComparison.Ordinal)
        || (!BodyText.Contains("command=", StringComparison.Ordinal) && BodyText.Contains("want ", StringComparison.Ordinal)));

    /// <summary>Whether it asks for references.</summary>
    public bool IsListing => Method == "POST" && BodyText.Contains("command=ls-refs", StringComparison.Ordinal);

    /// <summary>The token or password it carries, or null.</summary>
    public string? Token
    {
        get
        {
            if (!Headers.TryGetValue("Authorization", out var value) || !value.StartsWith("Basic ", StringComparison.Ordinal))
            {
                return null;
            }

            var text = Encoding.UTF8.GetString(Convert.FromBase64String(value[6..]));
            return text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
        }
    }
}

/// <summary>A made-up answer.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ContentType">What the body is.</param>
/// <param name="Body">The body: each character is one byte.</param>
internal sealed record GitHttpAnswer(int Status, string ContentType = "text/plain", string Body = "")
{
    /// <summary>Further header fields.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether nothing is sent behind the header until the client leaves.</summary>
    public bool Hangs { get; init; }

    /// <summary>Sent behind the body again and again until the client leaves.</summary>
    public ReadOnlyMemory<byte> Repeated { get; init; }

    /// <summary>A redirect.</summary>
    public static GitHttpAnswer Redirect(string location, int status = 302) =>
        new(status) { Headers = new Dictionary<string, string> { ["Location"] = location } };
}
