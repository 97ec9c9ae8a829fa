using PluginMarket.Files;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>The stamp of a folder: asked for in the fewest calls it is that of a full walk, and every change shows.</summary>
[Trait("Category", "Fast")]
public sealed class FolderStampTests
{
    private static readonly DateTime Old = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private static readonly Dictionary<string, Action<ScratchFolder>> Edits = new(StringComparer.Ordinal)
    {
        ["bytes of the same length with the old time"] = scratch =>
        {
            scratch.Write("tree/skills/a/SKILL.md", "two");
            File.SetLastWriteTimeUtc(scratch["tree/skills/a/SKILL.md"], Old);
        },
        ["another file under the name"] = scratch =>
        {
            scratch.Write("other", "one");
            File.SetLastWriteTimeUtc(scratch["other"], Old);
            File.Move(scratch["other"], scratch["tree/skills/a/SKILL.md"], overwrite: true);
        },
        ["a right"] = scratch => FileOps.Default.SetMode(scratch["tree/run.sh"], FileOps.SharedFolder),
        ["a new file in an empty folder"] = scratch => scratch.Write("tree/empty/new", ""),
        ["a new folder far below"] = scratch => scratch.MakeFolder("tree/skills/a/more"),
        ["a file that is gone"] = scratch => File.Delete(scratch["tree/run.sh"]),
        ["another name"] = scratch => File.Move(scratch["tree/run.sh"], scratch["tree/ran.sh"]),
        ["a folder that became a link"] = scratch =>
        {
            Directory.Move(scratch["tree/skills/a"], scratch["away"]);
            File.CreateSymbolicLink(scratch["tree/skills/a"], scratch["away"]);
        },
        ["a link beside the files"] = scratch => File.CreateSymbolicLink(scratch["tree/link"], "run.sh"),
        ["a folder that became a file"] = scratch =>
        {
            Directory.Delete(scratch["tree/empty"]);
            scratch.Write("tree/empty", "");
        },
    };

    public static TheoryData<string> Changes => [.. Edits.Keys];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Every_change_shows_as_in_a_full_walk(string change)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var scratch = Make();
        var before = Look(scratch);
        Assert.NotNull(before);
        Assert.Equal(Walk(scratch), before);
        Edits[change](scratch);
        Assert.NotEqual(before, Look(scratch));
        Assert.Equal(Walk(scratch), Look(scratch));
    }

    [Fact]
    public void Each_folder_is_listed_once_and_each_file_asked_once()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var scratch = Make();
        var files = new FaultingFileOps();
        FolderStamp.Look(scratch["tree"], files, Limits.Default);
        Assert.Equal(["examine run.sh", "examine skills/a/SKILL.md", "list ", "list empty", "list skills", "list skills/a"],
            files.Calls.Select(call => call.Replace(scratch["tree"], "", StringComparison.Ordinal).Replace(" /", " ", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_that_is_missing_has_no_stamp()
    {
        using var scratch = new ScratchFolder();
        Assert.Null(FolderStamp.Look(scratch["tree"], FileOps.Default, Limits.Default));
    }

    private static ScratchFolder Make()
    {
        var scratch = new ScratchFolder();
        scratch.Write("tree/run.sh", "echo\n");
        scratch.Write("tree/skills/a/SKILL.md", "one");
        File.SetLastWriteTimeUtc(scratch["tree/skills/a/SKILL.md"], Old);
        scratch.Write("tree/.git/config", "x");
        scratch.MakeFolder("tree/empty");
        return scratch;
    }

    private static string? Look(ScratchFolder scratch) => FolderStamp.Look(scratch["tree"], FileOps.Default, Limits.Default);

    private static string? Walk(ScratchFolder scratch) =>
        FolderStamp.Of(FolderTree.ReadInstalled(scratch["tree"], FileOps.Default, Limits.Default));
}
