namespace PluginMarket.Module.Tests;

/// <summary>The outcome of one Pester test.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Name">The test's full name.</param>
/// <param name="Outcome">Pester's word: Passed, Failed, Skipped, NotRun, Inconclusive.</param>
/// <param name="Message">Why it failed.</param>
public sealed record PesterResult(string File, string Name, string Outcome, string? Message)
{
    /// <summary>Whether it passed.</summary>
    public bool Passed => Outcome == "Passed";

    /// <summary>Why it was not run, or null where it was.</summary>
    public string? SkipReason => Outcome == "Skipped" ? Message ?? "Pester skipped it." : null;
}
