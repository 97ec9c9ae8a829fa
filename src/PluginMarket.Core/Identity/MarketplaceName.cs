using System.Diagnostics.CodeAnalysis;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>The name of a marketplace.</summary>
/// <remarks>Letters, digits, <c>-</c> and <c>_</c> of ASCII, no dot (contract 1.7).</remarks>
public sealed class MarketplaceName : IEquatable<MarketplaceName>
{
    private MarketplaceName(string value) => Value = value;

    /// <summary>The name as it is spelled.</summary>
    public string Value { get; }

    /// <summary>Reads a name.</summary>
    /// <param name="text">The text, from anywhere.</param>
    /// <param name="name">The name, where the text is one.</param>
    /// <param name="finding">Why it is none, fit for a message.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out MarketplaceName? name, [NotNullWhen(false)] out string? finding)
    {
        finding = Check(text);
        name = finding is null ? new MarketplaceName(text!) : null;
        return name is not null;
    }

    /// <summary>Reads a name that must be one.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.NameInvalid"/></exception>
    public static MarketplaceName Parse(string? text) =>
        TryParse(text, out var name, out var finding)
            ? name : throw new PluginMarketException(MarketErrorCode.NameInvalid, $"{finding} {Remedy.Do($"Choose another name.")}", text);

    /// <inheritdoc/>
    public bool Equals(MarketplaceName? other) => other is not null && string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MarketplaceName);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Whether both are spelled the same.</summary>
    public static bool operator ==(MarketplaceName? left, MarketplaceName? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they are spelled differently.</summary>
    public static bool operator !=(MarketplaceName? left, MarketplaceName? right) => !(left == right);

    private static string? Check(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "A marketplace name must not be empty.";
        }

        return text.All(NameText.IsWord)
            ? null
            : $"{NameText.Quote(text)} is not a marketplace name: only ASCII letters, digits, '_' and '-' are allowed.";
    }
}
