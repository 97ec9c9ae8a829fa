using PluginMarket.Identity;
using PluginMarket.Messages;
using Semver;

namespace PluginMarket.Policies.Rules;

/// <summary><c>tool</c>: which versions of Codex and of PluginMarket have to be in use.</summary>
internal sealed class ToolRule : PolicyRule
{
    internal const string Effects = "require";
    internal const string Keys = "codex pluginmarket";

    private readonly SemVersionRange? _codex;
    private readonly SemVersionRange? _own;
    private readonly Lazy<string?> _codexVersion;

    internal ToolRule(PolicyReader.Item item)
        : base(item)
    {
        _codex = item.Range("codex");
        _own = item.Range("pluginmarket");
        _codexVersion = item.CodexVersion;
        if (_codex is null && _own is null)
        {
            throw item.Failure(null, $"The rule says nothing: it needs 'codex' or 'pluginmarket'");
        }
    }

    internal override bool Concerns(PolicySubject subject) => true;

    internal override Answer Fits(PolicySubject subject, DateTimeOffset now) =>
        (Answer)Math.Min((int)(_own is null ? Answer.Yes : Of(_own, Origin.ToolVersion)),
            (int)(_codex is null ? Answer.Yes : Of(_codex, _codexVersion.Value)));

    internal override Message Explain(PolicySubject subject) =>
        _own is not null && Of(_own, Origin.ToolVersion) != Answer.Yes ? (Message)$"this is PluginMarket {Origin.ToolVersion}"
            : _codexVersion.Value is { } codex ? (Message)$"this computer has Codex {codex}" : $"the version of Codex is not known";

    private static Answer Of(SemVersionRange range, string? version) =>
        !SemVersion.TryParse(version ?? "", SemVersionStyles.Strict, out var parsed, 255) ? Answer.Unknown
            : range.Contains(parsed.WithoutMetadata()) ? Answer.Yes : Answer.No;
}
