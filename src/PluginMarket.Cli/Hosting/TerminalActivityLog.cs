using PluginMarket.Messages;

namespace PluginMarket.Cli.Hosting;

/// <summary>Messages of the core on standard error: warnings, decisions and git command lines with <c>--verbose</c>. Where the answer
/// is for a program, warnings are part of it, because programs take what is on standard error for a failure.</summary>
internal sealed class TerminalActivityLog(Terminal terminal, bool verbose, bool isForProgram = false) : IActivityLog
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
            if (!_warned.Add(message.In(Face.CommandLine)))
            {
                return;
            }

            if (isForProgram)
            {
                terminal.Keep(message);
            }

            Write(!isForProgram || verbose, $"warning: {message}");
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
