using FsCheck;
using FsCheck.Fluent;
using PluginMarket.Files;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class TreeDigestTests
{
    [Fact]
    public void The_digest_is_the_same_from_memory_folder_and_copy_in_any_order()
    {
        using var scratch = new ScratchFolder();
        (string, string)[] files = [("a-b", "1"), ("a/b", "22"), ("a/c/d", ""), ("é", "x"), ("z", new string('y', 100_000))];
        var forwards = Make(files);
        var backwards = Make([.. files.Reverse()]);
        foreach (var (path, text) in files)
        {
            scratch.Write("tree/" + path, text);
        }

        scratch.Write("tree/.git/HEAD", "ref");
        scratch.MakeFolder("tree/empty");
        File.CreateSymbolicLink(scratch["tree/link"], "z");
        FileOps.Default.SetMode(scratch["tree/z"], FileOps.PrivateFolder);
        var folder = FolderTree.Read(scratch["tree"], FileOps.Default, Limits.Default);
        using var staged = StagedTree.Create(scratch.Environment());
        staged.Write(folder, TreeWriteOptions.Plugin(Limits.Default));

        var digest = TreeDigest.Compute(forwards);
        Assert.True(TreeDigest.IsWellFormed(digest));
        Assert.Equal(digest, TreeDigest.Compute(backwards));
        Assert.Equal(digest, TreeDigest.Compute(folder));
        Assert.Equal(digest, TreeDigest.Compute(staged.Read(TreeLimits.Plugin(Limits.Default))));
        Assert.Equal(TreeDigest.Compute(Make(files[..1])), TreeDigest.Compute(forwards, e => e.Path == "a-b"));
    }

    [Fact]
    public void The_digest_is_the_documented_one()
    {
        // SHA-256 of 00000001 "a" 0000000000000002 "hi", by another implementation.
        Assert.Equal("sha256:" + Sha("\0\0\0\u0001a\0\0\0\0\0\0\0\u0002hi"), TreeDigest.Compute(Make([("a", "hi")])));
        Assert.Equal("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", TreeDigest.Compute(new MemoryTree()));
    }

    [Fact]
    public void Different_trees_have_different_digests()
    {
        var names = Gen.Elements("a", "b", "ab", "a/b", "b/a", "c");
        var texts = Gen.Elements("", "a", "b", "ab", "\0");
        var trees = Gen.ListOf(Gen.Zip(names, texts))
            .Select(l => l.DistinctBy(f => f.Item1).OrderBy(f => f.Item1, StringComparer.Ordinal).ToArray());
        Prop.ForAll(Gen.Zip(trees, trees).ToArbitrary(), pair =>
            pair.Item1.SequenceEqual(pair.Item2) == (TreeDigest.Compute(Make(pair.Item1)) == TreeDigest.Compute(Make(pair.Item2))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("sha256:", false)]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", false)]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", true)]
    public void The_form_of_a_digest_is_checked(string? text, bool wellFormed) => Assert.Equal(wellFormed, TreeDigest.IsWellFormed(text));

    [Fact]
    public void A_file_that_changed_its_length_is_noticed()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("tree/f", "1");
        var tree = FolderTree.Read(scratch["tree"], FileOps.Default, Limits.Default);
        scratch.Write("tree/f", "22");
        Assert.Throws<IOException>(() => TreeDigest.Compute(tree));
    }

    private static string Sha(string latin) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.Latin1.GetBytes(latin))).ToLowerInvariant();

    private static MemoryTree Make((string Path, string Text)[] files) =>
        files.Aggregate(new MemoryTree(), (tree, file) => tree.Add(file.Path, file.Text));
}
