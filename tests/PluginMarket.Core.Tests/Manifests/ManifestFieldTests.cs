using PluginMarket.Files;
using PluginMarket.Manifests;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Contract 2.2: the fields of a manifest, and what a wrong type does.</summary>
[Trait("Category", "Fast")]
public sealed class ManifestFieldTests
{
    private static ManifestReading Read(string json) => PluginTree.WithManifest(json).Read();

    [Theory]
    [InlineData("""{"name":null}""", "/name")]
    [InlineData("""{"name":5}""", "/name")]
    [InlineData("""{"name":" x "}""", "/name")]
    [InlineData("""{"name":"x","version":5}""", "/version")]
    [InlineData("""{"name":"x","version":" "}""", "/version")]
    [InlineData("""{"name":"x","version":"a/b"}""", "/version")]
    [InlineData("""{"name":"x","version":".."}""", "/version")]
    [InlineData("""{"name":"x","description":5}""", "/description")]
    [InlineData("""{"name":"x","keywords":null}""", "/keywords")]
    [InlineData("""{"name":"x","keywords":"a"}""", "/keywords")]
    [InlineData("""{"name":"x","keywords":["a",5]}""", "/keywords/1")]
    [InlineData("""{"name":"x","apps":5}""", "/apps")]
    [InlineData("""{"name":"x","apps":{}}""", "/apps")]
    [InlineData("""{"name":"x","interface":"a"}""", "/interface")]
    [InlineData("""{"name":"x","interface":{"displayName":5}}""", "/interface/displayName")]
    [InlineData("""{"name":"x","interface":{"capabilities":null}}""", "/interface/capabilities")]
    [InlineData("""{"name":"x","interface":{"screenshots":"./a.png"}}""", "/interface/screenshots")]
    [InlineData("""{"name":"x","interface":{"screenshots":[5]}}""", "/interface/screenshots/0")]
    [InlineData("""{"name":"x","interface":{"websiteUrl":"a","websiteURL":"b"}}""", "/interface/websiteURL")]
    [InlineData("""{"name":"x","other":1,"other":2}""", "")]
    [InlineData("5", "")]
    public void What_Codex_refuses_is_a_problem_at_its_place(string json, string pointer)
    {
        var problem = Read(json).Refusal;
        Assert.Equal((MarketErrorCode.ManifestInvalid, pointer, 1), (problem!.Code, problem.JsonPointer, problem.Line));
    }

