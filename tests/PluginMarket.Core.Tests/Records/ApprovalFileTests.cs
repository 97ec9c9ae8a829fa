using System.Text;
using PluginMarket.Files;
using PluginMarket.Records;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class ApprovalFileTests
{
    private static readonly string Digest = "sha256:" + new string('a', 64);

    [Fact]
    public async Task What_is_written_is_read_and_the_bytes_do_not_depend_on_the_order()
    {
        using var shop = new TestShop();
        var (one, two) = (shop.Scratch["one.json"], shop.Scratch["two.json"]);
        PluginApproval[] approvals = [Approval("b", "second \"note\"\nline"), Approval("a", null), Approval("c", "x")];
        foreach (var approval in approvals)
        {
            Assert.True(await ApprovalFile.AddAsync(shop.Environment, one, approval));
        }

        foreach (var approval in approvals.Reverse())
        {
            await ApprovalFile.AddAsync(shop.Environment, two, approval);
        }

        Assert.Equal(File.ReadAllText(one), File.ReadAllText(two));
        Assert.False(await ApprovalFile.AddAsync(shop.Environment, one, Approval("a", null)));
        var read = ApprovalFile.Read(shop.Environment, one);
        Assert.Equal(["a@shop", "b@shop", "c@shop"], read.Approvals.Select(approval => approval.Id));
        var found = read.Find(PluginId.Parse("b@shop"))!;
        Assert.Equal((Digest, "second \"note\"\nline", "ada", "1.0.0"), (found.TreeHash, found.Note, found.ApprovedBy, found.Version));
        Assert.Equal(new CapabilityRecord("Hook", "h", "hooks/hooks.json", Digest), Assert.Single(found.Capabilities));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), found.ApprovedOn);
        Assert.Null(read.Find(PluginId.Parse("b@other")));
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_said_with_what_to_do()
    {
        using var shop = new TestShop();
        var path = shop.Scratch["missing/approvals.json"];

        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => ApprovalFile.AddAsync(shop.Environment, path, Approval("a", null)));

        Assert.Equal((MarketErrorCode.SourceUnreachable, path), (failure.Code, failure.Target));
        Assert.Matches(@"^The approvals file '.+' cannot be written: .+[^.]\. Choose a path in a folder that exists\.$", failure.Message);
        Assert.DoesNotContain("tmp'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_approval_takes_the_place_of_an_older_one()
    {
        using var shop = new TestShop();
        var path = shop.Scratch["approvals.json"];
        await ApprovalFile.AddAsync(shop.Environment, path, Approval("a", null));
        var other = "sha256:" + new string('b', 64);

        Assert.True(await ApprovalFile.AddAsync(shop.Environment, path, Approval("a", null) with { TreeHash = other }));
        Assert.Equal(other, Assert.Single(ApprovalFile.Read(shop.Environment, path).Approvals).TreeHash);
        Assert.DoesNotContain('\r', File.ReadAllText(path));
        Assert.EndsWith("}\n", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"format":2,"approvals":[]}""")]
    [InlineData("""{"format":1}""")]
    [InlineData("""{"format":1,"approvals":[{"id":"a@m","treeHash":"sha256:1","capabilities":[],"approvedBy":"x","approvedOn":"2026-01-02T03:04:05Z"}]}""")]
    [InlineData("""{"format":1,"approvals":[{"id":"a","treeHash":"DIGEST","capabilities":[],"approvedBy":"x","approvedOn":"2026-01-02T03:04:05Z"}]}""")]
    [InlineData("""{"format":1,"approvals":[{"id":"a@m","treeHash":"DIGEST","approvedBy":"x","approvedOn":"2026-01-02T03:04:05Z"}]}""")]
    [InlineData("""{"format":1,"approvals":[{"id":"a@m","treeHash":"DIGEST","capabilities":[{"component":"Hook","name":"h","file":"f","hash":"x"}],"approvedBy":"x","approvedOn":"2026-01-02T03:04:05Z"}]}""")]
    [InlineData("""{"format":1,"approvals":[{"id":"a@m","treeHash":"DIGEST","treeHash":"DIGEST","capabilities":[],"approvedBy":"x","approvedOn":"2026-01-02T03:04:05Z"}]}""")]
    [InlineData("""{"format":1,"approvals":[{"id":"a@m","treeHash":"DIGEST","capabilities":[],"approvedBy":"x","approvedOn":"yesterday"}]}""")]
    [InlineData("""{"format":1,"approvals":[ENTRY,ENTRY]}""")]
    [InlineData("""[]""")]
    [InlineData("")]
    public async Task A_file_that_breaks_the_format_is_refused_whole(string text)
    {
        using var shop = new TestShop();
        const string Entry = """{"id":"a@m","treeHash":"DIGEST","capabilities":[],"approvedBy":"x","approvedOn":"2026-01-02T03:04:05Z"}""";
        var path = shop.Scratch.Write("approvals.json", Encoding.UTF8.GetBytes(
            text.Replace("ENTRY", Entry, StringComparison.Ordinal).Replace("DIGEST", Digest, StringComparison.Ordinal)));

        Assert.Equal(MarketErrorCode.ApprovalFileUnreadable,
            Assert.Throws<PluginMarketException>(() => ApprovalFile.Read(shop.Environment, path)).Code);
        Assert.Equal(MarketErrorCode.ApprovalFileUnreadable, (await Assert.ThrowsAsync<PluginMarketException>(
            () => ApprovalFile.AddAsync(shop.Environment, path, Approval("a", null)))).Code);
    }

    [Fact]
    public async Task Approvals_that_are_written_at_once_all_stay_and_nothing_else_is_next_to_them()
    {
        using var shop = new TestShop();
        var folder = shop.Scratch.MakeFolder("policy");
        var path = Path.Join(folder, "approvals.json");
        const int Writers = 8;
        const int Each = 6;
        using var start = new Barrier(Writers);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Factory.StartNew(
            async () =>
            {
                start.SignalAndWait();
                for (var i = 0; i < Each; i++)
                {
                    Assert.True(await ApprovalFile.AddAsync(shop.Environment, path, Approval($"p{writer}-{i}", null)));
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        Assert.Equal(Writers * Each, ApprovalFile.Read(shop.Environment, path).Approvals.Count);
        Assert.Equal(["approvals.json"], FileOps.Default.List(folder));
    }

    [Fact]
    public async Task A_writer_waits_for_the_one_before_and_says_for_what_it_waited_in_vain()
    {
        using var shop = new TestShop();
        var folder = shop.Scratch.MakeFolder("policy");
        using (await FileLock.AcquireFolderAsync(shop.Environment, folder, CancellationToken.None))
        {
            var hurried = shop.Environment with { Limits = Limits.Default with { LockTime = TimeSpan.FromMilliseconds(50) } };
            var failure = await Assert.ThrowsAsync<PluginMarketException>(
                () => ApprovalFile.AddAsync(hurried, Path.Join(folder, "approvals.json"), Approval("a", null)));
            Assert.Equal((MarketErrorCode.StateLocked, folder), (failure.Code, failure.Target));
        }

        Assert.True(await ApprovalFile.AddAsync(shop.Environment, Path.Join(folder, "approvals.json"), Approval("a", null)));
    }

    [Fact]
    public async Task A_file_that_is_a_link_stays_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right there.");
        using var shop = new TestShop();
        var target = Path.Join(shop.Scratch.MakeFolder("policy"), "approvals.json");
        await ApprovalFile.AddAsync(shop.Environment, target, Approval("a", null));
        File.CreateSymbolicLink(shop.Scratch["link.json"], target);

        await ApprovalFile.AddAsync(shop.Environment, shop.Scratch["link.json"], Approval("b", null));

        Assert.Equal(FileKind.SymbolicLink, FileOps.Default.Kind(shop.Scratch["link.json"]));
        Assert.Equal(2, ApprovalFile.Read(shop.Environment, target).Approvals.Count);
    }

    [Fact]
    public void A_missing_file_is_said()
    {
        using var shop = new TestShop();

        Assert.Equal(MarketErrorCode.ApprovalFileUnreadable,
            Assert.Throws<PluginMarketException>(() => ApprovalFile.Read(shop.Environment, shop.Scratch["nowhere.json"])).Code);
    }

    private static PluginApproval Approval(string name, string? note) => new()
    {
        Name = name,
        Marketplace = "shop",
        Version = "1.0.0",
        TreeHash = Digest,
        Capabilities = [new CapabilityRecord("Hook", "h", "hooks/hooks.json", Digest)],
        ApprovedBy = "ada",
        ApprovedOn = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Note = note,
    };
}
