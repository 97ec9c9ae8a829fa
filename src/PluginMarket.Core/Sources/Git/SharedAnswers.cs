using System.Collections.Concurrent;

namespace PluginMarket.Sources.Git;

/// <summary>Asks each question once however many ask it at the same time; failures are answers too, cancellations are not.</summary>
internal sealed class SharedAnswers<TKey, TAnswer>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TAnswer>>> _answers = new();

    internal async Task<TAnswer> AskAsync(TKey key, Func<Task<TAnswer>> ask, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = _answers.GetOrAdd(key, _ => new Lazy<Task<TAnswer>>(ask));
            try
            {
                return await answer.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The one who asked first gave up; its child has to end before anybody goes on.
                await ((Task)answer.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _answers.TryRemove(new(key, answer));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
