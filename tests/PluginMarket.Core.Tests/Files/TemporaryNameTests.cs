using PluginMarket.Authoring;
using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>What is written under another name first is spoken of by its own.</summary>
[Trait("Category", "Fast")]
public sealed class TemporaryNameTests
{
    private const int AccessDenied = 13;

    [Theory]
    [InlineData("config.toml")]
    [InlineData(".npmrc")]
    [InlineData("a.pluginmarket-b.tmp")]
    public void A_temporary_name_leads_back_to_the_path(string name)
    {
        var path = Path.Join(Path.GetTempPath(), name);
        var temporary = TemporaryName.For(path);

        Assert.Equal(Path.GetDirectoryName(path), Path.GetDirectoryName(temporary));
        Assert.True(TemporaryName.Is(Path.GetFileName(temporary)));
        Assert.False(TemporaryName.Is(name));
        Assert.Equal(path, TemporaryName.Meant(temporary));
        Assert.Equal(Path.Join(path, "skills", "a.md"), TemporaryName.Meant(Path.Join(temporary, "skills", "a.md")));
        Assert.Equal(path, TemporaryName.Meant(path));
    }

    [Theory]
    [InlineData("install")]
    [InlineData("lock")]
    [InlineData("approve")]
    [InlineData("save")]
    [InlineData("freeze")]
    [InlineData("new plugin")]
    [InlineData("new marketplace")]
    public async Task A_failed_write_names_the_file_that_is_meant(string command)
    {
        var failures = 0;
        for (var at = 1; ; at++)
        {
            using var shop = new TestShop().Listing("tool").Plugin("tool");
            if (command is "lock" or "freeze")
            {
                await shop.InstallAsync("tool@shop");
            }

            var files = new FaultingFileOps
            {
                At = at,
                Operations = InstallScenario.ChangingAndSyncingCalls,
                Failure = FaultingFileOps.ErrorNumber(AccessDenied),
                Saves = false,
            };
            var environment = shop.Environment with { Files = files };
            if (await FailureAsync(command, shop, environment) is { } failure)
            {
                failures++;
                Assert.DoesNotContain(".pluginmarket-", failure.Message + failure.Target + failure.File, StringComparison.Ordinal);
            }

            if (files.Count < at)
            {
                break;
            }
        }

        Assert.NotEqual(0, failures);
    }

    private static async Task<PluginMarketException?> FailureAsync(string command, TestShop shop, MarketEnvironment environment)
    {
        var (scratch, tool) = (shop.Scratch, PluginReference.Parse("tool@shop"));
        try
        {
            switch (command)
            {
                case "install":
                    shop.Environment = environment;
                    return (await shop.InstallAsync(tool)).GetFailure();
                case "lock":
                    new LockFileMaker(environment).Make(scratch["lock.json"], []).File.Write(environment);
                    return null;
                case "approve":
                    var review = new PluginReview(environment);
                    await review.WriteAsync(scratch["approvals.json"], await review.ApproveAsync(tool));
                    return null;
                case "save":
                    var save = new SavePlugin(environment, scratch["saved"], force: true);
                    var plan = await save.PlanAsync(new InstallRequest { References = [tool] }, CancellationToken.None);
                    await foreach (var result in save.RunAsync(plan, plan.Items, CancellationToken.None))
                    {
                        return result.GetFailure();
                    }

                    return null;
                case "freeze":
                    await new FrozenMarketplace(environment).WriteAsync(
                        new LockFileMaker(shop.Environment).Make(scratch["lock.json"], []).File, scratch["frozen"]);
                    return null;
                case "new plugin":
                    new CreatePlugin(environment).Create(new NewPluginRequest { Name = "made", MarketplacePath = shop.Root });
                    return null;
                default:
                    new EditMarketplace(environment).Create(new NewMarketplaceRequest { Path = scratch["made"], Name = "made" });
                    return null;
            }
        }
        catch (PluginMarketException failure)
        {
            return failure;
        }
    }
}
