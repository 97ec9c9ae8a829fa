using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PluginMarket.Home;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Hosting;

/// <summary>Where a run reads its surroundings from and writes its answer to; tests hand in another one.</summary>
/// <param name="Output">Standard output: the answer and nothing else.</param>
/// <param name="Error">Standard error: messages.</param>
/// <param name="WorkingDirectory">The caller's folder, absolute; empty where it is gone.</param>
/// <param name="Colour">Whether the answer may carry colours.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, string WorkingDirectory, bool Colour)
{
    // Names and texts of a catalog stay readable; the answer is a JSON document for programs, never part of a web page.
    private static readonly JsonWriterOptions Pretty =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int BufferedCharacters = 1 << 15;

    private readonly StrongBox<bool> _answered = new();
    private readonly StrongBox<string?> _secret = new();
    private readonly List<string> _warnings = [];

    /// <summary>Standard input; null where nothing is piped into it.</summary>
    public TextReader? Input { get; init; }

    /// <summary>Where the accounts of this computer are listed.</summary>
    public AccountSource Accounts { get; init; } = AccountSource.Default;

    /// <summary>Whether the JSON answer is out; there is only one.</summary>
    public bool HasAnswered => _answered.Value;

    /// <summary>What is below a writer of the output: bytes that are there already need not become characters for it.</summary>
    private (TextWriter Writer, Stream Bytes)? Raw { get; init; }

    public static Terminal OfProcess()
    {
        var bytes = Console.OpenStandardOutput();
        var output = OutputOfProcess(bytes);
        return new Terminal(
            output,
            Console.Error,
            CurrentFolder(),
            !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")))
        {
            Input = Console.IsInputRedirected ? Console.In : null,
            Raw = (output, bytes),
        };
    }

    /// <summary>The first line of standard input: a secret is never an argument, which every process list shows.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid: there is none.</exception>
    public string ReadSecret() => _secret.Value ??= Input?.ReadLine() is { Length: > 0 } line ? line
        : throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"--credential needs a password or token on standard input, and "
            + $"there is none. {Remedy.Do($"Pipe it into the command, as in `printf %s \"$TOKEN\" | pluginmarket …`.")}", "--credential");

    /// <summary>Keeps a warning for the answer to a program, whose standard error tells failures alone.</summary>
    public void Keep(Message warning)
    {
        lock (_warnings)
        {
            _warnings.Add(warning.In(Face.CommandLine));
        }
    }

    public void WriteJson(JsonNode answer)
    {
        var warnings = Kept();
        if (warnings.Length > 0 && answer is JsonObject members && !members.ContainsKey("warnings"))
        {
            members["warnings"] = new JsonArray([.. warnings.Select(warning => (JsonNode)warning)]);
        }

        WriteJson(json => answer.WriteTo(json));
    }

    /// <summary>Writes the member <c>warnings</c> of an answer that is written piece by piece, where there are some.</summary>
    public void WriteWarnings(Utf8JsonWriter json)
    {
        if (Kept() is not { Length: > 0 } warnings)
        {
            return;
        }

        json.WriteStartArray("warnings");
        foreach (var warning in warnings)
        {
            json.WriteStringValue(warning);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a document whose format is not ours to extend. Warnings that were kept for the answer go to standard error, since
    /// the document has no place for them.</summary>
    /// <param name="text">The document.</param>
    /// <param name="isAnswer">Whether it is the JSON answer of a verb, which can have the member <c>warnings</c>.</param>
    public void WriteDocument(string text, bool isAnswer = false)
    {
        var warnings = Kept();
        if (isAnswer && warnings.Length > 0)
        {
            WriteJson(JsonNode.Parse(text)!);
            return;
        }

        Output.Write(text);
        foreach (var warning in warnings)
        {
            Error.Write($"warning: {warning}\n");
        }
    }

    private string[] Kept()
    {
        lock (_warnings)
        {
            return [.. _warnings];
        }
    }

    /// <summary>Writes an answer that is too long to be made as objects first.</summary>
    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        var answer = new LongText();
        using (var json = new Utf8JsonWriter(answer, Pretty))
        {
            write(json);
        }

        if (Raw is { } raw && ReferenceEquals(raw.Writer, Output))
        {
            Output.Flush();
            answer.WriteTo(raw.Bytes);
        }
        else
        {
            answer.WriteTo(Output);
        }

        Output.Write('\n');
        Output.Flush();
        _answered.Value = true;
    }

    /// <summary>The object that says a failure to a program (docs/errors.md).</summary>
    public void WriteError(string code, Message message, string? target) =>
        WriteJson(new JsonObject
        {
            ["error"] = new JsonObject { ["code"] = code, ["message"] = message.In(Face.CommandLine), ["target"] = target },
        });

    /// <summary>A number of plugins, in words.</summary>
    public static string Plugins(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "plugin" : "plugins")}");

    public void WriteLine(string line) => Output.Write(line + "\n");

    public void WriteMessage(Message message) => Error.Write(message.In(Face.CommandLine) + "\n");

    /// <summary>Columns as wide as their widest cell, two spaces apart, as Codex prints them.</summary>
    public void WriteTable(IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = heads.Select((head, column) => rows.Select(row => row[column].Length).Append(head.Length).Max()).ToArray();
        WriteRow(heads, widths);
        foreach (var row in rows)
        {
            WriteRow(row, widths);
        }
    }

    // The writer of the console passes on every 256 bytes by their own call.
    private static TextWriter OutputOfProcess(Stream bytes) => TextWriter.Synchronized(
        new StreamWriter(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferedCharacters)
        {
            AutoFlush = true,
        });

    private static string CurrentFolder()
    {
        try
        {
#pragma warning disable RS0030 // A command line has no other location than the process's folder.
            return Environment.CurrentDirectory;
#pragma warning restore RS0030
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // Blanks at the end of a line are of the last cell, or none.
    private void WriteRow(IReadOnlyList<string> cells, int[] widths)
    {
        var before = string.Concat(cells.SkipLast(1).Select((cell, column) => cell.PadRight(widths[column]) + "  "));
        WriteLine(cells[^1].Length == 0 ? before.TrimEnd() : before + cells[^1]);
    }
}
