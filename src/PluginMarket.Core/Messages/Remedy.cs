namespace PluginMarket.Messages;

/// <summary>A step that can help after a failure, as data: each face words it, and leaves out what it does not have.</summary>
internal sealed class Remedy
{
    private readonly Func<Face, string?> _words;

    private Remedy(Func<Face, string?> words) => _words = words;

    /// <summary>How to see more of a fault of PluginMarket itself.</summary>
    internal static Remedy ReportFault { get; } = new(face => face switch
    {
        Face.PowerShell => "Run Get-Error to see the details, and report them.",
        Face.CommandLine => "Run the command again with --verbose to see the details, and report them.",
        _ => throw new InvalidOperationException($"There is no face {face}."),
    });

    /// <summary>Run an operation.</summary>
    /// <param name="operation">The operation, with its arguments and options.</param>
    /// <param name="purpose">What for, as it follows "to"; a face without the operation says that the module can do it.</param>
    public static Remedy Run(Operation operation, Message? purpose = null)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return new Remedy(face => operation.IsIn(face) ? $"Run {operation.In(face)}{Purpose(purpose, face)}."
            : purpose is null ? null
            : $"Use the PluginMarket module for PowerShell{Purpose(purpose, face)}.");
    }

    /// <summary>Give an option to the command that failed; a face without it says nothing.</summary>
    /// <param name="option">The option, with its value.</param>
    /// <param name="purpose">What for, as it follows "to".</param>
    public static Remedy Use(OperationOption option, Message? purpose = null)
    {
        ArgumentNullException.ThrowIfNull(option);
        return new Remedy(face => option.IsIn(face) ? $"Use {option.In(face)}{Purpose(purpose, face)}." : null);
    }

    /// <summary>Do something that is not an operation of PluginMarket; a face without an operation or option that
    /// the sentence names says nothing.</summary>
    /// <param name="sentence">The sentence, which begins with what to do.</param>
    public static Remedy Do(Message sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        return new Remedy(face => sentence.IsIn(face) ? sentence.In(face) : null);
    }

    /// <summary>Use a name that is like the one that was given.</summary>
    /// <param name="nearest">That name, or null where none is near.</param>
    internal static Remedy? DidYouMean(string? nearest) => nearest is null ? null : Do($"Did you mean '{nearest}'?");

    /// <summary>The sentence in the words of a face, or null where the face cannot do it.</summary>
    public string? In(Face face) => _words(face);

    /// <summary>The sentence in the words of PowerShell.</summary>
    public override string ToString() => In(Face.PowerShell) ?? "";

    private static string Purpose(Message? purpose, Face face) => purpose is null ? "" : " to " + purpose.In(face);
}
