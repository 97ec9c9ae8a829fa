using System.Collections.Concurrent;
using PluginMarket.Messages;

namespace PluginMarket.TestKit;

/// <summary>Keeps what a command says.</summary>
internal sealed class RecordingLog : IActivityLog
{
    public ConcurrentQueue<string> Details { get; } = new();

    public ConcurrentQueue<string> Commands { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    public ConcurrentQueue<ActivityProgress> Activities { get; } = new();

    public void Detail(Message message) => Details.Enqueue(message.ToString());

    public void Command(string commandLine) => Commands.Enqueue(commandLine);

    public void Warn(Message message) => Warnings.Enqueue(message.ToString());

    public void Progress(ActivityProgress progress) => Activities.Enqueue(progress);
}
