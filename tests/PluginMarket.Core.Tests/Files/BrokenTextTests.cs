using System.Text;
using PluginMarket.Diagnosis;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Json;
using PluginMarket.Manifests;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Files;

/// <summary>Texts that end anywhere, as a full disk leaves them, or hold bytes that no text holds: each reader gives the error of its
/// kind of file, or takes the text.</summary>
[Trait("Category", "Slow")]
public sealed class BrokenTextTests : IDisposable
{
    private const string Json =
        """{"name":"k\u00e9\ud83d\ude00t","version":"1.0.0","plugins":[{"name":"a","source":"./a","n":[1.5e3,-0,true,null,{"x":{}}]}],"format":1,"approvals":[]}""";
    private const string Toml =
        "[marketplaces.m]\nsource_type = \"local\"\nsource = '/x'\nlast_updated = 2026-01-01T00:00:00Z\n[plugins.\"a\\u0040m\"]\nenabled = "
            + "true\nx = { y = [1, 2.5], \"z\" = '''q''' }\n[[hooks.Stop]]\nm = \"\"\"\na\\\n b\"\"\"\n";
    private const string Yaml = "---\nname: \"k\\u00e9t\"\ndescription: >-\n  folded\n  text\nmetadata: { a: [1, 2], &x b: *x }\n? "
        + "complex\n: |\n  literal\n---\nbody\n";

    private readonly TestHome _home = new();

    public static IEnumerable<byte[]> Broken(string text)
    {
        var whole = Encoding.UTF8.GetBytes(text);
        byte[][] intruders = [[0], [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [(byte)'\\'], [(byte)'"'], [(byte)'}'],
            [(byte)'['], [(byte)'\r'], [0x1B]];
        for (var at = 0; at <= whole.Length; at++)
        {
            yield return whole[..at];
            foreach (var intruder in intruders)
            {
                yield return [.. whole[..at], .. intruder, .. whole[at..]];
                yield return [.. whole[..at], .. intruder];
            }
        }
    }

    [Theory]
    [InlineData(MarketErrorCode.CatalogUnreadable)]
    [InlineData(MarketErrorCode.ManifestInvalid)]
    [InlineData(MarketErrorCode.StateCorrupt)]
    public void Json_that_is_broken_is_the_error_of_its_file_with_line_and_column(MarketErrorCode code)
    {
        var refused = 0;
        foreach (var text in Broken(Json))
        {
            if (FailureOf(() => JsonFile.Parse(text, "f.json", code)) is { } failure)
            {
                refused++;
                Assert.True(failure.Code == code && failure is { File: "f.json", Line: > 0, Column: > 0 },
                    $"{failure} in {Encoding.Latin1.GetString(text)}");
            }
        }

        Assert.True(refused > 1000);
    }

    [Theory]
    [InlineData("home/.codex/config.toml")]
    [InlineData("etc/config.toml")]
    [InlineData("etc/managed_config.toml")]
    [InlineData("etc/requirements.toml")]
    public void Toml_that_is_broken_is_the_error_of_its_layer(string file)
    {
        var refused = 0;
        foreach (var text in Broken(Toml).Where((_, index) => index % 7 == 0))
        {
            _home.Scratch.Write(file, text);
            if (FailureOf(() => ConfigurationLayers.Read(_home.Environment)) is { } failure)
            {
                refused++;
                Assert.True(failure.Code == MarketErrorCode.ConfigInvalid && failure.File == _home.Scratch[file],
                    $"{failure} in {Encoding.Latin1.GetString(text)}");
            }
        }

        Assert.True(refused > 300);
    }

    [Fact]
    public void Yaml_that_is_broken_is_a_finding_of_its_skill()
    {
        var folder = _home.WritePlugin("kit", "kit");
        foreach (var text in Broken(Yaml).Where((_, index) => index % 3 == 0))
        {
            _home.Scratch.Write("kit/skills/hello/SKILL.md", text);

            // Neither an exception, nor a skill that is neither read nor told.
            var manifest = ManifestReader.Read(FolderTree.Read(folder, _home.Environment.Files, _home.Environment.Limits), folder, "kit",
                null, _home.Environment.Limits).GetManifest();
            Assert.True(manifest.Skills.Length + manifest.Warnings.Length > 0, Encoding.Latin1.GetString(text));
        }
    }

    [Fact]
    public async Task A_diagnosis_names_the_broken_file_and_goes_on()
    {
        foreach (var text in new[] { "x = \"\\u00e", "x = \"a\\\nb\"\n", "model = 1\n", "x = 1e400\n" })
        {
            _home.WriteConfig(text);

            var checks = await new EnvironmentDiagnosis(_home.Environment).RunAsync();

            var failed = Assert.Single(checks, check => check.Name == "Configuration");
            Assert.Equal(("Failed", _home.ConfigPath), (failed.Status, failed.Target));
            Assert.Equal(["Configuration", "Git", "Home", "Leftover", "Lock", "StoredSecret", "Version", "Volume"],
                checks.Select(check => check.Name).Where(name => name is not ("Npm" or "Codex")).Distinct().Order(StringComparer.Ordinal));
        }
    }

    public void Dispose() => _home.Dispose();

    private static PluginMarketException? FailureOf(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (PluginMarketException failure)
        {
            return failure;
        }
    }
}
