using System.Collections.Concurrent;
using PluginMarket.Interop.Tests.Catalogs;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>Every generated marketplace, compared once with each version of Codex for all tests of the class that asks for it.</summary>
public sealed class ComparedCatalogs : IAsyncLifetime
{
    /// <summary>Another seed gives other mixtures.</summary>
    public const int Seed = 20260923;

    /// <summary>Why nothing was compared, or null.</summary>
    public string? Missing { get; private set; }

    /// <summary>One for each case and version.</summary>
    internal IReadOnlyList<CaseComparison> Comparisons { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var judges = CodexCli.FindAll(out var missing);
        Missing = missing;
        using var scratch = new ScratchFolder();
        var cases = judges.Count == 0 ? [] : new CatalogCases(new SharedRepositories(scratch)).All(Seed).ToList();
        var compared = new ConcurrentBag<CaseComparison>();
        await Parallel.ForEachAsync(cases,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount) }, async (subject, _) =>
            {
                foreach (var comparison in await CaseComparison.RunAsync(judges, scratch, subject))
                {
                    compared.Add(comparison);
                }
            });
        Comparisons = [.. compared.OrderBy(c => c.Case.Id, StringComparer.Ordinal).ThenBy(c => c.Version, StringComparer.Ordinal)];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
