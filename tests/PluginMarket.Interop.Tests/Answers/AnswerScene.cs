using System.Diagnostics;
using System.Text.Json;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests.Answers;

/// <summary>A home, a folder for marketplaces and, where files of it are written, its own system folder for one question.</summary>
internal sealed class AnswerScene
{
    private readonly CodexCli _codex;
    private readonly ScratchFolder _scratch;
    private readonly string _name;
    private bool _hasSystemFolder;

    public AnswerScene(CodexCli codex, ScratchFolder scratch, string name)
    {
        (_codex, _scratch, _name) = (codex, scratch, name);
        Side = new CodexSide(codex, scratch[name + "/home"]);
        Write("corp/.agents/plugins/marketplace.json",
            """{"name":"corp","plugins":[{"name":"alpha","source":"./alpha"},{"name":"beta","source":"./beta"}]}""");
        Write("corp/alpha/.codex-plugin/plugin.json", """{"name":"alpha","version":"1.0.0"}""");
        Write("corp/beta/.codex-plugin/plugin.json", """{"name":"beta","version":"1.0.0"}""");
    }

    /// <summary>Why no system folder can be put in place of the machine's, or null.</summary>
    public static string? NoSystemFolder { get; } = FindObstacle();

    public CodexSide Side { get; }

    public string this[string path] => _scratch[$"{_name}/{path}"];

    public void Write(string path, string text) => _scratch.Write($"{_name}/{path}", text);

    /// <summary>Writes the user's configuration.</summary>
    public void Configure(string text) => File.WriteAllText(Path.Join(Side.CodexHome, "config.toml"), text);

    /// <summary>Writes a file of <c>/etc/codex</c> that only this scene's runs see.</summary>
    public void Administer(string file, string text)
    {
        Write("etc/codex/" + file, text);
        foreach (var known in (string[])["passwd", "group", "hosts", "nsswitch.conf"])
        {
            if (File.Exists("/etc/" + known))
            {
                File.Copy("/etc/" + known, this["etc/" + known], overwrite: true);
            }
        }

        _hasSystemFolder = true;
    }

    public CodexRun Run(params string[] arguments) => RunIn(Side.Home, arguments);

    public CodexRun RunIn(string folder, params string[] arguments)
    {
        using var process = Process.Start(Start(folder, arguments))!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CodexRun(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>Asks the app-server about the home folder as the current one.</summary>
    public JsonElement Ask(string method) => CodexCli.Ask(Start(Side.Home, "app-server"), method, new { cwds = new[] { Side.Home } });

    private ProcessStartInfo Start(string folder, params string[] arguments)
    {
        var plain = _codex.StartInfo(Side.CodexHome, Side.Home, folder, arguments);
        if (!_hasSystemFolder)
        {
            return plain;
        }

        var start = new ProcessStartInfo("unshare",
            ["--mount", "sh", "-c", "mount --bind \"$0\" /etc && exec \"$@\"", this["etc"], plain.FileName, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var variable in plain.Environment)
        {
            start.Environment[variable.Key] = variable.Value;
        }

        return start;
    }

    /// <summary>Adds the marketplace <c>corp</c> and installs some of its plugins.</summary>
    public void Install(params string[] plugins)
    {
        Assert.Equal(0, Side.Run("marketplace", "add", this["corp"]).ExitCode);
        foreach (var plugin in plugins)
        {
            Assert.Equal(0, Side.Run("add", plugin + "@corp").ExitCode);
        }
    }

    /// <summary>"done", or what the error says first.</summary>
    public string Say(CodexRun run) => run.ExitCode == 0 ? "done" : "fails: " + Plain(ErrorOf(run.Error));

    /// <summary>The output in one line.</summary>
    public string Text(CodexRun run) => run.ExitCode == 0 ? Plain(
        string.Join(" / ", run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))) : Say(run);

    /// <summary>A text with the folders of this scene under names that are the same in every run.</summary>
    public string Plain(string text) => text.Replace(Side.CodexHome, "HOME/.codex", StringComparison.Ordinal)
        .Replace(Side.Home, "HOME", StringComparison.Ordinal).Replace(_scratch[_name], "…", StringComparison.Ordinal);

    private static string ErrorOf(string error)
    {
        var lines = error.Split('\n').Select(line => line.Trim())
            .Where(line => line.Length > 0 && !line.StartsWith("WARNING:", StringComparison.Ordinal)).ToList();
        var first = lines.FindIndex(line => line.StartsWith("Error:", StringComparison.Ordinal));
        var said = first < 0 ? lines.FirstOrDefault() ?? "" : lines[first]["Error:".Length..].Trim();
        var cause = lines.FindIndex(line => line == "Caused by:");
        return cause >= 0 && cause + 1 < lines.Count ? $"{said}: {lines[cause + 1]}"
            : said.EndsWith(':') && first + 1 < lines.Count ? $"{said} {lines[first + 1]}" : said;
    }

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Only Linux gives a process a file system of its own.";
        }

        try
        {
            using var tried = Process.Start(new ProcessStartInfo("unshare", ["--mount", "sh", "-c", "mount --bind /etc /etc"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            tried.WaitForExit();
            return tried.ExitCode == 0 ? null : "This user may not mount a folder for one process (unshare --mount).";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "There is no unshare.";
        }
    }
}
