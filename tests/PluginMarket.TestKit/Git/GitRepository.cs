using System.Diagnostics;
using System.Text;

namespace PluginMarket.TestKit;

/// <summary>A real repository made by the real git, with fixed names and dates and none of the user's configuration.</summary>
internal sealed class GitRepository
{
    private GitRepository(string folder)
    {
        Folder = folder;
    }

    /// <summary>The work tree, absolute.</summary>
    public string Folder { get; }

    /// <summary>The address for git on this machine.</summary>
    public string FileUrl => "file://" + Folder;

    /// <summary>The commit HEAD stands for.</summary>
    public string Head => ReadLooseHead() ?? Run("rev-parse", "HEAD").Trim();

    /// <summary>Makes an empty repository with the branch <c>main</c>; partial fetches are allowed.</summary>
    /// <param name="folder">An absolute folder, made if missing.</param>
    /// <param name="objectFormat"><c>sha1</c> or <c>sha256</c>.</param>
    public static GitRepository Create(string folder, string objectFormat = "sha1")
    {
        Directory.CreateDirectory(folder);
        var repository = new GitRepository(folder);
        repository.Run("init", "--quiet", "--template=", "--initial-branch=main", "--object-format=" + objectFormat);
        // Written as git would: a suite makes thousands of repositories, and each git that is not started counts.
        File.AppendAllText(Path.Join(folder, ".git", "config"),
            "[uploadpack]\n\tallowFilter = true\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n");
        return repository;
    }

    /// <summary>Makes a repository with one commit of these files.</summary>
    public static GitRepository Create(string folder, IReadOnlyDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var repository = Create(folder);
        foreach (var (path, text) in files)
        {
            repository.Write(path, text);
        }

        repository.Commit();
        return repository;
    }

    /// <summary>Writes a file of the work tree.</summary>
    public GitRepository Write(string path, string text, bool executable = false) => Write(path, Encoding.UTF8.GetBytes(text), executable);

    /// <summary>Writes a file of the work tree.</summary>
    public GitRepository Write(string path, byte[] content, bool executable = false)
    {
        var file = Path.Join(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
        if (executable && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
        }

        return this;
    }

    /// <summary>Makes a symbolic link in the work tree.</summary>
    public GitRepository WriteLink(string path, string target)
    {
        var file = Path.Join(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.CreateSymbolicLink(file, target);
        return this;
    }

    /// <summary>Removes a path from the work tree and the index.</summary>
    public GitRepository Remove(string path)
    {
        Run("rm", "--quiet", "-r", "--", path);
        return this;
    }

    /// <summary>Puts a nested repository (a gitlink) into the index.</summary>
    public GitRepository AddGitLink(string path, string commit = "1111111111111111111111111111111111111111")
    {
        Run("update-index", "--add", "--cacheinfo", $"160000,{commit},{path}");
        return this;
    }

    /// <summary>Commits the whole work tree and returns the commit's id.</summary>
    public string Commit(string message = "Change")
    {
        Run("add", "--all", "--force");
        Run("commit", "--quiet", "--allow-empty", "--message", message);
        return Head;
    }

    /// <summary>Commits what is in the index, leaving the work tree aside, and returns the commit's id.</summary>
    public string CommitIndex(string message = "Change")
    {
        Run("commit", "--quiet", "--allow-empty", "--message", message);
        return Head;
    }

    /// <summary>Runs git in the repository and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public string Run(params string[] arguments) => Run(Folder, null, arguments);

    /// <summary>Runs git in the repository with input and returns what it printed.</summary>
    public string RunWith(byte[] input, params string[] arguments) => Run(Folder, input, arguments);

    // What git would answer, without a process for it.
    private string? ReadLooseHead()
    {
        const string Branch = "ref: ";
        var head = Path.Join(Folder, ".git", "HEAD");
        var text = File.Exists(head) ? File.ReadAllText(head).Trim() : "";
        var reference = Path.Join(Folder, ".git", text.StartsWith(Branch, StringComparison.Ordinal) ? text[Branch.Length..] : "HEAD");
        return File.Exists(reference) ? File.ReadAllText(reference).Trim() : null;
    }

    private static string Run(string folder, byte[]? input, string[] arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in FixedVariables(folder))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            process.StandardInput.BaseStream.Write(input);
        }

        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {errors.Result}");
    }

    private static IEnumerable<(string Name, string Value)> FixedVariables(string folder) =>
    [
        ("HOME", folder), ("XDG_CONFIG_HOME", folder), ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_GLOBAL", OperatingSystem.IsWindows() ? "NUL" : "/dev/null"), ("LC_ALL", "C"),
        ("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.org"), ("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"),
        ("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.org"), ("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"),
    ];
}
