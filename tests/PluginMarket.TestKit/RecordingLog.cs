using System.Collections.Concurrent;

namespace PluginMarket.TestKit;

/// <summary>Keeps what a command says.</summary>
public sealed class RecordingLog : IActivityLog
{
    public ConcurrentQueue<string> Details { get; } = new();

    public ConcurrentQueue<string> Commands { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    public ConcurrentQueue<ActivityProgress> Activities { get; } = new();

    public void Detail(string message) => Details.Enqueue(message);

    public void Command(string commandLine) => Commands.Enqueue(commandLine);

    public void Warn(string message) => Warnings.Enqueue(message);

    public void Progress(ActivityProgress progress) => Activities.Enqueue(progress);
}
