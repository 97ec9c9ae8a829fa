namespace PluginMarket.Interop.Tests.Catalogs;

internal static class RandomExtensions
{
    public static T Of<T>(this Random random, params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public static bool Chance(this Random random, int percent) => random.Next(100) < percent;
}
