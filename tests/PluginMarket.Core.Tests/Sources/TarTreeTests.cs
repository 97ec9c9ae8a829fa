using System.Formats.Tar;
using System.Text;
using PluginMarket.Files;
using PluginMarket.Sources.Npm;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>Reading tar files: every form that writers make, and nothing that a package may not hold.</summary>
[Trait("Category", "Fast")]
public sealed class TarTreeTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(TarEntryFormat.V7, 60)]
    [InlineData(TarEntryFormat.Ustar, 90)]
    [InlineData(TarEntryFormat.Pax, 300)]
    [InlineData(TarEntryFormat.Gnu, 300)]
    public void Every_form_gives_the_files_that_were_put_in(TarEntryFormat format, int length)
    {
        var path = $"package/{new string('n', length / 2)}/{new string('m', length / 2)}é.txt";
        var content = new byte[1500];
        Random.Shared.NextBytes(content);
        var tar = new NpmTarballBuilder(format).Add("./package/run.sh", "#!/bin/sh\n", executable: true).Add(path, content)
            .Add("package/empty", "").Add(TarEntryType.Directory, "package/folder/");

        var tree = Read(tar);

        Assert.Equal(new[] { "package/empty File False", "package/folder Directory False", $"{path} File False",
            "package/run.sh File True" }.Order(StringComparer.Ordinal),
            tree.Entries.Select(entry => $"{entry.Path} {entry.Kind} {entry.Executable}"));
        Assert.Equal(content, tree.ReadBytes(tree.Find(path)!, 2000));
        Assert.Equal("#!/bin/sh\n", Encoding.UTF8.GetString(tree.ReadBytes(tree.Find("package/run.sh")!, 100)));
        Assert.Empty(tree.ReadBytes(tree.Find("package/empty")!, 10));
    }

    [Fact]
    public void A_record_tells_the_length_that_the_header_cannot_hold()
    {
        var entry = new NpmTarballBuilder().Add("package/a", "0123456789").ToTar()[..1024];
        Octal(entry.AsSpan(124, 12), 0);
        Sign(entry.AsSpan(0, 512));
        var tree = Read(new NpmTarballBuilder().AddRaw(Record('x', "11 size=10\n")).AddRaw(entry));

        Assert.Equal("0123456789", Encoding.UTF8.GetString(tree.ReadBytes(tree.Find("package/a")!, 100)));
    }

    [Fact]
    public void What_is_said_of_the_whole_archive_changes_nothing()
    {
        var tree = Read(new NpmTarballBuilder().AddRaw(Record('g', "18 path=/etc/cron\n")).Add("package/a", "x"));

        Assert.Equal(["package/a"], tree.Entries.Select(entry => entry.Path));
    }

    [Theory]
    [InlineData("package/../../out", MarketErrorCode.PathEscapesRoot)]
    [InlineData("../out", MarketErrorCode.PathEscapesRoot)]
    [InlineData("/etc/out", MarketErrorCode.PathEscapesRoot)]
    [InlineData("other/../out", MarketErrorCode.PathEscapesRoot)]
    public void A_path_that_leaves_the_archive_refuses_it(string path, MarketErrorCode code) =>
        AssertRefused(code, new NpmTarballBuilder().Add("package/a", "x").Add(path, "x"));

    [Fact]
    public void A_record_cannot_point_outside_either() => AssertRefused(MarketErrorCode.PathEscapesRoot,
        new NpmTarballBuilder().AddRaw(Record('x', "24 path=package/../../o\n")).Add("package/a", "x"));

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.BlockDevice)]
    public void A_link_or_device_refuses_it(TarEntryType type) =>
        AssertRefused(MarketErrorCode.PathEscapesRoot, new NpmTarballBuilder().Add("package/a", "x").Add(type, "package/l",
            type is TarEntryType.SymbolicLink or TarEntryType.HardLink ? "package/a" : null));

    [Theory]
    [InlineData('S')]
    [InlineData('M')]
    [InlineData('V')]
    [InlineData('9')]
    public void Another_kind_refuses_it(char type) =>
        AssertRefused(MarketErrorCode.NpmPackageInvalid, new NpmTarballBuilder().AddRaw(Header("package/a", type, 0)));

    [Theory]
    [InlineData('x')]
    [InlineData('L')]
    [InlineData('0')]
    public void A_length_that_is_not_there_reserves_no_memory(char type)
    {
        var header = Header("package/a", type, 0);
        header.AsSpan(124, 12).Clear();
        header[124] = 0x80;
        header[132] = 0x7F;
        header[133] = header[134] = header[135] = 0xFF;
        Sign(header);
        var before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused(MarketErrorCode.NpmPackageInvalid, new NpmTarballBuilder().AddRaw(header));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('L')]
    public void Records_are_capped(char type) => AssertRefused(MarketErrorCode.LimitExceeded,
        new NpmTarballBuilder().AddRaw([.. Header("package/a", type, 100_000), .. new byte[100_352]]));

    [Fact]
    public void Files_and_their_bytes_are_capped()
    {
        AssertRefused(MarketErrorCode.LimitExceeded, new NpmTarballBuilder().Add("package/a", "0123456789").Add("package/b", "0123456789"),
            Limits.Default with { NpmUnpackedBytes = 15 });
        var many = new NpmTarballBuilder();
        for (var i = 0; i < 50; i++)
        {
            many.Add($"package/{i}", "");
        }

        AssertRefused(MarketErrorCode.LimitExceeded, many, Limits.Default with { PluginFiles = 10 });
    }

    [Fact]
    public void What_is_cut_off_or_damaged_is_stated()
    {
        var tar = new NpmTarballBuilder().Add("package/a", new byte[2000]).ToTar();
        Assert.Equal(MarketErrorCode.NpmPackageInvalid, Assert.Throws<PluginMarketException>(() => Read(tar[..1000])).Code);
        Assert.Equal(MarketErrorCode.NpmPackageInvalid, Assert.Throws<PluginMarketException>(() => Read(tar[..300])).Code);
        tar[5] ^= 1;
        Assert.Equal(MarketErrorCode.NpmPackageInvalid, Assert.Throws<PluginMarketException>(() => Read(tar)).Code);
        AssertRefused(MarketErrorCode.NpmPackageInvalid,
            new NpmTarballBuilder().AddRaw(Record('x', "99 path=package/b\n")).Add("package/a", "x"));
        AssertRefused(MarketErrorCode.NpmPackageInvalid, new NpmTarballBuilder().AddRaw(Record('x', "1 size=1\n")).Add("package/a", "x"));
    }

    [Fact]
    public void Any_bytes_give_a_tree_or_one_of_the_stated_failures()
    {
        var random = new Random(20260924);
        var good = new NpmTarballBuilder(TarEntryFormat.Pax).Add("package/package.json", "{}")
            .Add("package/" + new string('n', 150), "x", executable: true).Add(TarEntryType.Directory, "package/d").ToTar();
        for (var round = 0; round < 400; round++)
        {
            var bytes = (byte[])good.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(bytes.Length / 512) * 512;
                bytes[at + random.Next(512)] = (byte)random.Next(256);
                Sign(bytes.AsSpan(at, 512));
            }

            try
            {
                var tree = Read(bytes);
                Assert.All(tree.Files, file => Assert.Equal(file.Length, tree.ReadBytes(file, 1 << 20).Length));
            }
            catch (PluginMarketException failure)
            {
                Assert.Contains(failure.Code,
                    new[] { MarketErrorCode.NpmPackageInvalid, MarketErrorCode.PathEscapesRoot, MarketErrorCode.LimitExceeded });
            }
        }
    }

    private void AssertRefused(MarketErrorCode code, NpmTarballBuilder tar, Limits? limits = null) =>
        Assert.Equal(code, Assert.Throws<PluginMarketException>(() => Read(tar.ToTar(), limits)).Code);

    private TarTree Read(NpmTarballBuilder tar) => Read(tar.ToTar());

    private TarTree Read(byte[] tar, Limits? limits = null) =>
        TarTree.Read(_scratch.Environment(limits: limits), _scratch.Write("package.tar", tar), "pack");

    private static byte[] Record(char type, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        var block = new byte[512];
        content.CopyTo(block, 0);
        return [.. Header("PaxHeader", type, content.Length), .. block];
    }

    private static byte[] Header(string path, char type, int length)
    {
        var header = new NpmTarballBuilder().Add(path, "").ToTar()[..512];
        header[156] = (byte)type;
        Octal(header.AsSpan(124, 12), length);
        Sign(header);
        return header;
    }

    private static void Octal(Span<byte> field, int value)
    {
        var text = Convert.ToString(value, 8).PadLeft(field.Length - 1, '0');
        Encoding.ASCII.GetBytes(text, field);
        field[^1] = 0;
    }

    private static void Sign(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var value in header)
        {
            sum += value;
        }

        Octal(header.Slice(148, 7), sum);
    }
}
