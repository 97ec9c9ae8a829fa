using PluginMarket.Messages;
using Semver;

namespace PluginMarket.Policies.Rules;

/// <summary><c>plugin</c>: which plugins may be installed, and which must be.</summary>
internal sealed class PluginRule(PolicyReader.Item item) : PolicyRule(item)
{
    internal const string Effects = "allow deny require";
    internal const string Keys = "match";
    internal const string MatchKeys = "plugin version author licenses treeHash commit";

    private readonly IReadOnlyList<PluginMatch> _plugins = item.Matches(MatchKeys, required: true, one => new PluginMatch(one));

    internal override Answer Fits(PolicySubject subject, DateTimeOffset now) =>
        Effect == RuleEffect.Require ? Answer.Yes : _plugins.Select(one => one.Fits(subject)).Max();

    /// <summary>Whether the rule wants the plugin to stay.</summary>
    internal bool Demands(PluginId id) =>
        Effect == RuleEffect.Require && _plugins.Any(one => one.Names(id));

    internal override Message Explain(PolicySubject subject) =>
        Allows ? (Message)$"no rule allows it"
            : _plugins.FirstOrDefault(one => one.Pattern is not null && one.Fits(subject) != Answer.No) is { } found
                ? $"it fits '{found.Pattern}'" : (Message)$"it is denied";

    internal bool Names(PluginId id) => _plugins.Any(one => one.Names(id));

    /// <summary>The patterns of a list, for what names plugins one by one.</summary>
    internal IEnumerable<string> Patterns => _plugins.Select(one => one.Pattern).OfType<string>();

    /// <summary>Whether every item of the list is a pattern of ids and nothing more.</summary>
    internal bool IsOfIdsAlone => _plugins.All(one => one.IsPatternAlone);
}

/// <summary>The fields of a match that are about a plugin and its manifest.</summary>
internal sealed class PluginMatch
{
    private readonly PolicyGlob? _name;
    private readonly PolicyGlob? _marketplace;
    private readonly SemVersionRange? _versions;
    private readonly string? _versionText;
    private readonly PolicyGlob? _author;
    private readonly IReadOnlyList<PolicyGlob>? _licenses;
    private readonly string? _treeHash;
    private readonly string? _commit;

    internal PluginMatch(PolicyReader.Item item)
    {
        Pattern = item.Text("plugin");
        if (Pattern is not null)
        {
            if (Pattern.Split('@') is not [{ Length: > 0 } name, { Length: > 0 } marketplace])
            {
                throw item.Failure("plugin", $"'{Pattern}' is not plugin@marketplace; '*' stands for any name");
            }

            (_name, _marketplace) = (new PolicyGlob(name), new PolicyGlob(marketplace));
        }

        _versionText = item.Text("version");
        _versions = item.Range("version");
        _author = item.Glob("author", null, ignoreCase: true);
        _licenses = item.Globs("licenses");
        _treeHash = item.Digest("treeHash");
        _commit = item.Commit("commit");
    }

    internal string? Pattern { get; }

    internal bool IsPatternAlone => Pattern is not null && _versions is null && _author is null && _licenses is null
        && _treeHash is null && _commit is null;

    internal bool Names(PluginId id) =>
        _name is null || (_name.Matches(id.Plugin.Value) && _marketplace!.Matches(id.Marketplace.Value));

    internal Answer Fits(PolicySubject subject)
    {
        if (subject.Plugin is not { } id || !Names(id))
        {
            return Answer.No;
        }

        var answer = Answer.Yes;
        And(_versions is null ? Answer.Yes : !subject.Version.IsKnown ? Answer.Unknown : InRange(subject.Version.Value));
        And(_author is null ? Answer.Yes : subject.Author.Is(texts => texts.Any(_author.Matches)));
        And(_licenses is null ? Answer.Yes
            : subject.License.Is(license => license is not null && _licenses.Any(glob => glob.Matches(license))));
        And(_treeHash is null ? Answer.Yes : subject.TreeHash.Is(hash => hash == _treeHash));
        And(_commit is null ? Answer.Yes : subject.Commit.Is(commit => commit == _commit));
        return answer;

        void And(Answer other) => answer = other < answer ? other : answer;
    }

    // A version that cannot be compared may be inside of the range or outside of it.
    private Answer InRange(string? version) =>
        version == _versionText ? Answer.Yes
            : !SemVersion.TryParse(version ?? "", SemVersionStyles.Strict, out var parsed, 255) ? Answer.Unknown
            : _versions!.Contains(parsed) ? Answer.Yes : Answer.No;
}
