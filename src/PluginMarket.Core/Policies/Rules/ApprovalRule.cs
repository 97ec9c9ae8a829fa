using PluginMarket.Messages;

namespace PluginMarket.Policies.Rules;

/// <summary><c>approval</c>: that an approvals file approves the bytes and the capabilities of a plugin.</summary>
internal sealed class ApprovalRule(PolicyReader.Item item) : PolicyRule(item)
{
    internal const string Effects = "require";
    internal const string Keys = "file sha256";

    private readonly string _file = item.DemandFile("file", "sha256");

    internal override bool NamesOtherFiles => true;

    internal override PolicyStage Stage => PolicyStage.Publish;

    internal override Answer Fits(PolicySubject subject, DateTimeOffset now) =>
        subject.IsApprovedBy is not { } asked ? Answer.Unknown : asked(_file) ? Answer.Yes : Answer.No;

    internal override Message Explain(PolicySubject subject) => $"'{_file}' does not approve its bytes and what they can do";
}
