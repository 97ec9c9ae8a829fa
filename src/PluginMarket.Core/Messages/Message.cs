using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace PluginMarket.Messages;

/// <summary>A text for a person, created only by an interpolated string: all that comes from a hole is escaped for a terminal, and user
/// information and queries of addresses are masked.</summary>
/// <remarks>
/// A hole takes a string, a number or a date (invariantly), an exception, another message, an operation or an option, or a remedy. What an
/// exception or a message advises is moved to the end, behind what failed.
/// </remarks>
[InterpolatedStringHandler]
internal sealed class Message
{
    private readonly List<(string? Text, IWording? Wording)> _parts = [];
    private readonly List<Remedy> _remedies = [];
    private readonly StringBuilder _text;
    private bool _endsWithQuote;
    private string? _shown;

    /// <summary>Called by the compiler for an interpolated string.</summary>
    /// <param name="literalLength">How long its constant parts are.</param>
    /// <param name="formattedCount">How many holes it has.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Message(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (formattedCount * 16));

    /// <summary>The steps that can help.</summary>
    public IReadOnlyList<Remedy> Remedies => _remedies;

    /// <summary>One after the other.</summary>
    public static Message operator +(Message left, Message right) => $"{left}{right}";

    /// <summary>One after the other, with a space between two.</summary>
    internal static Message Sentences(IEnumerable<Message> messages)
    {
        Message all = $"";
        foreach (var message in messages)
        {
            all = all._parts.Count == 0 && all._text.Length == 0 ? message : $"{all} {message}";
        }

        return all;
    }

    /// <summary>Called by the compiler for a constant part.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendLiteral([ConstantExpected] string value)
    {
        ArgumentNullException.ThrowIfNull(value);

        // A quoted text may end its sentence, and the sentence around it does too.
        _text.Append(_endsWithQuote && value.StartsWith('.') && _text.Length > 0 && _text[^1] == '.' ? value.AsSpan(1) : value);
        _endsWithQuote = false;
    }

    /// <summary>Called by the compiler for a hole.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    /// <summary>Called by the compiler for a hole with a format.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted<T>(T value, string? format)
    {
        _endsWithQuote = false;
        switch (value)
        {
            case null:
                break;
            case Message message:
                Quote(message);
                break;
            case PluginMarketException failure:
                Quote(failure.Said);
                break;
            case FileNotFoundException { FileName: { } missing } when Says(missing):
                // The message has the path already.
                _text.Append("it was not found.");
                _endsWithQuote = true;
                break;
            case Exception failure:
                Escape(WithoutPath(failure.Message));
                _endsWithQuote = true;
                break;
            case Remedy remedy:
                _remedies.Add(remedy);
                break;
            case IWording wording:
                Add(wording);
                break;
            case IFormattable formattable:
                Escape(formattable.ToString(format, CultureInfo.InvariantCulture));
                break;
            default:
                Escape(value.ToString());
                break;
        }
    }

    /// <summary>Whether a face has all that the statement names.</summary>
    internal bool IsIn(Face face) => _parts.TrueForAll(part => part.Wording is null || part.Wording.IsIn(face));

    /// <summary>All of it in the words of a face: what happened, then what can help there.</summary>
    public string In(Face face) => face == Face.PowerShell ? _shown ??= Render(face) : Render(face);

    /// <summary>What happened, without what can help.</summary>
    public string StatementIn(Face face)
    {
        var all = new StringBuilder();
        foreach (var (text, wording) in _parts)
        {
            all.Append(text ?? wording!.In(face));
        }

        all.Append(Addresses.Hide(_text.ToString()));
        return _remedies.Count == 0 ? all.ToString() : all.ToString().TrimEnd();
    }

    /// <summary>What can help in a face, as sentences; empty where nothing can.</summary>
    public string AdviceIn(Face face) =>
        string.Join(' ', _remedies.Select(remedy => remedy.In(face)).OfType<string>().Distinct(StringComparer.Ordinal));

    /// <summary>All of it in the words of PowerShell.</summary>
    public override string ToString() => In(Face.PowerShell);

    /// <summary>The same statement with other remedies.</summary>
    internal Message With(IEnumerable<Remedy> remedies)
    {
        Message other = $"{this}";
        other._remedies.Clear();
        other._remedies.AddRange(remedies);
        return other;
    }

    /// <summary>The same with another name for a path in what is constant or escaped.</summary>
    internal Message Replace(string path, string name)
    {
        Message other = $"{this}";
        var (before, now) = (DisplayText.Escape(path), DisplayText.Escape(name));
        for (var i = 0; i < other._parts.Count; i++)
        {
            other._parts[i] = (other._parts[i].Text?.Replace(before, now, StringComparison.Ordinal), other._parts[i].Wording);
        }

        other._text.Replace(before, now);
        return other;
    }

    // "Reading 'PATH': why" of the disk, where the message has the path already, is only why.
    private string WithoutPath(string message) =>
        message.IndexOf('\'', StringComparison.Ordinal) is > 0 and var start && !message.AsSpan(0, start - 1).Contains(' ')
            && message.IndexOf("': ", StringComparison.Ordinal) is var end && end > start && Says(message[(start + 1)..end])
            ? message[(end + 3)..] : message;

    private bool Says(string path)
    {
        var escaped = DisplayText.Escape(path);
        return _text.ToString().Contains(escaped, StringComparison.Ordinal)
            || _parts.Exists(part => part.Text?.Contains(escaped, StringComparison.Ordinal) == true);
    }

    private string Render(Face face)
    {
        var (statement, advice) = (StatementIn(face), AdviceIn(face));
        return advice.Length == 0 ? statement : statement.Length == 0 ? advice : $"{Ended(statement)} {advice}";
    }

    private static string Ended(string sentence) => sentence[^1] is '.' or '?' or '!' or ':' ? sentence : sentence + ".";

    private void Quote(Message message)
    {
        foreach (var (text, wording) in message._parts)
        {
            if (wording is null)
            {
                _text.Append(text);
            }
            else
            {
                Add(wording);
            }
        }

        var rest = message._text.ToString();
        _text.Append(message._remedies.Count == 0 ? rest : rest.TrimEnd());
        _remedies.AddRange(message._remedies);
        _endsWithQuote = true;
    }

    private void Add(IWording wording)
    {
        _parts.Add((Addresses.Hide(_text.ToString()), null));
        _parts.Add((null, wording));
        _text.Clear();
    }

    private void Escape(string? text) => _text.Append(DisplayText.Escape(text ?? ""));
}
