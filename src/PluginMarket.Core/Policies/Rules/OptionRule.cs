using PluginMarket.Messages;

namespace PluginMarket.Policies.Rules;

/// <summary><c>option</c>: which options of commands may not be used.</summary>
internal sealed class OptionRule(PolicyReader.Item item) : PolicyRule(item)
{
    internal const string Effects = "deny";
    internal const string Keys = "options";

    private readonly IReadOnlyList<string> _options = item.Choices("options", "AcceptCapability", "AllowDowngrade", "AllowHost",
        "AllowHttp", "Force", "Reinstall", "TrustMarketplace") ?? throw item.Failure(null, $"'options' is missing");

    internal override bool Concerns(PolicySubject subject) => true;

    internal override Answer Fits(PolicySubject subject, DateTimeOffset now) =>
        subject.Options.Any(_options.Contains) ? Answer.Yes : Answer.No;

    internal override Message Explain(PolicySubject subject) =>
        $"the command uses {string.Join(", ", subject.Options.Where(_options.Contains))}";
}
