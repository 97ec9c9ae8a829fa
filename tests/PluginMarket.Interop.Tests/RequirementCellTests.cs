using PluginMarket.Interop.Tests.Answers;
using PluginMarket.TestKit;
using static PluginMarket.Interop.Tests.RequirementText;

namespace PluginMarket.Interop.Tests;

/// <summary>Each requirements.toml beside each marketplace: what Codex lists, offers and loads, and what we do. One start of Codex
/// answers for all marketplaces of a home.</summary>
public sealed class RequirementCellTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<string, string> Requirements() => new()
    {
        { "none", "" },
        { "nothing allowed", Restricted },
        { "not restricted", "[marketplaces]\nrestrict_to_allowed_sources = false\n" + Git("https://github.com/acme/m") },
        { "a list alone", Git("https://github.com/acme/m") },
        { "https", Restricted + Git("https://github.com/acme/m") },
        { "https with .git", Restricted + Git("https://github.com/acme/m.git") },
        { "scp", Restricted + Git("git@github.com:acme/m.git") },
        { "ssh", Restricted + Git("ssh://git@github.com/acme/m.git") },
        { "short", Restricted + Git("acme/m") },
        { "with a ref", Restricted + Git("https://github.com/acme/m", "main") },
        { "host", Restricted + Host("github") },
        { "anchored host", Restricted + Host("^github\\\\.com$") },
        { "bad host", Restricted + Host("(") },
        { "folder", Restricted + Local("l-plain") },
        { "folder above", Restricted + Local("") },
        { "folder with a slash", Restricted + Local("l-plain/") },
        { "folders in other words", Restricted + Local("l-real") + Local("l-slash", "b") + Local("l-dots", "c") },
        { "folder through a link", Restricted + Local("l-link") + Local("l-plain/../l-dots", "b") },
        { "no url", Restricted + "[marketplaces.allowed_sources.a]\nsource = \"git\"\n" },
        { "two", Restricted + Git("https://git.example.com/acme/m.git") + Local("l-link", "b") },
    };

    [CodexTheory]
    [MemberData(nameof(Requirements))]
    public async Task Each_marketplace_is_listed_offered_and_loaded_as_by_Codex(string name, string requirements)
    {
        Assert.SkipWhen(AnswerScene.NoSystemFolder is not null, AnswerScene.NoSystemFolder ?? "");
        Assert.NotEmpty(name);
        var scene = new AnswerScene(Judge.Current, _scratch, "scene");
        var names = MarketplaceCells.Prepare(scene);
        RequirementText.Put(scene, requirements);

        var codex = MarketplaceCells.Codex(scene, names);
        var ours = await MarketplaceCells.OursAsync(MarketplaceCells.EnvironmentOf(scene, _scratch), names);

        Assert.Equal(names.Select(one => $"{one}: {codex[one]}"), names.Select(one => $"{one}: {ours[one]}"));
    }
}
