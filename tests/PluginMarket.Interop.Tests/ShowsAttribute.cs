namespace PluginMarket.Interop.Tests;

/// <summary>The row of <c>docs/codex-differences.md</c> that a test shows from both sides.</summary>
/// <param name="row">The row's id.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ShowsAttribute(string row) : Attribute
{
    public string Row { get; } = row;
}
