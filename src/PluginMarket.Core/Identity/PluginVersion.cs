using System.Diagnostics.CodeAnalysis;
using PluginMarket.Identity;
using PluginMarket.Messages;
using Semver;

namespace PluginMarket;

/// <summary>The version of a plugin, which is also the name of its folder in the cache.</summary>
/// <remarks>Any text of the letters, digits, <c>.</c> <c>_</c> <c>+</c> <c>-</c> of ASCII but <c>.</c> and <c>..</c>; it need not be a
/// semantic version (contract 2.2).</remarks>
public sealed class PluginVersion : IEquatable<PluginVersion>
{
    private PluginVersion(string value) => Value = value;

    private const int MaxSemanticLength = 255;

    /// <summary>The folder of a plugin without a version, and of a local one in a plain install.</summary>
    public static PluginVersion Local { get; } = new("local");

    /// <summary>The name as it is spelled.</summary>
    public string Value { get; }

    /// <summary>Reads a name.</summary>
    /// <param name="text">The text, from anywhere.</param>
    /// <param name="name">The name, where the text is one.</param>
    /// <param name="finding">Why it is none, fit for a message.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PluginVersion? name, [NotNullWhen(false)] out string? finding)
    {
        finding = Check(text);
        name = finding is null ? new PluginVersion(text!) : null;
        return name is not null;
    }

    /// <summary>Reads a name that must be one.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.NameInvalid"/></exception>
    public static PluginVersion Parse(string? text) =>
        TryParse(text, out var name, out var finding) ? name
            : throw new PluginMarketException(MarketErrorCode.NameInvalid, $"{finding} {Remedy.Do($"Choose another version.")}", text);

    /// <inheritdoc/>
    public bool Equals(PluginVersion? other) => other is not null && string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PluginVersion);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Whether both are spelled the same.</summary>
    public static bool operator ==(PluginVersion? left, PluginVersion? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they are spelled differently.</summary>
    public static bool operator !=(PluginVersion? left, PluginVersion? right) => !(left == right);

    /// <summary>Orders two versions as Codex does to find the active one (contract 3.5): two semantic versions by
    /// precedence, else by characters.</summary>
    /// <remarks>The folder <c>local</c>, which wins over all, is the business of the cache.</remarks>
    public static int Compare(PluginVersion left, PluginVersion right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return TryParseSemantic(left.Value, out var a) && TryParseSemantic(right.Value, out var b)
            ? SemVersion.CompareSortOrder(a, b)
            : string.CompareOrdinal(left.Value, right.Value);
    }

    private static bool TryParseSemantic(string text, [NotNullWhen(true)] out SemVersion? version) =>
        SemVersion.TryParse(text, SemVersionStyles.Strict, out version, MaxSemanticLength)
        && version.Major <= ulong.MaxValue && version.Minor <= ulong.MaxValue && version.Patch <= ulong.MaxValue;

    private static string? Check(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "A plugin version must not be empty.";
        }

        return text is not ("." or "..") && text.All(c => NameText.IsWord(c) || c is '.' or '+')
            ? null
            : $"{NameText.Quote(text)} is not a plugin version: it names a folder, so only ASCII letters, digits, '.', '_', "
                + $"'+', '-' are allowed.";
    }
}
