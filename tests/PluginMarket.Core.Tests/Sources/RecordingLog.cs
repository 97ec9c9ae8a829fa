using System.Collections.Concurrent;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>Keeps what was said.</summary>
internal sealed class RecordingLog : IActivityLog
{
    public ConcurrentQueue<string> Commands { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    public void Detail(string message) { }

    public void Command(string commandLine) => Commands.Enqueue(commandLine);

    public void Warn(string message) => Warnings.Enqueue(message);

    public void Progress(ActivityProgress progress) { }
}
