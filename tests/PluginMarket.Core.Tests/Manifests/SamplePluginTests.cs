using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>The sample plugins below <c>tests/catalogs/plugins</c>, read from the disk.</summary>
[Trait("Category", "Fast")]
public sealed class SamplePluginTests
{
    private static ManifestReading Read(string sample)
    {
        var folder = Path.Join(RepositoryRoot.Path, "tests", "catalogs", "plugins", sample);
        return ManifestReader.Read(FolderTree.Read(folder, FileOps.Default, Limits.Default), folder, Path.GetFileName(folder));
    }

    [Theory]
    [InlineData("good/release-notes", "Skill Command", "Codex")]
    [InlineData("good/guard-rails", "Hook", "Codex")]
    [InlineData("good/ticket-desk", "App McpServer", "Claude")]
    [InlineData("good/portable-notes", "Skill McpServer", "Agent")]
    public void A_good_sample_is_read_without_a_finding(string sample, string components, string dialect)
    {
        var manifest = Read(sample).GetManifest();
        Assert.Empty(manifest.Warnings.Select(w => w.ToString()));
        Assert.Equal((components, dialect, false), (string.Join(' ', manifest.Components), manifest.Dialect, manifest.HasHiddenText));
    }

    [Theory]
    [InlineData("broken/trailing-comma", 4)]
    [InlineData("broken/no-manifest", null)]
    [InlineData("broken/number-version", 3)]
    [InlineData("broken/future-format", 2)]
    public void A_broken_sample_is_refused_at_its_line(string sample, int? line) => Assert.Equal(line, Read(sample).Refusal!.Line);

    [Fact]
    public void A_half_loaded_sample_says_what_is_missing()
    {
        var reading = Read("broken/half-loaded");
        Assert.Equal(
            ["AppsIgnored", "FieldIgnored", "FieldIgnored", "HookEventUnknown", "HookSkipped", "McpServerDropped", "McpTransportUnknown",
                "PathDropped", "PathDropped", "SkillIgnored"],
            reading.Warnings.Select(w => w.Kind).Order(StringComparer.Ordinal));
        Assert.Equal("legacy", Assert.Single(reading.GetManifest().McpServers).Name);
    }

    [Fact]
    public void Hidden_text_is_marked_and_shown() => Assert.Equal((true, "Harmless\\u{202E}\\u{001B}[8m text"),
        (Read("broken/hidden-text").GetManifest().HasHiddenText, Read("broken/hidden-text").GetManifest().Description));
}
