using PluginMarket.Json;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket;

/// <summary>The <c>source</c> of a catalog entry as it is to be written: the string form or the object form (contract 1.5).</summary>
public sealed class SourceText
{
    private static readonly string[] Order = ["source", "url", "package", "path", "ref", "sha", "version", "registry"];

    private SourceText(string json) => Json = json;

    /// <summary>The source as JSON on one line.</summary>
    public string Json { get; }

    /// <summary>The string form: a folder of the marketplace, <c>./path</c>.</summary>
    public static SourceText OfPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new SourceText(JsonEditor.Quote(path));
    }

    /// <summary>The object form, members in the format's usual order whatever order they come in.</summary>
    /// <param name="members">Names and texts.</param>
    public static SourceText OfMembers(IEnumerable<KeyValuePair<string, string>> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        var ordered = members.OrderBy(member => Array.IndexOf(Order, member.Key) is >= 0 and var place ? place : Order.Length)
            .ThenBy(member => member.Key, StringComparer.Ordinal);
        return new SourceText(
            "{" + string.Join(",", ordered.Select(member => $"{JsonEditor.Quote(member.Key)}:{JsonEditor.Quote(member.Value)}")) + "}");
    }

    /// <summary>The source as a catalog's reader understands it, once what that reader lists but nobody can install is ruled out.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid, or what else forbids the source.</exception>
    internal PluginSource Read(SourceContext context)
    {
        var value = JsonFile.Parse(System.Text.Encoding.UTF8.GetBytes(Json), "the new source", MarketErrorCode.SourceInvalid).Root;
        var reading = PluginSourceReader.Read(value, context);
        if (reading.Source is { } source)
        {
            DemandInstallable(source);
            return source;
        }

        var hint = value.Kind == JsonKind.String
            ? Remedy.Do(
                $"Use './path' for a folder of the marketplace; anything else is written with its kind: source = url, url = owner/repo.")
            : Remedy.Do($"Use a source that Codex accepts.");
        throw new PluginMarketException(reading.Code ?? MarketErrorCode.SourceInvalid, $"{reading.Refusal} {hint}", "source");
    }

    private static void DemandInstallable(PluginSource source)
    {
        var (url, reference, sha) = source switch
        {
            GitSource git => (git.Url, git.Ref, git.Sha),
            GitSubdirectorySource git => (git.Url, git.Ref, git.Sha),
            _ => default((GitUrl?, string?, string?)),
        };
        if (url?.Refusal is { } finding)
        {
            throw new PluginMarketException(finding.Code, finding.Said, finding.Target);
        }

        if (reference is not null && GitReference.Check(reference) is { } unusable)
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                $"The ref '{reference}' of the source {unusable}. {Remedy.Do($"Choose another ref.")}", reference);
        }

        if (sha is not null && !GitReference.IsFullId(sha))
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"The sha '{sha}' of the source must be a full commit id: "
                + $"Codex lists a shorter one and then refuses to install it. {Remedy.Do($"Use the full id.")}", sha);
        }
    }

    /// <summary>The JSON.</summary>
    public override string ToString() => Json;
}
