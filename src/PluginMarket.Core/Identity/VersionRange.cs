using System.Diagnostics.CodeAnalysis;
using Semver;

namespace PluginMarket.Identity;

/// <summary>A version that is wanted: one spelling, or a range of semantic versions as npm writes them.</summary>
internal sealed class VersionRange
{
    private readonly SemVersionRange? _range;

    private VersionRange(string text, SemVersionRange? range) => (Text, _range) = (text, range);

    /// <summary>The text.</summary>
    internal string Text { get; }

    /// <summary>Whether it means one version only.</summary>
    internal bool IsExact => _range is null;

    /// <summary>Reads a version or a range.</summary>
    internal static bool TryParse(string text, [NotNullWhen(true)] out VersionRange? range)
    {
        range = PluginVersion.TryParse(text, out _, out _) ? new VersionRange(text, null)
            : SemVersionRange.TryParseNpm(text, out var semantic, 256) ? new VersionRange(text, semantic) : null;
        return range is not null;
    }

    /// <summary>Whether a manifest's version fits; one that is not a semantic version fits no range.</summary>
    internal bool Contains(string? version) =>
        _range is null ? string.Equals(Text, version, StringComparison.Ordinal)
            : SemVersion.TryParse(version, SemVersionStyles.Strict, out var semantic) && _range.Contains(semantic);

    /// <summary>The text.</summary>
    public override string ToString() => Text;
}
