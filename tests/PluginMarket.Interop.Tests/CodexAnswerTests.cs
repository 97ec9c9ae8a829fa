using System.Collections.Concurrent;
using PluginMarket.Interop.Tests.Answers;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>The answers of every version, beside each other in <c>docs/codex-versions.md</c>. How ours answers, other tests compare;
/// these say what each version does.</summary>
public sealed class CodexAnswerTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Catalogs_are_read_as_the_page_says() => Check("Catalogs", CatalogAnswers.All);

    [Fact]
    public void Marketplace_commands_answer_as_the_page_says() => Check("Marketplaces and plugins", MarketplaceAnswers.All);

    [Fact]
    public void Requirements_and_managed_layers_decide_as_the_page_says()
    {
        Assert.SkipWhen(AnswerScene.NoSystemFolder is not null, AnswerScene.NoSystemFolder ?? "");
        Check("Administrators", RequirementAnswers.All);
    }

    private void Check(string title, IReadOnlyList<CodexAnswer> answers)
    {
        var judges = CodexCli.FindAll(out var missing);
        Assert.SkipWhen(judges.Count == 0, missing ?? "");
        var given = new ConcurrentDictionary<(string Id, string Version), string>();
        Parallel.ForEach(
            answers.SelectMany(answer => judges.Select(codex => (answer, codex))),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            one => given[(one.answer.Id, one.codex.Version)] = one.answer.Ask(
                new AnswerScene(one.codex, _scratch, $"{one.answer.Id}-{one.codex.Version}")));
        VersionPage.Check(title, [.. answers.Select(answer => new VersionRow(answer.Id, [answer.Situation], judges.ToDictionary(
            codex => codex.Version, codex => given[(answer.Id, codex.Version)], StringComparer.Ordinal)))], "Id", "Situation");
    }
}
