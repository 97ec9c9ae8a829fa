using System.Diagnostics;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>Git repositories that generated entries name by path; made once for all cases.</summary>
internal sealed class SharedRepositories
{
    /// <summary>How many repositories there are; the one with index i holds the plugin <c>git{i}</c> at its root and <c>sub0</c> to
    /// <c>sub7</c> in <c>plugins</c>.</summary>
    public const int Count = 8;

    private readonly string _root;

    internal SharedRepositories(ScratchFolder scratch)
    {
        _root = scratch.MakeFolder("repositories");
        for (var index = 0; index < Count; index++)
        {
            Make(index);
        }
    }

    public string Path(int index) => System.IO.Path.Join(_root, $"r{index}");

    /// <summary>The full commit that a tag or branch of a repository names.</summary>
    public string Commit(int index, string name) => Git(Path(index), "rev-parse", name + "^{commit}").Trim();

    /// <summary>Runs git without the user's configuration and with fixed dates, so that commits are the same in every run.</summary>
    public static string Git(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c",
            "init.defaultBranch=main", "-c", "commit.gpgSign=false", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_AUTHOR_DATE"] = start.Environment["GIT_COMMITTER_DATE"] = "2026-01-02T03:04:05Z";
        using var git = Process.Start(start)!;
        var error = git.StandardError.ReadToEndAsync();
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, error.GetAwaiter().GetResult());
        return output;
    }

    private void Make(int index)
    {
        var folder = Directory.CreateDirectory(Path(index)).FullName;
        Git(folder, "init", "-q");
        WriteVersion(folder, index, "1.0.0");
        Git(folder, "add", "-A");
        Git(folder, "commit", "-qm", "First");
        Git(folder, "tag", "v1");
        Git(folder, "tag", "-a", "annotated", "-m", "Annotated");
        WriteVersion(folder, index, "1.1.0");
        new CaseFolder(folder).Link("plugins/sub0/link.txt", "content.txt");
        new CaseFolder(folder).Link("link", "plugins/sub1");
        Git(folder, "add", "-A");
        Git(folder, "commit", "-qm", "Second");
        Git(folder, "checkout", "-qb", "topic/next");
        WriteVersion(folder, index, "2.0.0-rc.1");
        Git(folder, "commit", "-qam", "Third");
        Git(folder, "checkout", "-q", "main");
    }

    private static void WriteVersion(string folder, int index, string version)
    {
        var files = new CaseFolder(folder);
        files.Text(".codex-plugin/plugin.json", $$"""{"name":"git{{index}}","version":"{{version}}"}""");
        files.Text("README.md", "# " + version + "\n");
        files.Executable("bin/run.sh", "#!/bin/sh\necho " + version + "\n");
        files.Text(".hidden/file", version);
        for (var sub = 0; sub < Count; sub++)
        {
            // Neither of these says its name: the folder does.
            files.Text($"plugins/sub{sub}/.codex-plugin/plugin.json", sub == 4 ? "{}" : $$"""{"version":"{{version}}"}""");
            files.Text($"plugins/sub{sub}/content.txt", $"{index} {sub} {version}\n");
            files.Text($"plugins/sub{sub}/skills/hello/SKILL.md", "---\nname: hello\ndescription: Says hello.\n---\nHello.\n");
        }
    }
}
