using PluginMarket.Messages;

namespace PluginMarket.Policies.Rules;

/// <summary><c>pin</c>: how exactly the bytes of plugins have to be named.</summary>
internal sealed class PinRule(PolicyReader.Item item) : PolicyRule(item)
{
    internal const string Effects = "require";
    internal const string Keys = "match level";
    internal const string MatchKeys = "plugin type url host package registry transports";

    private readonly PinLevel _level = item.DemandChoice("level", "ref", "commit", "digest") switch
    {
        "ref" => PinLevel.Ref,
        "commit" => PinLevel.Commit,
        _ => PinLevel.Digest,
    };

    private readonly IReadOnlyList<(PluginMatch Plugin, PluginSourceMatch Source)> _limits =
        item.Matches(MatchKeys, required: false, one => (new PluginMatch(one), new PluginSourceMatch(one)));

    internal override Answer Fits(PolicySubject subject, DateTimeOffset now)
    {
        // What is required of a part has to be required of what cannot be told apart from it.
        var applies = _limits.Count == 0 ? Answer.Yes : _limits.Select(limit => (Answer)Math.Min((int)limit.Plugin.Fits(subject),
            (int)(subject.Source is { } source ? limit.Source.Fits(source, allows: false) : Answer.Unknown))).Max();
        var satisfied = subject.Pin.Is(level => level >= _level);
        return applies == Answer.No ? Answer.Yes : applies == Answer.Unknown && satisfied != Answer.Yes ? Answer.Unknown : satisfied;
    }

    internal override Message Explain(PolicySubject subject) => $"its bytes are not named by a {Level}";

    private string Level => _level switch { PinLevel.Ref => "branch, tag or version", PinLevel.Commit => "commit", _ => "digest" };
}
