using PluginMarket.Messages;

namespace PluginMarket.Policies.Rules;

/// <summary><c>age</c>: how long bytes have to be known before they are installed. Bytes that a lock file or an approval
/// names are exempt.</summary>
internal sealed class AgeRule(PolicyReader.Item item) : PolicyRule(item)
{
    internal const string Effects = "require";
    internal const string Keys = "minimum basis";

    private readonly TimeSpan _minimum = item.DemandPeriod("minimum");
    private readonly bool _isFirstSeen = item.Choice("basis", "firstSeen", "commit") is null or "firstSeen";

    /// <summary>Whether the day counts on which the bytes were first seen here, and not the author's word.</summary>
    internal bool IsOfFirstSeen => _isFirstSeen;

    internal override PolicyStage Stage => PolicyStage.Publish;

    internal override Answer Fits(PolicySubject subject, DateTimeOffset now) =>
        subject.IsPinnedByRecord ? Answer.Yes : Since(subject).Is(since => since <= now && now - since >= _minimum);

    internal override Message Explain(PolicySubject subject)
    {
        var since = Since(subject);
        var basis = _isFirstSeen ? "were first seen here" : "were committed";
        return since.IsKnown ? (Message)$"its bytes {basis} on {since.Value.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}, less than {_minimum} ago"
            : $"it is not known when its bytes {basis}";
    }

    private Fact<DateTimeOffset> Since(PolicySubject subject) => _isFirstSeen ? subject.FirstSeen : subject.CommittedOn;
}
