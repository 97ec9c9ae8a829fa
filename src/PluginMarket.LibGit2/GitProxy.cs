using System.Net;

namespace PluginMarket;

/// <summary>The proxy that the environment names for an address, in curl's way; where it names none, the system's.</summary>
internal sealed class GitProxy(IReadOnlyDictionary<string, string> variables, string? configured) : IWebProxy
{
    /// <inheritdoc/>
    public ICredentials? Credentials { get; set; }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination)
    {
        // Of http only the small letters count: a server's own variables could otherwise come from a request's "Proxy" header.
        var named = configured
            ?? (destination.Scheme == Uri.UriSchemeHttps ? Value("https_proxy") ?? Value("HTTPS_PROXY") : Value("http_proxy"))
            ?? Value("all_proxy") ?? Value("ALL_PROXY");
        if (named is null)
        {
            return HttpClient.DefaultProxy.GetProxy(destination);
        }

        if (IsExcepted(destination.Host)
            || !Uri.TryCreate(named.Contains("://", StringComparison.Ordinal) ? named : "http://" + named, UriKind.Absolute, out var proxy))
        {
            return null;
        }

        if (proxy.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var rest])
        {
            Credentials = new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(rest is [var secret] ? secret : ""));
        }

        return proxy;
    }

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => GetProxy(host) is null;

    private bool IsExcepted(string host) =>
        (Value("no_proxy") ?? Value("NO_PROXY") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(exception => exception.TrimStart('.'))
            .Any(exception => exception == "*" || host.Equals(exception, StringComparison.OrdinalIgnoreCase)
                || host.EndsWith("." + exception, StringComparison.OrdinalIgnoreCase));

    private string? Value(string name) => variables.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
