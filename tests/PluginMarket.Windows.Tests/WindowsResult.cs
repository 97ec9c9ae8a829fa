namespace PluginMarket.Windows.Tests;

/// <summary>The outcome of one check on the Windows API.</summary>
/// <param name="File">The Pester file.</param>
/// <param name="Name">The check's name.</param>
/// <param name="Outcome"><c>Passed</c>, <c>Failed</c> or <c>Skipped</c>.</param>
/// <param name="Message">Why it failed, or was skipped.</param>
public sealed record WindowsResult(string File, string Name, string Outcome, string? Message)
{
    public bool Passed => Outcome == "Passed";
}
