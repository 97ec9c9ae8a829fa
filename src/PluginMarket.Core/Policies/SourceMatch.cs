using PluginMarket.Sources;

namespace PluginMarket.Policies;

/// <summary>The fields of a match that are about an address: of a marketplace, or of a plugin's source.</summary>
/// <remarks>A list that denies compares the identity alone, which is the widest. A list that allows also demands the transport, and that
/// every address fits which git makes of the one that is configured, which is the narrowest.</remarks>
internal sealed class SourceMatch
{
    private static readonly string[] SafeTransports = ["https", "ssh"];

    private readonly PolicyGlob? _url;
    private readonly PolicyGlob? _host;
    private readonly IReadOnlyList<string>? _transports;

    internal SourceMatch(PolicyReader.Item item)
    {
        if (item.Text("url") is { } url)
        {
            var identity = SourceIdentity.Parse(url, out var finding) ?? throw item.Failure("url", $"'{url}' is not an address: {finding}");
            _url = new PolicyGlob(identity.Address, '/');
            Written = url;
        }

        if (item.Text("host") is { } host)
        {
            if (host.Contains('?', StringComparison.Ordinal) || host.Contains('/', StringComparison.Ordinal))
            {
                throw item.Failure("host", $"'{host}' is not a host: '?' and '/' are not allowed in it");
            }

            var identity = SourceIdentity.Parse($"https://{host}/", out var finding)
                ?? throw item.Failure("host", $"'{host}' is not a host: {finding}");
            _host = new PolicyGlob(identity.Authority, '.');
        }

        _transports = item.Choices("transports", "file", "http", "https", "ssh");
    }

    internal PolicyGlob? Url => _url;

    /// <summary>The address as the policy has it.</summary>
    internal string? Written { get; }

    internal PolicyGlob? Host => _host;

    internal IReadOnlyList<string> Transports => _transports ?? SafeTransports;

    /// <summary>Whether the fields fit.</summary>
    /// <param name="identities">The addresses.</param>
    /// <param name="isUnreadable">Whether an address has no form that can be compared.</param>
    /// <param name="transport">The transport where there is no address.</param>
    /// <param name="allows">Whether the rule allows.</param>
    internal Answer Matches(IReadOnlyList<SourceIdentity> identities, bool isUnreadable, string transport, bool allows)
    {
        if (_url is null && _host is null)
        {
            return _transports is null ? Answer.Yes : isUnreadable ? Answer.Unknown
                : identities.Count == 0 ? Of(_transports.Contains(transport))
                : Of(allows ? identities.All(one => _transports.Contains(one.Transport))
                    : identities.Any(one => _transports.Contains(one.Transport)));
        }

        if (isUnreadable)
        {
            return Answer.Unknown;
        }

        return identities.Count == 0 ? Answer.No
            : Of(allows ? identities.All(one => Fits(one, allows)) : identities.Any(one => Fits(one, allows)));
    }

    private bool Fits(SourceIdentity identity, bool allows) =>
        _url?.Matches(identity.Address) != false
        && (_host?.Matches(identity.Authority) != false || (!allows && _host.Matches(identity.Host)))
        && (_transports ?? (allows ? SafeTransports : null))?.Contains(identity.Transport) != false;

    private static Answer Of(bool fits) => fits ? Answer.Yes : Answer.No;
}
