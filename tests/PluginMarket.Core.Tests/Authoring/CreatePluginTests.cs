using PluginMarket.Authoring;
using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class CreatePluginTests : IDisposable
{
    private static readonly string[] EveryKind = ["Skill", "App", "McpServer", "Hook"];

    private readonly TestHome _home = new();

    private CreatePlugin Authoring => new(_home.Environment);

    private NewPluginRequest Request => new() { Name = "kit", Path = _home.Scratch["out"] };

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_new_plugin_has_a_working_sample_of_every_component_and_no_warning()
    {
        var manifest = Authoring.Create(Request with
        {
            Components = EveryKind,
            Description = "Says \"a: b\"\n# and more",
            Author = "Ada <ada@example.com>",
            Entry = new CatalogEntryChange { Category = "Tools" },
        });

        Assert.Equal(("kit", "0.1.0", "Says \"a: b\"\n# and more"), (manifest.Name, manifest.Version, manifest.Description));
        Assert.Equal(("Ada", "ada@example.com", "Kit", "Tools"),
            (manifest.Author!.Name, manifest.Author.Email, manifest.Interface!.DisplayName, manifest.Interface.Category));
        Assert.Equal(EveryKind, manifest.Components);
        Assert.Empty(manifest.Warnings);
        Assert.Equal("kit:kit", Assert.Single(manifest.Skills).Id);
        Assert.False(manifest.HasHiddenText);
        Assert.Equal(_home.Scratch["out/kit"], manifest.Path);
        Assert.Equal(["kit"], Directory.GetFileSystemEntries(_home.Scratch["out"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Without_a_wish_it_has_a_skill()
    {
        Assert.Equal(["Skill"], Authoring.Create(Request).Components);
        Assert.Equal(["Hook"], Authoring.Create(Request with { Name = "other", Components = ["Hook"] }).Components);
    }

    [Theory]
    [InlineData("a b", MarketErrorCode.NameInvalid)]
    [InlineData("..", MarketErrorCode.NameInvalid)]
    [InlineData("nul", MarketErrorCode.NameInvalid)]
    [InlineData("", MarketErrorCode.NameInvalid)]
    public void A_name_that_no_plugin_may_have_is_refused_and_nothing_made(string name, MarketErrorCode code)
    {
        Assert.Equal(code, Assert.Throws<PluginMarketException>(() => Authoring.Create(Request with { Name = name })).Code);
        Assert.False(Directory.Exists(_home.Scratch["out"]));
    }

    [Fact]
    public void A_folder_that_is_there_is_kept_and_with_force_only_its_own_files_are_written()
    {
        _home.Scratch.Write("out/kit/skills/kit/SKILL.md", "mine");
        _home.Scratch.Write("out/kit/notes.txt", "mine");
        var before = ScratchFolder.Inventory(_home.Scratch["out"]);

        Assert.Equal(MarketErrorCode.PluginAlreadyExists, Assert.Throws<PluginMarketException>(() => Authoring.Create(Request)).Code);
        Assert.Equal(before, ScratchFolder.Inventory(_home.Scratch["out"]));
        Assert.Equal(["Skill"], Authoring.Create(Request with { Force = true }).Components);
        Assert.Equal("mine", File.ReadAllText(_home.Scratch["out/kit/notes.txt"]));
    }

    [Fact]
    public void An_empty_folder_is_used()
    {
        _home.Scratch.MakeFolder("out/kit");
        Assert.Equal("kit", Authoring.Create(Request).Name);
    }

    [Fact]
    public void A_link_at_the_path_of_a_folder_is_not_gone_through()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right there.");
        var outside = _home.Scratch.MakeFolder("outside");
        Directory.CreateSymbolicLink(Path.Join(_home.Scratch.MakeFolder("out"), "kit"), outside);
        Assert.Equal(MarketErrorCode.PluginAlreadyExists,
            Assert.Throws<PluginMarketException>(() => Authoring.Create(Request with { Force = true })).Code);

        Directory.CreateSymbolicLink(Path.Join(_home.Scratch.MakeFolder("out/two"), "skills"), outside);
        Assert.Equal(MarketErrorCode.PathEscapesRoot,
            Assert.Throws<PluginMarketException>(() => Authoring.Create(Request with { Name = "two", Force = true })).Code);
        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public void A_skill_is_wrapped_with_its_name_its_description_and_all_files_but_links()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes and links are looked at.");
            return;
        }

        WriteSkill("skill-src", "tidy-up", "Tidies up.");
        File.SetUnixFileMode(_home.Scratch.Write("skill-src/scripts/run.sh", "#!/bin/sh\n"), (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(_home.Scratch["skill-src/secret"], _home.Scratch.Write("secret.txt", "secret"));
        _home.Scratch.Write("skill-src/.git/config", "x");

        var manifest = Authoring.Create(
            Request with { Name = null, FromSkill = _home.Scratch["skill-src"], Components = ["Skill", "Hook"] });

        Assert.Equal(("tidy-up", "Tidies up."), (manifest.Name, manifest.Description));
        Assert.Equal("tidy-up:tidy-up", Assert.Single(manifest.Skills).Id);
        Assert.Equal(["Skill", "Hook"], manifest.Components);
        Assert.Equal(["scripts", "SKILL.md"], Directory.GetFileSystemEntries(_home.Scratch["out/tidy-up/skills/tidy-up"])
            .Select(Path.GetFileName).Order(StringComparer.OrdinalIgnoreCase));
        Assert.True(File.GetUnixFileMode(_home.Scratch["out/tidy-up/skills/tidy-up/scripts/run.sh"]).HasFlag(UnixFileMode.UserExecute));
        Assert.Contains(_home.Log.Warnings, warning => warning.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("N 8!", "my-skill", "my-skill")]
    [InlineData("../up", "my-skill", "my-skill")]
    [InlineData("good", "a b", "good")]
    [InlineData("N 8!", "a b", "skill")]
    public void The_folder_of_a_wrapped_skill_is_one_every_system_can_have(string name, string folder, string expected)
    {
        WriteSkill(folder, name, "Does it.");
        Authoring.Create(Request with { FromSkill = _home.Scratch[folder] });
        Assert.Equal([expected], Directory.GetFileSystemEntries(_home.Scratch["out/kit/skills"]).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("no front matter", MarketErrorCode.ManifestInvalid)]
    [InlineData("---\nname: x\n---\n", MarketErrorCode.ManifestInvalid)]
    [InlineData(null, MarketErrorCode.SourceUnreachable)]
    public void A_folder_without_a_skill_is_refused_and_nothing_created(string? text, MarketErrorCode code)
    {
        if (text is not null)
        {
            _home.Scratch.Write("s/SKILL.md", text);
        }

        Assert.Equal(code,
            Assert.Throws<PluginMarketException>(() => Authoring.Create(Request with { FromSkill = _home.Scratch["s"] })).Code);
        Assert.False(Directory.Exists(_home.Scratch["out"]));
    }

    [Fact]
    public void The_limits_of_a_plugin_hold_for_a_wrapped_skill()
    {
        WriteSkill("s", "s", "Does it.");
        _home.Scratch.Write("s/big.bin", new byte[200]);
        _home.Change(environment => environment with { Limits = environment.Limits with { FileBytes = 199 } });

        Assert.Equal(MarketErrorCode.LimitExceeded,
            Assert.Throws<PluginMarketException>(() => Authoring.Create(Request with { FromSkill = _home.Scratch["s"] })).Code);
        Assert.Empty(Directory.Exists(_home.Scratch["out"]) ? Directory.GetFileSystemEntries(_home.Scratch["out"]) : []);
    }

    [Fact]
    public void In_a_marketplace_it_gets_an_entry()
    {
        var root = _home.WriteCatalog("m", """{"name":"m","plugins":[]}""");
        Authoring.Create(new NewPluginRequest
        {
            Name = "kit",
            MarketplacePath = root,
            Entry = new CatalogEntryChange { Installation = "INSTALLED_BY_DEFAULT", Category = "Tools" },
        });
        Authoring.Create(new NewPluginRequest { Name = "sub", MarketplacePath = root, Path = Path.Join(root, "a", "b") });

        Assert.Equal(
            """{"name":"m","plugins":[{"name":"kit","source":{"source":"local","path":"./plugins/kit"},"policy":{"installation":"INSTALLED_BY_DEFAULT"},"category":"Tools"},{"name":"sub","source":{"source":"local","path":"./a/b/sub"}}]}""",
            File.ReadAllText(Path.Join(root, ".agents/plugins/marketplace.json")));
        Assert.All(MarketplaceView.Open(_home.Environment, [root]).Marketplaces.Single().Catalog.Entries,
            entry => Assert.Null(entry.SkipReason ?? entry.InstallRefusal));
    }

    [Fact]
    public void Where_the_entry_is_refused_nothing_is_made()
    {
        var root = _home.WriteCatalog("m", """{"name":"m","plugins":[{"name":"kit","source":"./other"}]}""");

        Assert.Equal(MarketErrorCode.PluginAlreadyExists,
            Assert.Throws<PluginMarketException>(() => Authoring.Create(Request with { Path = null, MarketplacePath = root })).Code);
        Assert.Equal(MarketErrorCode.PathEscapesRoot,
            Assert.Throws<PluginMarketException>(() => Authoring.Create(Request with { Name = "new", MarketplacePath = root })).Code);
        Assert.False(Directory.Exists(_home.Scratch["out"]) || Directory.Exists(Path.Join(root, "plugins")));
    }

    [Fact]
    public void Whatever_call_of_the_disk_fails_there_is_the_whole_plugin_or_none()
    {
        var failures = 0;
        for (var call = 1; ; call++)
        {
            var name = $"kit{call}";
            var disk = new FailingFileOps(call);
            _home.Change(environment => environment with { Files = disk });
            try
            {
                Authoring.Create(Request with { Name = name, Components = EveryKind });
            }
            catch (PluginMarketException)
            {
                failures++;
            }

            var folder = _home.Scratch["out/" + name];
            Assert.True(!Directory.Exists(folder) || ManifestReader.Read(FolderTree.Read(folder, FileOps.Default, Limits.Default), folder,
                name).GetManifest().Components.Length == EveryKind.Length, name);
            Assert.DoesNotContain(Directory.Exists(_home.Scratch["out"]) ? Directory.GetFileSystemEntries(_home.Scratch["out"]) : [],
                path => path.Contains(".tmp", StringComparison.Ordinal));
            if (disk.Calls < call)
            {
                break;
            }
        }

        Assert.True(failures > 10);
    }

    private void WriteSkill(string folder, string name, string description) =>
        _home.Scratch.Write(folder + "/SKILL.md", $"---\nname: \"{name}\"\ndescription: {description}\n---\nBody\n");

    /// <summary>A disk whose n-th call that makes or saves something finds it full.</summary>
    private sealed class FailingFileOps(int failing) : FileOps
    {
        public int Calls { get; private set; }

        public override void CreateDirectory(string path, UnixFileMode mode = SharedFolder)
        {
            Count(path);
            base.CreateDirectory(path, mode);
        }

        // Every file is made by its path, so that each one can fail.
        internal override OpenFolder? TryOpenFolder(string path) => null;

        public override Stream CreateNew(string path, UnixFileMode mode = SharedFile)
        {
            Count(path);
            return base.CreateNew(path, mode);
        }

        public override bool RenameNoReplace(string from, string to)
        {
            Count(to);
            return base.RenameNoReplace(from, to);
        }

        public override void FsyncFile(string path)
        {
            Count(path);
            base.FsyncFile(path);
        }

        public override void FsyncDirectory(string path)
        {
            Count(path);
            base.FsyncDirectory(path);
        }

        private void Count(string path)
        {
            if (++Calls == failing)
            {
                throw new PluginMarketException(MarketErrorCode.DiskFull, $"full", path);
            }
        }
    }
}
