using PluginMarket.Messages;

namespace PluginMarket.Policies.Rules;

/// <summary><c>capability</c>: what plugins may be able to do.</summary>
internal sealed class CapabilityRule(PolicyReader.Item item) : PolicyRule(item)
{
    internal const string Effects = "allow deny";
    internal const string Keys = "match";
    internal const string MatchKeys = "component event transport program command urlHost environment hash";

    private readonly IReadOnlyList<CapabilityMatch> _matches = item.Matches(MatchKeys, required: true, one => new CapabilityMatch(one));

    internal override PolicyStage Stage => PolicyStage.Publish;

    internal IReadOnlyList<CapabilityMatch> Items => _matches;

    internal override Answer Fits(PolicySubject subject, DateTimeOffset now) =>
        subject.Capabilities.Is(all => Found(all) is not null);

    /// <summary>Every capability of a component that the group speaks of has to fit one of its rules.</summary>
    internal override Answer FitsAny(IReadOnlyList<PolicyRule> group, PolicySubject subject, DateTimeOffset now) =>
        subject.Capabilities.Is(all => Uncovered(group, all) is null);

    internal override Message Explain(PolicySubject subject)
    {
        if (!subject.Capabilities.IsKnown)
        {
            return $"what it can do is not known";
        }

        var found = Allows
            ? subject.Capabilities.Value.FirstOrDefault(one => Speaks(one) && !Covers(one)) : Found(subject.Capabilities.Value);
        return found is null ? (Message)$"it can do what the rule does not allow" : Describe(found);
    }

    private static Message Describe(CapabilityFacts found)
    {
        var kind = found.Capability.Component switch
        {
            "McpServer" => "MCP server",
            "Hook" => "hook",
            var other => other.ToLowerInvariant(),
        };
        return found.Program is { } program ? (Message)$"its {kind} '{found.Capability.Name}' runs {program}"
            : found.UrlHost is { } host ? (Message)$"its {kind} '{found.Capability.Name}' talks to {host}"
            : (Message)$"it has the {kind} '{found.Capability.Name}'";
    }

    private static CapabilityFacts? Uncovered(IReadOnlyList<PolicyRule> group, IReadOnlyList<CapabilityFacts> all)
    {
        foreach (var one in all)
        {
            var isSpokenOf = false;
            var isCovered = false;
            foreach (var rule in group)
            {
                isSpokenOf |= ((CapabilityRule)rule).Speaks(one);
                isCovered |= ((CapabilityRule)rule).Covers(one);
            }

            if (isSpokenOf && !isCovered)
            {
                return one;
            }
        }

        return null;
    }

    private bool Speaks(CapabilityFacts one) => _matches.Any(match => match.Speaks(one));

    private bool Covers(CapabilityFacts one) => _matches.Any(match => match.Fits(one, allows: true));

    private CapabilityFacts? Found(IReadOnlyList<CapabilityFacts> all) =>
        all.FirstOrDefault(one => _matches.Any(match => match.Fits(one, allows: false)));
}

/// <summary>One item of a list of capabilities.</summary>
internal sealed class CapabilityMatch(PolicyReader.Item item)
{
    private static readonly string[] All = ["App", "Hook", "McpServer", "Script", "Skill"];

    private readonly IReadOnlyList<string> _components = item.Choices("component", All) ?? Implied(item);
    private readonly PolicyGlob? _event = item.Glob("event", null, ignoreCase: true);
    private readonly string? _transport = item.Choice("transport", "stdio", "http");
    private readonly PolicyGlob? _program = item.Glob("program", null, ignoreCase: true);
    private readonly PolicyGlob? _command = item.Glob("command");
    private readonly PolicyGlob? _urlHost = item.Glob("urlHost", '.', ignoreCase: true);
    private readonly PolicyGlob? _environment = item.Glob("environment");
    private readonly string? _hash = item.Digest("hash");

    internal IReadOnlyList<string> Components => _components;

    /// <summary>Whether nothing but the component is asked for.</summary>
    internal bool IsOfComponentAlone => _event is null && _transport is null && _program is null && _command is null && _urlHost is null
        && _environment is null && _hash is null;

    internal bool Speaks(CapabilityFacts one) => _components.Contains(one.Capability.Component);

    internal bool Fits(CapabilityFacts one, bool allows) =>
        Speaks(one)
        && (_event is null || (one.Capability.Event is { } name && _event.Matches(name)))
        && (_transport is null || _transport == one.Transport)
        && (_program is null || (one.Program is { } program && _program.Matches(program)))
        && (_command is null || (one.Command is { } command && _command.Matches(command)))
        && (_urlHost is null || (one.UrlHost is { } host && _urlHost.Matches(host)))
        && (_environment is null || (allows ? one.Capability.Environment.All(_environment.Matches)
            : one.Capability.Environment.Any(_environment.Matches)))
        && (_hash is null || _hash == one.Capability.Hash);

    // A field that only some components have speaks of those alone.
    private static string[] Implied(PolicyReader.Item item) =>
        item.Has("event") ? ["Hook"]
        : item.Has("transport") || item.Has("urlHost") || item.Has("environment") ? ["McpServer"]
        : item.Has("program") || item.Has("command") ? ["Hook", "McpServer"] : All;
}
