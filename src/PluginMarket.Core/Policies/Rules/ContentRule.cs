using PluginMarket.Messages;

namespace PluginMarket.Policies.Rules;

/// <summary><c>content</c>: what the files of plugins may not have.</summary>
internal sealed class ContentRule : PolicyRule
{
    internal const string Effects = "deny";
    internal const string Keys = "hiddenText findings maxBytes maxFiles";

    private readonly bool _hiddenText;
    private readonly IReadOnlyList<PolicyGlob>? _findings;
    private readonly long? _maxBytes;
    private readonly long? _maxFiles;

    internal ContentRule(PolicyReader.Item item)
        : base(item)
    {
        _hiddenText = item.Flag("hiddenText") == true;
        _findings = item.Globs("findings");
        _maxBytes = item.Count("maxBytes");
        _maxFiles = item.Count("maxFiles");
        if (!item.Has("hiddenText") && _findings is null && _maxBytes is null && _maxFiles is null)
        {
            throw item.Failure(null, $"The rule says nothing: it needs 'hiddenText', 'findings', 'maxBytes' or 'maxFiles'");
        }
    }

    internal override PolicyStage Stage => PolicyStage.Publish;

    internal override Answer Fits(PolicySubject subject, DateTimeOffset now)
    {
        var answer = _hiddenText ? subject.HasHiddenText.Is(hidden => hidden) : Answer.No;
        Or(_maxBytes is null ? Answer.No : subject.Size.Is(size => size.Bytes > _maxBytes));
        Or(_maxFiles is null ? Answer.No : subject.Size.Is(size => size.Files > _maxFiles));
        Or(_findings is null ? Answer.No : subject.Findings is not { } read ? Answer.Unknown
            : read().Any(id => _findings.Any(glob => glob.Matches(id))) ? Answer.Yes : Answer.No);
        return answer;

        void Or(Answer other) => answer = other > answer ? other : answer;
    }

    internal override Message Explain(PolicySubject subject) =>
        _hiddenText && subject.HasHiddenText is { IsKnown: true, Value: true } ? (Message)$"it has invisible text"
            : subject.Size.IsKnown && (subject.Size.Value.Bytes > _maxBytes || subject.Size.Value.Files > _maxFiles)
                ? (Message)$"it has {subject.Size.Value.Files} files of {subject.Size.Value.Bytes} bytes"
            : (Message)$"a check of its files reports what the rule names";
}
