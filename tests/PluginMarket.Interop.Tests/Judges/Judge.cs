using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>The version of Codex that a test case asks.</summary>
internal static class Judge
{
    /// <summary>The trait that names the version, so that a filter can choose one: <c>--filter Codex=0.171.0</c>.</summary>
    public const string Trait = "Codex";

    /// <summary>The version of the running test case.</summary>
    /// <exception cref="InvalidOperationException">The test does not say that it runs with each version.</exception>
    public static string CurrentVersion =>
        TestContext.Current.TestCase is { } running && running.Traits.TryGetValue(Trait, out var versions)
            ? versions.Single()
            : throw new InvalidOperationException("A test that asks Codex runs once with each version. Use [CodexFact] or [CodexTheory].");

    /// <summary>The program of that version; the test is skipped where it cannot be had.</summary>
    public static CodexCli Current
    {
        get
        {
            var codex = CodexCli.Find(CurrentVersion, out var missing);
            Assert.SkipWhen(codex is null, missing ?? "");
            return codex!;
        }
    }
}
