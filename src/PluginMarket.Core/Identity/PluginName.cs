using System.Diagnostics.CodeAnalysis;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>The name of a plugin.</summary>
/// <remarks>Letters, digits, <c>-</c> and <c>_</c> of ASCII, with single dots inside (contract 1.7). Whether it is safe as a folder on
/// every system is asked of <see cref="NameRules.CheckPortability"/> at install.</remarks>
public sealed class PluginName : IEquatable<PluginName>
{
    private PluginName(string value) => Value = value;

    /// <summary>The name as it is spelled.</summary>
    public string Value { get; }

    /// <summary>Reads a name.</summary>
    /// <param name="text">The text, from anywhere.</param>
    /// <param name="name">The name, where the text is one.</param>
    /// <param name="finding">Why it is none, fit for a message.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PluginName? name, [NotNullWhen(false)] out string? finding)
    {
        finding = Check(text);
        name = finding is null ? new PluginName(text!) : null;
        return name is not null;
    }

    /// <summary>Reads a name that must be one.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.NameInvalid"/></exception>
    public static PluginName Parse(string? text) =>
        TryParse(text, out var name, out var finding)
            ? name : throw new PluginMarketException(MarketErrorCode.NameInvalid, $"{finding} {Remedy.Do($"Choose another name.")}", text);

    /// <inheritdoc/>
    public bool Equals(PluginName? other) => other is not null && string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PluginName);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Whether both are spelled the same.</summary>
    public static bool operator ==(PluginName? left, PluginName? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they are spelled differently.</summary>
    public static bool operator !=(PluginName? left, PluginName? right) => !(left == right);

    private static string? Check(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "A plugin name must not be empty.";
        }

        for (var i = 0; i < text.Length; i++)
        {
            var inner = text[i] == '.' && i > 0 && i < text.Length - 1 && text[i - 1] != '.';
            if (!inner && !NameText.IsWord(text[i]))
            {
                return $"{NameText.Quote(text)} is not a plugin name: only ASCII letters, digits, '-', "
                    + $"'_' and single dots inside are allowed.";
            }
        }

        return null;
    }
}
