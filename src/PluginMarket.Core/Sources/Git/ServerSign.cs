namespace PluginMarket.Sources.Git;

/// <summary>What the first answer of a server tells of it, without credentials.</summary>
/// <param name="Status">The status of http; null where there was no answer.</param>
/// <param name="Location">Where it sends its readers.</param>
/// <param name="MediaType">The kind of its answer, such as <c>text/html</c>.</param>
internal sealed record ServerSign(int? Status, string? Location, string? MediaType)
{
    private const string Received = "<= Recv header: ";

    /// <summary>Whether the answer is one of success that no git server gives: a page for people, or a file.</summary>
    public bool IsOfNoGitServer => Status == 200
        && MediaType?.StartsWith("application/x-git-", StringComparison.OrdinalIgnoreCase) != true
        && MediaType?.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) != true;

    /// <summary>Reads what git traces of the headers of the first answer.</summary>
    internal static ServerSign OfTrace(string trace)
    {
        var sign = new ServerSign(null, null, null);
        foreach (var line in trace.Split('\n'))
        {
            var at = line.IndexOf(Received, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                continue;
            }

            var header = line[(at + Received.Length)..].Trim();
            if (header.StartsWith("HTTP/", StringComparison.OrdinalIgnoreCase))
            {
                if (sign.Status is not null and not 100)
                {
                    break;
                }

                sign = new ServerSign(
                    header.Split(' ') is [_, var text, ..] && int.TryParse(text, out var status) ? status : null, null, null);
            }
            else if (ValueOf(header, "location:") is { } location)
            {
                sign = sign with { Location = location };
            }
            else if (ValueOf(header, "content-type:") is { } type)
            {
                sign = sign with { MediaType = type };
            }
        }

        return sign;
    }

    private static string? ValueOf(string header, string name) =>
        header.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? header[name.Length..].Trim() : null;
}
