using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PluginMarket.Messages;

namespace PluginMarket.Fleet.Dsc;

/// <summary>What goes to DSC: one JSON value a line on standard output, and messages as JSON lines on standard error.</summary>
internal static class DscText
{
    internal static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void WriteLine(TextWriter output, JsonNode value)
    {
        output.Write(value.ToJsonString(Compact));
        output.Write('\n');
    }

    internal static void Say(TextWriter error, string level, string text) =>
        WriteLine(error, new JsonObject { [level] = DisplayText.Escape(text) });
}

/// <summary>Hands what an operation says to DSC, which shows it as far as its user wants.</summary>
internal sealed class DscLog(TextWriter error) : IActivityLog
{
    private readonly object _lock = new();

    public void Detail(Message message) => Say("debug", message.In(Face.CommandLine));

    public void Command(string commandLine) => Say("debug", commandLine);

    public void Warn(Message message) => Say("warn", message.In(Face.CommandLine));

    public void Progress(ActivityProgress progress)
    {
        // DSC has no place for it.
    }

    private void Say(string level, string text)
    {
        lock (_lock)
        {
            DscText.Say(error, level, text);
        }
    }
}