    [Theory]
    [InlineData("""{"name":"x","author":5,"homepage":[],"repository":1,"license":{},"commands":null,"agents":1,"lspServers":"a","extensions":5}""")]
    [InlineData("""{"name":"x","version":null,"description":null,"skills":null,"hooks":null,"mcpServers":null,"apps":null,"interface":null}""")]
    [InlineData("""{"name":"x","interface":{"displayName":null,"logo":null,"defaultPrompt":null}}""")]
    [InlineData(" \n{\"name\":\"x\"}\n\n")]
    public void What_Codex_takes_is_taken(string json)
    {
        var manifest = Read(json).GetManifest();
        Assert.Equal("x", manifest.Name);
        Assert.Null(manifest.Interface);
        Assert.Empty(manifest.Warnings);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":"  "}""")]
    public void The_folder_names_a_plugin_without_a_name(string json) => Assert.Equal("folder", Read(json).GetManifest().Name);

    [Theory]
    [InlineData("""{"name":"x"}""", null, "local")]
    [InlineData("""{"name":"x","version":null}""", null, "local")]
    [InlineData("""{"name":"x","version":" 1.2 "}""", "1.2", "1.2")]
    [InlineData("""{"name":"x","version":"latest"}""", "latest", "latest")]
    [InlineData("""{"name":"x","version":"..."}""", "...", "...")]
    public void The_version_is_trimmed_and_names_the_folder(string json, string? version, string folder)
    {
        var manifest = Read(json).GetManifest();
        Assert.Equal((version, folder), (manifest.Version, manifest.InstallVersion));
    }

    [Fact]
    public void A_byte_order_mark_is_refused() =>
        Assert.Contains("byte order mark", Read("\uFEFF{}").Refusal!.Message, StringComparison.Ordinal);

    [Fact]
    public void A_manifest_over_the_cap_is_refused_by_its_own_id() =>
        Assert.Equal(MarketErrorCode.LimitExceeded,
            PluginTree.WithManifest("""{"name":"x"}""").Read(limits: new Limits { ManifestBytes = 5 }).Refusal!.Code);

    [Fact]
    public void Untyped_fields_are_shown_where_they_are_text()
    {
        var manifest = Read(
            """{"name":"x","keywords":["a","b"],"author":{"name":"N","email":"E","url":"U"},"homepage":"H","repository":{"url":"R"},"license":"MIT"}""")
            .GetManifest();
        Assert.Equal(["a", "b"], manifest.Keywords);
        Assert.Equal(("N", "E", "U"), (manifest.Author!.Name, manifest.Author.Email, manifest.Author.Url));
        Assert.Equal(("H", "R", "MIT"), (manifest.Homepage, manifest.Repository, manifest.License));
        Assert.Equal("N", Read("""{"name":"x","author":"N"}""").GetManifest().Author!.Name);
    }

    [Fact]
    public void Every_field_of_the_format_has_a_property()
    {
        var manifest = PluginTree.WithManifest("""
            {"name":"x","version":"1.0","description":"d","keywords":["k"],"author":"A","homepage":"h","repository":"r","license":"l","skills":"./s","mcpServers":{"m":{"command":"c"}},"apps":"./a.json",
             "hooks":{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"true"}]}]}},"extensions":{"com.openai":{"onboardingSkill":"./s/one/SKILL.md"}},
             "interface":{"displayName":"1","shortDescription":"2","longDescription":"3","developerName":"4","category":"5","capabilities":["6"],"websiteUrl":"7","privacyPolicyUrl":"8","termsOfServiceUrl":"9",
             "brandColor":"10","composerIcon":"./11","logo":"./12","logoDark":"./13","screenshots":["./14"],"defaultPrompt":"15"}}
            """).AddSkill("s/one").Add("a.json", """{"apps":{"a":{"id":"connector_1"}}}""")
            .Add("commands/go.md", "---\ndescription: Goes.\n---\nGo.\n").ReadManifest();

        Assert.Equal([nameof(PluginManifest.Warnings)], Unset(manifest));
        Assert.Empty(Unset(manifest.Interface!));
    }

    private static IEnumerable<string> Unset(object described) => described.GetType().GetProperties()
        .Where(property => property.GetValue(described) is null or "" or System.Array { Length: 0 })
        .Select(property => property.Name);

    [Fact]
    public void The_interface_keeps_what_the_format_keeps()
    {
        var shown = Read("""
            {"name":"x","interface":{"displayName":"D","websiteURL":"w","capabilities":["Read"],"composerIcon":"./a/./b//c.png","logo":"bad","logoDark":"./../x",
             "screenshots":["./s.png","bad","./"],"unknown":1}}
            """).GetManifest();
        Assert.Equal(("D", "w", "a/b/c.png", null, null), (shown.Interface!.DisplayName, shown.Interface.WebsiteUrl,
            shown.Interface.ComposerIcon, shown.Interface.Logo, shown.Interface.LogoDark));
        Assert.Equal(["Read"], shown.Interface.Capabilities);
        Assert.Equal(["s.png"], shown.Interface.Screenshots);
        Assert.Equal(["/interface/logo", "/interface/logoDark", "/interface/screenshots/1", "/interface/screenshots/2"],
            shown.Warnings.Select(w => w.JsonPointer));
    }

    [Fact]
    public void Prompts_are_collapsed_capped_and_counted_in_characters()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 512));
        var manifest = Read($$$"""{"name":"x","interface":{"defaultPrompt":["  a \n b ",5,"","{{{longest}}}x","{{{longest}}}","c","d"]}}""")
            .GetManifest();
        Assert.Equal(["a b", longest, "c"], manifest.Interface!.DefaultPrompts);
        Assert.Equal(4, manifest.Warnings.Length);
        Assert.Equal(["p q"], Read("""{"name":"x","interface":{"defaultPrompt":" p  q "}}""").GetManifest().Interface!.DefaultPrompts);
        Assert.Null(Read("""{"name":"x","interface":{"defaultPrompt":5}}""").GetManifest().Interface);
    }

    [Theory]
    [InlineData("./skills/", "skills/n")]
    [InlineData("././skills", "skills/n")]
    [InlineData("./a/./b//c", "a/b/c")]
    [InlineData("./.", "a/b/c skills/n")]
    [InlineData("skills", "skills/n")]
    [InlineData("./", "skills/n")]
    [InlineData("", "skills/n")]
    [InlineData("./a/../a", "skills/n")]
    [InlineData("/a", "skills/n")]
    [InlineData(".//a", "skills/n")]
    [InlineData("./missing", "")]
    [InlineData("./a/b/c/SKILL.md", "")]
    public void A_path_replaces_the_default_only_where_the_format_takes_it(string path, string folders)
    {
        var manifest = PluginTree.WithManifest($$"""{"name":"x","skills":"{{path}}"}""").AddSkill("skills/n").AddSkill("a/b/c")
            .ReadManifest();
        Assert.Equal(folders.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            manifest.Skills.Select(s => s.File.Replace("/SKILL.md", "", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""["./a","../b","c"]""", "a")]
    [InlineData("""["bad"]""", "skills/n")]
    [InlineData("""["./a",5]""", "skills/n")]
    [InlineData("{}", "skills/n")]
    [InlineData("""["./skills","./skills/n"]""", "skills/n")]
    public void A_list_of_skill_folders_is_taken_as_far_as_it_is_valid(string value, string folder)
    {
        var manifest = PluginTree.WithManifest($$"""{"name":"x","skills":{{value}}}""").AddSkill("skills/n").AddSkill("a").ReadManifest();
        Assert.Equal(folder + "/SKILL.md", Assert.Single(manifest.Skills).File);
    }

    [Fact]
    public void Text_is_escaped_in_the_model_and_raw_on_demand()
    {
        var manifest = Read("{\"name\":\"x\",\"description\":\"a\\u001b[2Jb\\u202ec\"}").GetManifest();
        Assert.Equal("a\\u{001B}[2Jb\\u{202E}c", manifest.Description);
        Assert.True(manifest.HasHiddenText);
        Assert.Contains("\\u001b", manifest.GetRawText(), StringComparison.Ordinal);
        Assert.False(Read("""{"name":"x","description":"plain"}""").GetManifest().HasHiddenText);
    }

    [Theory]
    [InlineData("./skills/n/SKILL.md", "x:n")]
    [InlineData("././skills//n/./SKILL.md", "x:n")]
    [InlineData("./skills/n", null)]
    [InlineData("./skills/other/SKILL.md", null)]
    [InlineData("skills/n/SKILL.md", null)]
    public void The_onboarding_skill_is_the_skill_at_its_path(string path, string? expected)
    {
        var manifest = PluginTree.WithManifest($$$"""{"name":"x","extensions":{"com.openai":{"onboardingSkill":"{{{path}}}"} } }""")
            .AddSkill("skills/n").ReadManifest();
        Assert.Equal((expected, expected is null ? 1 : 0), (manifest.OnboardingSkill, manifest.Warnings.Length));
    }
}
