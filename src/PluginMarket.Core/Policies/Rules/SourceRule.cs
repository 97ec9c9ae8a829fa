using PluginMarket.Messages;

namespace PluginMarket.Policies.Rules;

/// <summary><c>source</c>: where the files of plugins may come from.</summary>
internal sealed class SourceRule(PolicyReader.Item item) : PolicyRule(item)
{
    internal const string Effects = "allow deny";
    internal const string Keys = "match";
    internal const string MatchKeys = "type url host package registry transports";

    private readonly IReadOnlyList<PluginSourceMatch> _sources = item.Matches(MatchKeys, required: true, one => new PluginSourceMatch(one));

    internal override Answer Fits(PolicySubject subject, DateTimeOffset now) =>
        subject.Source is { } source ? _sources.Select(one => one.Fits(source, Allows)).Max() : Answer.Unknown;

    internal override Message Explain(PolicySubject subject)
    {
        var source = subject.Source is { } known
            ? known.Package ?? (known.Identities.Count > 0 ? known.Identities[0].Address : known.Type) : "unknown";
        return Allows ? (Message)$"its source '{source}' is not on the list" : $"its source is '{source}'";
    }
}

/// <summary>The fields of a match that are about the source of a plugin.</summary>
internal sealed class PluginSourceMatch(PolicyReader.Item item)
{
    private readonly SourceMatch _address = new(item);
    private readonly IReadOnlyList<string>? _types = item.Choices("type", "git", "git-subdir", "local", "npm");
    private readonly PolicyGlob? _package = item.Glob("package", '/');
    private readonly PolicyGlob? _registry = item.Glob("registry", '.', ignoreCase: true);

    internal Answer Fits(PluginSourceFacts facts, bool allows)
    {
        var answer = _address.Matches(facts.Identities, facts.IsUnreadable, facts.Transport, allows);
        answer = _types?.Contains(facts.Type) == false ? Answer.No : answer;
        answer = _package is not null && !(facts.Package is { } package && _package.Matches(package)) ? Answer.No : answer;
        return _registry is null ? answer : (Answer)Math.Min((int)answer,
            (int)(facts.Type != "npm" ? Answer.No : facts.Registry.Is(host => host is not null && _registry.Matches(host))));
    }
}
