using System.Text.RegularExpressions;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Npm;

/// <summary>Gives what npm says of a failure its own name and next step; its codes are stable, its sentences are not.</summary>
internal static partial class NpmFailures
{
    private const int ShownLength = 2 << 10;

    /// <summary>The failure of a run that ended by itself.</summary>
    internal static PluginMarketException Explain(NpmSource source, string errorText, SecretMask mask)
    {
        var code = ErrorCode().Match(errorText) is { Success: true } match ? match.Groups["code"].Value : "";
        var (error, message) = Classify(source.Description, code);
        var said = Said(errorText, mask);
        return new PluginMarketException(error, said.Length == 0 ? message : $"{message} npm said: {said}", source.Description);
    }

    /// <summary>npm's own words: no prefixes, controls visible, no user information or query of an address, and nothing that
    /// a server wrote into its answer.</summary>
    internal static string Said(string errorText, SecretMask mask)
    {
        var lines = errorText.ReplaceLineEndings("\n").Split('\n')
            .Select(line => Mark().Replace(line, "").TrimEnd())
            .Where(line => line.Length > 0 && !Noise().IsMatch(line) && !Trace().IsMatch(line))
            .ToList();

        // Behind the address, and below it, stands the server's own text, which may repeat what it was sent.
        var answer = lines.Select(line => Status().Match(line)).FirstOrDefault(match => match.Success);
        var text = Secret().Replace(answer?.Value ?? string.Join('\n', lines), "${name}***");
        text = mask.Apply(text);
        return DisplayText.Escape(text.Length <= ShownLength ? text : text[..ShownLength] + "…");
    }

    private static (MarketErrorCode, Message) Classify(string package, string code) => code switch
    {
        "E404" => (MarketErrorCode.NpmPackageNotFound, $"The registry has no package '{package}', or hides it from you. "
            + $"{Remedy.Do($"Run `npm view {package}` to check it, or `npm login` if it is private.")}"),
        "ETARGET" or "ENOVERSIONS" => (MarketErrorCode.NpmPackageNotFound,
            $"The registry has no version that matches '{package}'. {Remedy.Do($"Run `npm view` to list the versions of a package.")}"),
        "E401" or "E403" or "ENEEDAUTH" or "EOTP" => (MarketErrorCode.NpmAuthenticationFailed, $"The registry does not let you read "
            + $"'{package}'. {Remedy.Do($"Run `npm login`, or put the registry's token into your .npmrc.")}"),
        "EINTEGRITY" or "Z_DATA_ERROR" => (MarketErrorCode.IntegrityMismatch, $"The bytes that the registry sent for '{package}' are not "
            + $"those it announced. {Remedy.Do($"Run the command again; if it fails again, tell the owner of the registry.")}"),
        "ENOTFOUND" or "EAI_AGAIN" or "ECONNREFUSED" or "ECONNRESET" or "ETIMEDOUT" or "EHOSTUNREACH" or "ENETUNREACH" or "EPIPE"
            or "ERR_SOCKET_TIMEOUT" or "FETCH_ERROR" or "ENOTCACHED" =>
            (MarketErrorCode.SourceUnreachable, $"The registry of '{package}' cannot be reached. "
                + $"{Remedy.Do($"Run `npm ping` to check the network, and `npm config get registry` to see which registry is used.")}"),
        _ when Certificate().IsMatch(code) => (MarketErrorCode.TlsUntrusted, $"The certificate of the registry of '{package}' is not "
            + $"trusted. {Remedy.Do($"Add its authority to the setting `cafile` of your .npmrc, or to NODE_EXTRA_CA_CERTS.")}"),
        "ENOSPC" => (MarketErrorCode.DiskFull,
            $"The disk is full, so '{package}' could not be fetched. {Remedy.Do($"Free some space, then run the command again.")}"),
        _ => (MarketErrorCode.NpmFailed, $"npm could not fetch '{package}'. {Remedy.Do($"Run `npm view {package}` to see more.")}"),
    };

    [GeneratedRegex(@"^npm (?:error|ERR!) code (?<code>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ErrorCode();

    [GeneratedRegex("^npm (?:error|ERR!|warn|WARN) ?")]
    private static partial Regex Mark();

    [GeneratedRegex("^code |^A complete log of this run|^Log files were not written|_logs")]
    private static partial Regex Noise();

    [GeneratedRegex(@"^[45]\d\d [^-]*- [A-Z]+ \S+")]
    private static partial Regex Status();

    [GeneratedRegex(@"(?<name>(?:_authToken|_auth|_password|npm_[A-Za-z]*token)\s*[=:]\s*|bearer\s+|basic\s+)\S+",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Secret();

    // Where in npm's own code it failed, and the object that Node.js prints below.
    [GeneratedRegex(@"^\s+at .|^\s+(?:code|errno|syscall|address|port|type): |^\}$")]
    private static partial Regex Trace();

    [GeneratedRegex("CERT|^UNABLE_TO_|^ERR_TLS|^ERR_SSL|^EPROTO$")]
    private static partial Regex Certificate();
}
