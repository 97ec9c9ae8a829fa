namespace PluginMarket.Showcase;

/// <summary>An address that a reader may be sent to: https, a named host, nobody's password.</summary>
internal sealed record WebLink(string Label, string Address, string Host)
{
    private const int MostCharacters = 2048;

    /// <summary>Reads an address of a manifest, or gives null for one that is not linked.</summary>
    internal static WebLink? Read(string label, string? text) =>
        text is { Length: > 0 and <= MostCharacters } && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0 && uri.IdnHost.Length > 0
            ? new WebLink(label, uri.GetComponents(UriComponents.HttpRequestUrl | UriComponents.Fragment, UriFormat.UriEscaped)
                .Replace(uri.Host, uri.IdnHost, StringComparison.Ordinal), uri.IdnHost)
            : null;
}
