using System.Collections.Concurrent;
using System.Management.Automation;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets.Pipeline;

/// <summary>Brings the core's messages to the streams of one cmdlet.</summary>
internal sealed class CmdletActivityLog(Cmdlet cmdlet, PipelinePump pump, string activity) : IActivityLog
{
    private const int ParentActivity = 1;
    private const long MinimumMilliseconds = 100;

    private readonly ConcurrentDictionary<string, Child> _children = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _warned = new(StringComparer.Ordinal);
    private int _lastActivity = ParentActivity;
    private int _open;

    /// <inheritdoc/>
    public void Detail(Message message) => pump.Post(() => cmdlet.WriteVerbose(message.In(Face.PowerShell)));

    /// <inheritdoc/>
    public void Command(string commandLine) => pump.Post(() => cmdlet.WriteDebug(commandLine));

    /// <inheritdoc/>
    public void Warn(Message message)
    {
        // A record that cannot be read is met by every step that asks for it: one call says it once.
        var text = message.In(Face.PowerShell);
        if (_warned.TryAdd(text, true))
        {
            pump.Post(() => cmdlet.WriteWarning(text));
        }
    }

    /// <inheritdoc/>
    public void Progress(ActivityProgress progress)
    {
        var child = _children.GetOrAdd(progress.Subject, _ => new Child(Interlocked.Increment(ref _lastActivity)));
        if (!child.IsDue(progress))
        {
            return;
        }

        pump.Post(() =>
        {
            if (Interlocked.Exchange(ref _open, 1) == 0)
            {
                cmdlet.WriteProgress(new ProgressRecord(ParentActivity, activity, " "));
            }

            cmdlet.WriteProgress(Record(child.Activity, ParentActivity, Line(progress.Subject), Line(progress.Status),
                progress.Percent, progress.Completed));
        });
    }

    /// <summary>Takes the progress display away; called on the pipeline thread when a body has ended.</summary>
    public void Complete()
    {
        foreach (var (subject, child) in _children)
        {
            if (!child.Completed)
            {
                cmdlet.WriteProgress(Record(child.Activity, ParentActivity, Line(subject), " ", null, completed: true));
            }
        }

        _children.Clear();
        if (Interlocked.Exchange(ref _open, 0) == 1)
        {
            cmdlet.WriteProgress(Record(ParentActivity, -1, activity, " ", null, completed: true));
        }
    }

    private static ProgressRecord Record(int id, int parent, string activity, string status, int? percent, bool completed) =>
        new(id, activity, status)
        {
            ParentActivityId = parent,
            PercentComplete = percent is int value ? Math.Clamp(value, 0, 100) : -1,
            RecordType = completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        };

    // ProgressRecord refuses empty texts.
    private static string Line(string text) => text.Length == 0 ? " " : text;

    private sealed class Child(int activity)
    {
        private long _last = long.MinValue;
        private string _status = "";

        public int Activity { get; } = activity;

        public bool Completed { get; private set; }

        /// <summary>Whether a report is worth a redraw: bytes are counted far more often than anybody can read.</summary>
        public bool IsDue(ActivityProgress progress)
        {
            lock (this)
            {
                var now = Environment.TickCount64;
                var due = progress.Completed || progress.Status != _status || now - _last >= MinimumMilliseconds;
                if (due)
                {
                    (_last, _status, Completed) = (now, progress.Status, progress.Completed);
                }

                return due;
            }
        }
    }
}
