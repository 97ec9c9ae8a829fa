namespace PluginMarket;

/// <summary>The one exception callers catch: a failure by name, with the thing at fault.</summary>
public sealed class PluginMarketException : Exception
{
    /// <summary>Makes the failure.</summary>
    /// <param name="code">The failure's name.</param>
    /// <param name="message">What happened and the next step, without secrets; escaped for a terminal.</param>
    /// <param name="target">The id, name or path at fault.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public PluginMarketException(MarketErrorCode code, string message, string? target = null, Exception? innerException = null)
        : base(Addresses.Hide(message), innerException)
    {
        Code = code;
        Target = target is null ? null : Addresses.Hide(target);
    }

    /// <summary>The failure's name.</summary>
    public MarketErrorCode Code { get; }

    /// <summary>The id, name or path at fault.</summary>
    public string? Target { get; }

    /// <summary>Whether the text is JSON all the same, only more than we represent: half a surrogate pair, a number beyond every range.</summary>
    internal bool IsStricterThanJson { get; init; }

    /// <summary>The file at fault, where the failure is about a text file.</summary>
    public string? File { get; init; }

    /// <summary>The line at fault, counted from 1.</summary>
    public int? Line { get; init; }

    /// <summary>The column at fault, in characters counted from 1.</summary>
    public int? Column { get; init; }
}
