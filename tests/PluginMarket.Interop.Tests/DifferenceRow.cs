using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>A row of the table of differences.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Versions">The versions of Codex it holds for: <c>all</c>, <c>up to 0.169.0</c>, <c>from 0.171.0</c>.</param>
public sealed record DifferenceRow(string Id, string Versions)
{
    private const string UpTo = "up to ";
    private const string From = "from ";

    /// <exception cref="FormatException">The row does not say for which versions it holds.</exception>
    public bool Holds(string version) =>
        Versions == "all"
        || (Versions.StartsWith(UpTo, StringComparison.Ordinal) ? CodexVersions.Compare(version, Versions[UpTo.Length..]) <= 0
            : Versions.StartsWith(From, StringComparison.Ordinal) ? CodexVersions.Compare(version, Versions[From.Length..]) >= 0
            : throw new FormatException(
                $"The row {Id} does not say for which versions of Codex it holds: '{Versions}'. Use all, {UpTo}VERSION or {From}VERSION."));
}
