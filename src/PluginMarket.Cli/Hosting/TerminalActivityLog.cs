using PluginMarket.Messages;

namespace PluginMarket.Cli.Hosting;

/// <summary>Messages of the core on standard error: warnings always, decisions and git command lines with <c>--verbose</c>.</summary>
internal sealed class TerminalActivityLog(Terminal terminal, bool verbose) : IActivityLog
{
    private readonly Lock _turn = new();
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    public void Detail(Message message) => Write(verbose, message);

    public void Command(string commandLine) => Write(verbose, $"$ {commandLine}");

    public void Warn(Message message)
    {
        lock (_turn)
        {
            // Every step that meets the same thing tells of it: one run says it once.
            Write(_warned.Add(message.In(Face.CommandLine)), $"warning: {message}");
        }
    }

    public void Progress(ActivityProgress progress) => Write(verbose, $"{progress.Subject}: {progress.Status}");

    private void Write(bool wanted, Message message)
    {
        if (!wanted)
        {
            return;
        }

        lock (_turn)
        {
            terminal.WriteMessage(message);
        }
    }
}
