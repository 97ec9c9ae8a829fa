using System.Globalization;
using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>What a running operation tells its user, apart from its result.</summary>
/// <remarks>Called from any thread. Command lines and progress are escaped for a terminal and free of secrets, as messages are.</remarks>
internal interface IActivityLog
{
    /// <summary>A decision taken (the verbose stream).</summary>
    void Detail(Message message);

    /// <summary>A command line about to run, credentials masked (the debug stream).</summary>
    void Command(string commandLine);

    /// <summary>Something asked for was left out.</summary>
    void Warn(Message message);

    /// <summary>How far an activity is.</summary>
    void Progress(ActivityProgress progress);
}

/// <summary>How far one activity is.</summary>
/// <param name="Subject">What is worked on: a plugin id, a marketplace name, a URL without secrets.</param>
/// <param name="Status">What happens to it now.</param>
/// <param name="Percent">0 to 100, or null where the end is not known.</param>
/// <param name="Completed">Whether the activity is over.</param>
internal sealed record ActivityProgress(string Subject, string Status, int? Percent = null, bool Completed = false)
{
    /// <summary>A fetch that has that many bytes by now.</summary>
    internal static ActivityProgress OfBytes(string subject, long bytes) =>
        new(subject, bytes < 1 << 20 ? string.Create(CultureInfo.InvariantCulture, $"Fetching: {bytes / 1024} KiB")
            : string.Create(CultureInfo.InvariantCulture, $"Fetching: {bytes / (double)(1 << 20):0.0} MiB"));
}

/// <summary>The log of a caller who wants none.</summary>
internal sealed class SilentActivityLog : IActivityLog
{
    /// <summary>The only instance needed.</summary>
    public static SilentActivityLog Instance { get; } = new();

    /// <inheritdoc/>
    public void Detail(Message message) { }

    /// <inheritdoc/>
    public void Command(string commandLine) { }

    /// <inheritdoc/>
    public void Warn(Message message) { }

    /// <inheritdoc/>
    public void Progress(ActivityProgress progress) { }
}
