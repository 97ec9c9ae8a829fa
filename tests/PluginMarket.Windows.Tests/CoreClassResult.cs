namespace PluginMarket.Windows.Tests;

/// <summary>The outcome of one test class of the core on the Windows API.</summary>
/// <param name="Name">The class.</param>
/// <param name="Passed">How many tests passed.</param>
/// <param name="Failures">The name of each test that failed, and why.</param>
public sealed record CoreClassResult(string Name, int Passed, IReadOnlyList<string> Failures);
