using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket.Policies.Rules;

/// <summary><c>marketplace</c>: where catalogs may come from.</summary>
internal sealed class MarketplaceRule(PolicyReader.Item item) : PolicyRule(item)
{
    internal const string Effects = "allow deny";
    internal const string Keys = "match";
    internal const string MatchKeys = "url host localRoot name scope refs pinned transports";

    private readonly IReadOnlyList<Place> _places = item.Matches(MatchKeys, required: true, one => new Place(one));

    internal IReadOnlyList<Place> Places => _places;

    // Where a folder leads is known from the disk.
    internal override bool NamesOtherFiles => _places.Any(place => place.Root is not null);

    internal override bool Concerns(PolicySubject subject) => true;

    internal override Answer Fits(PolicySubject subject, DateTimeOffset now) =>
        subject.Marketplace is { } marketplace ? _places.Select(place => place.Fits(marketplace, Allows)).Max() : Answer.Unknown;

    internal override Message Explain(PolicySubject subject)
    {
        var source = subject.Marketplace is { } marketplace ? GitUrl.Redact(marketplace.SourceText) : "unknown";
        return Allows ? (Message)$"its marketplace source '{source}' is not on the list" : $"its marketplace source is '{source}'";
    }

    /// <summary>One item of the list.</summary>
    internal sealed class Place(PolicyReader.Item item)
    {
        private readonly SourceMatch _source = new(item);
        private readonly string? _root = item.Folder("localRoot");
        private readonly PolicyGlob? _name = item.Glob("name");
        private readonly IReadOnlyList<string>? _scope = item.Choices("scope", "Personal", "Repository", "System", "User");
        private readonly IReadOnlyList<PolicyGlob>? _refs = item.Globs("refs");
        private readonly bool? _pinned = item.Flag("pinned");

        internal SourceMatch Source => _source;

        internal string? Root => _root;

        internal IReadOnlyList<PolicyGlob>? Refs => _refs;

        internal bool IsOfNameOrScope => _name is not null || _scope is not null || _pinned is not null;

        internal Answer Fits(MarketplaceFacts facts, bool allows)
        {
            var answer = _source.Matches(facts.Identities, facts.IsUnreadable, "file", allows);
            if (_root is not null)
            {
                answer = Least(answer, facts.LocalRoot is { } root && FolderTree.IsWithin(root, _root));
            }

            if (_name is not null)
            {
                answer = (Answer)Math.Min((int)answer, (int)facts.Name.Is(_name.Matches));
            }

            answer = _scope is null ? answer : Least(answer, _scope.Contains(facts.Scope));
            answer = _refs is null ? answer : Least(answer, facts.Ref is { } reference && _refs.Any(glob => glob.Matches(reference)));
            return _pinned is null ? answer : Least(answer, (facts.Ref is { } pin && GitReference.IsFullId(pin)) == _pinned);
        }

        private static Answer Least(Answer answer, bool fits) => fits ? answer : Answer.No;
    }
}
