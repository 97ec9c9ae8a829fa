using System.Globalization;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Policies;
using PluginMarket.Records;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Policies;

/// <summary>What the policies are told of real plugins: approvals, the time of commits, what Codex's own files turn off, the tools.</summary>
[Trait("Category", "Slow")]
public sealed class PolicyFactTests : IDisposable
{
    private readonly PolicyScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("approved", null)]
    [InlineData("other digest", "APR")]
    [InlineData("other capabilities", "APR")]
    [InlineData("other version", "APR")]
    [InlineData("not listed", "APR")]
    public async Task An_approval_counts_where_bytes_and_capabilities_are_those_that_were_read(string what, string? rule)
    {
        _scene.Shop.Hook("tool", "echo approved");
        var installed = await _scene.Shop.InstallAsync("tool@shop");
        var capabilities = _scene.Shop.Environment.Home.Receipts.TryFind(PluginId.Parse("tool@shop"), out var receipt, out _)
            ? receipt.Capabilities! : throw new InvalidOperationException("no receipt");
        Assert.Single(capabilities, record => record.Component == "Hook");
        var approvals = _scene.Shop.Scratch["approvals.json"];
        await ApprovalFile.AddAsync(_scene.Shop.Environment, approvals, new PluginApproval
        {
            Name = what == "not listed" ? "other" : "tool",
            Marketplace = "shop",
            TreeHash = what == "other digest" ? "sha256:" + new string('0', 64) : installed.TreeHash!,
            Version = what == "other version" ? "9.9.9" : "1.0.0",
            Capabilities = what == "other capabilities" ? [] : [.. capabilities.Where(record => record.Component != "Skill")],
            ApprovedBy = "me",
            ApprovedOn = DateTimeOffset.UnixEpoch,
        });
        _scene.Command(PolicyScene.Document("{\"id\":\"APR\",\"kind\":\"approval\",\"effect\":\"require\",\"file\":\"approvals.json\"}"));

        var tester = new PolicyTester(_scene.Environment);
        var git = PluginMarket.Sources.Git.GitOptions.Default;
        foreach (var isInstalled in new[] { true, false })
        {
            Assert.Equal(rule, (await tester.OfPluginAsync(PluginReference.Parse("tool@shop"), isInstalled, resolve: true, git, default)).RuleId);
        }
    }

    [Theory]
    [InlineData("2026-11-01T00:00:00Z", true)]
    [InlineData("2026-11-29T00:00:00Z", false)]
    [InlineData("2027-11-01T00:00:00Z", false)]
    public async Task The_age_of_a_commit_is_what_its_author_says(string committed, bool isAllowed)
    {
        var repository = GitRepository.Create(_scene.Shop.Scratch["repository"]).Write(".codex-plugin/plugin.json", """{"name":"tool"}""");
        repository.Commit();
        repository.Run("-c", "user.name=x", "-c", "user.email=x@example.com", "filter-branch", "-f", "--env-filter",
            $"export GIT_COMMITTER_DATE='{committed}' GIT_AUTHOR_DATE='2020-01-01T00:00:00Z'", "HEAD");
        _scene.Shop.Catalog("{\"name\":\"tool\",\"source\":{\"source\":\"url\",\"url\":\"" + repository.FileUrl + "\"}}");
        _scene.Command(PolicyScene.Document(
            "{\"id\":\"AGE\",\"kind\":\"age\",\"effect\":\"require\",\"minimum\":\"P7D\",\"basis\":\"commit\"}"));
        _scene.Shop.Environment = _scene.Environment;

        var result = await _scene.Shop.InstallAsync("tool@shop");

        Assert.Equal(isAllowed ? null : nameof(MarketErrorCode.PolicyDenied), result.Error);
        if (isAllowed)
        {
            // What was told once is on record, so that what is installed can be turned on again.
            Assert.True(_scene.Environment.Home.Receipts.TryFind(PluginId.Parse("tool@shop"), out var receipt, out _));
            Assert.Equal(DateTimeOffset.Parse(committed, CultureInfo.InvariantCulture), receipt.CommittedOn);
            await new PluginActivation(_scene.Environment).SetEnabledAsync(PluginReference.Parse("tool@shop"), enabled: false);
            Assert.Null((await new PluginActivation(_scene.Environment).SetEnabledAsync(PluginReference.Parse("tool@shop"), enabled: true)).Error);
        }
    }

    [Fact]
    public async Task What_the_managed_configuration_turns_off_is_not_allowed_and_says_so()
    {
        await _scene.Shop.InstallAsync("tool@shop");
        await _scene.Shop.InstallAsync("other@shop");
        _scene.Shop.Scratch.Write("etc/managed_config.toml", "[plugins.\"tool@shop\"]\nenabled = false\n\n[plugins.\"other@shop\"]\nenabled = true\n");

        var plugins = new InstalledPluginQuery(_scene.Environment).List(new InstalledPluginRequest()).Plugins;

        Assert.Equal([("other@shop", true, true), ("tool@shop", false, false)],
            plugins.Select(plugin => (plugin.Id, plugin.EffectiveEnabled, plugin.IsAllowedByPolicy == true)));
        Assert.Equal("plugins.\"tool@shop\".enabled", plugins[^1].PolicyRule);
        var layer = Assert.Single(PolicyGate.Open(_scene.Environment).Layers, one => one.Kind == PolicyLayerKind.Codex);
        Assert.Equal(("Active", 1), (DescribePolicy.Of(layer, DateTimeOffset.UnixEpoch).State, DescribePolicy.Of(layer, default).Rules!.Length));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void The_tool_rule_starts_Codex_without_the_homes_of_its_user()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a script of a Unix shell.");
        var bin = _scene.Shop.Scratch.MakeFolder("bin");
        var seen = _scene.Shop.Scratch["seen.txt"];
        File.WriteAllText(Path.Join(bin, "codex"), $"#!/bin/sh\necho \"$CODEX_HOME $SECRET\" > '{seen}'\necho codex-cli 0.171.0\n");
        File.SetUnixFileMode(Path.Join(bin, "codex"), (UnixFileMode)Convert.ToInt32("755", 8));
        var environment = _scene.Environment with
        {
            Variables = new Dictionary<string, string> { ["PATH"] = $"{bin}:/usr/bin:/bin", ["CODEX_HOME"] = "/mine", ["OPENAI_API_KEY"] = "key" },
        };

        Assert.Equal("0.171.0", InstalledCodex.FindVersion(environment));
        Assert.DoesNotContain("/mine", File.ReadAllText(seen), StringComparison.Ordinal);
    }
}
