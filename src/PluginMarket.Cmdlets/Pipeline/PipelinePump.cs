using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace PluginMarket.Cmdlets.Pipeline;

/// <summary>Runs an asynchronous body on the pool while the pipeline thread writes what the body has to say.</summary>
/// <remarks>
/// The queue is consumed without a token on purpose: Ctrl+C, <c>Select-Object -First</c> and an error downstream cancel the body
/// and then wait for its own clean-up, so that no git process and no held lock is left behind.
/// </remarks>
internal sealed class PipelinePump : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly int _pipelineThread = Environment.CurrentManagedThreadId;
    private BlockingCollection<Action>? _queue;

    /// <summary>Signalled when the pipeline stops.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Asks the running body to end; safe from any thread.</summary>
    public void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (Exception exception) when (exception is ObjectDisposedException or AggregateException)
        {
            // The cmdlet is already over; or what was to be told of the stop failed, which is not a reason not to stop.
        }
    }

    /// <summary>Has an action carried out on the pipeline thread, in order; dropped when no body is running.</summary>
    public void Post(Action action)
    {
        if (Environment.CurrentManagedThreadId == _pipelineThread)
        {
            action();
            return;
        }

        try
        {
            Volatile.Read(ref _queue)?.Add(action);
        }
        catch (InvalidOperationException)
        {
            // The body has ended; a straggler's message has no pipeline to go to.
        }
    }

    /// <summary>Runs a body to its end and gives its result.</summary>
    /// <exception cref="PipelineStoppedException">The pipeline was stopped.</exception>
    public T Run<T>(Func<CancellationToken, Task<T>> body)
    {
        using var queue = new BlockingCollection<Action>();
        Volatile.Write(ref _queue, queue);
        var task = Task.Run(() => body(_stop.Token));
        _ = task.ContinueWith(_ => queue.CompleteAdding(), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        ExceptionDispatchInfo? broken = null;
        foreach (var action in queue.GetConsumingEnumerable(CancellationToken.None))
        {
            if (broken is not null)
            {
                continue;
            }

            try
            {
                action();
            }
#pragma warning disable CA1031 // Whatever the pipeline throws must surface, but only after the body has cleaned up.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                broken = ExceptionDispatchInfo.Capture(exception);
                Stop();
            }
        }

        Volatile.Write(ref _queue, null);
        broken?.Throw();
        try
        {
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();
}
