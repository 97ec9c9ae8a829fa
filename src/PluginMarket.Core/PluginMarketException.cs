using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>The one exception callers catch: a failure by name, with the thing at fault and what can help.</summary>
public sealed class PluginMarketException : Exception
{
    private readonly string? _file;

    /// <summary>Makes the failure.</summary>
    /// <param name="code">The failure's name.</param>
    /// <param name="message">What failed, on which thing and why, with the remedies.</param>
    /// <param name="target">The id, name or path at fault; escaped here.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    internal PluginMarketException(MarketErrorCode code, Message message, string? target = null, Exception? innerException = null)
        : base(null, innerException)
    {
        ArgumentNullException.ThrowIfNull(message);
        Code = code;
        Said = message;
        Target = Shown(target);
    }

    /// <summary>The failure's name.</summary>
    public MarketErrorCode Code { get; }

    /// <summary>What failed and what can help, for each face.</summary>
    internal Message Said { get; }

    /// <summary>What failed and what can help, in the words of PowerShell; escaped for a terminal, without secrets.</summary>
    public override string Message => Said.In(Face.PowerShell);

    /// <summary>What failed, without what can help; for a finding, whose rule says what to do.</summary>
    internal string Statement => Said.StatementIn(Face.PowerShell);

    /// <summary>The id, name or path at fault, escaped for a terminal.</summary>
    public string? Target { get; }

    /// <summary>Whether the text is JSON all the same, only more than we represent: half a surrogate
    /// pair, a number beyond every range.</summary>
    internal bool IsStricterThanJson { get; init; }

    /// <summary>Whether a file could not be written, where the code does not say so.</summary>
    internal bool IsAboutWriting { get; init; }

    /// <summary>The file at fault, where the failure is about a text file; escaped for a terminal.</summary>
    public string? File
    {
        get => _file;
        init => _file = Shown(value);
    }

    /// <summary>The line at fault, counted from 1.</summary>
    public int? Line { get; init; }

    /// <summary>The column at fault, in characters counted from 1.</summary>
    public int? Column { get; init; }

    private static string? Shown(string? text) => text is null ? null : Addresses.Hide(DisplayText.Escape(text));
}
