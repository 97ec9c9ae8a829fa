using System.Runtime.ExceptionServices;

namespace PluginMarket;

/// <summary>Work on many things that do not depend on each other, on all processors.</summary>
internal static class SideBySide
{
    /// <summary>Makes a result of each item, in their order; a failure is thrown as it is.</summary>
    /// <param name="items">The items.</param>
    /// <param name="make">Makes one result; called from several threads.</param>
    /// <param name="cancellation">Stops between two items.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    internal static IReadOnlyList<TResult> Select<T, TResult>(IReadOnlyList<T> items, Func<T, TResult> make, CancellationToken cancellation)
    {
        var results = new TResult[items.Count];
        try
        {
            Parallel.For(0, results.Length, new ParallelOptions { CancellationToken = cancellation }, i => results[i] = make(items[i]));
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }

        return results;
    }
}
