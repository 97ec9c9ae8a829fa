using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>A rule that holds for the whole repository; its failure says what to do about it.</summary>
internal static class HouseRule
{
    internal static void AssertKept(string advice, IEnumerable<string> faults)
    {
        var found = faults.Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(found.Count == 0, $"{advice}\n  {string.Join("\n  ", found)}\n");
    }
}
