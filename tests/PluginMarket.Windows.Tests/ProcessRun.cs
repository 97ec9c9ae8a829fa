namespace PluginMarket.Windows.Tests;

/// <summary>How a process ended, and what it wrote.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Silence">How long it wrote nothing before it was killed for that, or null.</param>
internal sealed record ProcessRun(int ExitCode, string Output, string Error, TimeSpan? Silence)
{
    private const int LinesToShow = 40;

    /// <summary>How it ended and the last lines of some output, for a message.</summary>
    public string Describe(string output) =>
        (Silence is { } silence
            ? $"was killed because it wrote nothing for more than {silence.TotalMinutes:0.##} minutes"
            : $"ended with exit code {ExitCode}")
        + $". Its last lines:\n{string.Join('\n', $"{output}\n{Error}".Split('\n').Where(line => line.Length > 0).TakeLast(LinesToShow))}";
}
