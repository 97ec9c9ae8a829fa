using System.Collections.Concurrent;
using PluginMarket.Interop.Tests.Catalogs;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>Every generated marketplace, compared once for all tests of the class that asks for it.</summary>
public sealed class ComparedCatalogs : IAsyncLifetime
{
    /// <summary>Another seed gives other mixtures.</summary>
    public const int Seed = 20260923;

    /// <summary>Why nothing was compared, or null.</summary>
    public string? Missing { get; private set; }

    public IReadOnlyList<CaseComparison> Comparisons { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var codex = CodexCli.Find(out var missing);
        Missing = missing;
        if (codex is null)
        {
            return;
        }

        using var scratch = new ScratchFolder();
        var cases = new CatalogCases(new SharedRepositories(scratch)).All(Seed).ToList();
        var compared = new ConcurrentBag<CaseComparison>();
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount) }, async (subject, _) =>
            compared.Add(await CaseComparison.RunAsync(codex, scratch, subject)));
        Comparisons = [.. compared.OrderBy(c => c.Case.Id, StringComparer.Ordinal)];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
