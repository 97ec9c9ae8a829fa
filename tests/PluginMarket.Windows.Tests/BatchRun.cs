namespace PluginMarket.Windows.Tests;

/// <summary>What a process did with the batch of items, test classes or Pester files, that it was given.</summary>
/// <param name="Results">The results of the items that came to their end.</param>
/// <param name="Finished">The items that came to their end.</param>
/// <param name="Current">The item that began and did not come to its end.</param>
/// <param name="Ending">How the process ended, for a message.</param>
internal sealed record Batch<TResult>(IReadOnlyList<TResult> Results, IReadOnlyCollection<string> Finished, string? Current, string Ending);

/// <summary>Runs batches of items, each in its own process.</summary>
/// <remarks>Wine's .NET can crash or hang in a test that is fine. That must not hide what the other items of the process show, and an
/// item fails only where it ends its process twice. A process that ends after its last item has lost nothing.</remarks>
internal static class BatchRun
{
    /// <summary>Runs all items: the one that a process ended in runs again alone, those that did not begin run together.</summary>
    /// <param name="items">The items.</param>
    /// <param name="run">Runs items in one process.</param>
    /// <param name="fail">Makes the result of an item that did not come to its end.</param>
    public static async Task<IReadOnlyList<TResult>> RunAsync<TResult>(IReadOnlyList<string> items,
        Func<IReadOnlyList<string>, Task<Batch<TResult>>> run, Func<string, string, TResult> fail)
    {
        var results = new List<TResult>();
        while (items.Count > 0)
        {
            var together = await run(items);
            results.AddRange(together.Results);
            items = [.. items.Except(together.Finished, StringComparer.Ordinal)];
            if (items.Count == 0)
            {
                break;
            }

            var ended = together.Current is { } current && items.Contains(current, StringComparer.Ordinal) ? current : items[0];
            var alone = await run([ended]);
            results.AddRange(alone.Results);
            var isFinished = alone.Finished.Contains(ended, StringComparer.Ordinal);
            if (!isFinished)
            {
                results.Add(fail(ended, alone.Ending));
            }

            items = [.. items.Where(item => item != ended)];
            if (!isFinished && alone.Current is null && together.Current is null)
            {
                // Twice a process came to no item at all: this is not the fault of one of them, and a third would not either.
                results.AddRange(items.Select(item => fail(item, alone.Ending)));
                break;
            }
        }

        return results;
    }
}
