using System.Diagnostics;

namespace PluginMarket.Interop.Tests;

/// <summary>Our command line says what Codex says, word for word.</summary>
public sealed class CommandTextTests : IAsyncDisposable
{
    private readonly SharedHome _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [CodexFact]
    public async Task The_table_of_plugins_has_the_columns_of_Codex()
    {
        var root = _home.LocalMarketplace();
        _home.Write("corp/.agents/plugins/marketplace.json", """
            {"name":"corp","plugins":[{"name":"alpha","source":"./alpha"},
            {"name":"sub","source":{"source":"git-subdir","url":"o/r","path":"x","ref":"v1","sha":"0123456789012345678901234567890123456789"}},
            {"name":"git","source":{"source":"url","url":"https://example.org/g.git","ref":"main"}},
            {"name":"npm","source":{"source":"npm","package":"@s/p","version":"^1","registry":"https://r.example.org"}},{"name":"bare","source":{"source":"npm","package":"p"}},
            {"name":"blank","source":"./blank "}]}
            """);
        await _home.AddAsync(root);
        await _home.InstallAsync("alpha@corp");

        Assert.Equal(_home.Program.Run(_home.CodexHome, _home.Ours.Environment.HomePath, "plugin", "list").Output,
            Ours(_home.CodexHome, _home.Ours.Environment.HomePath, "list"));
    }

    [CodexFact]
    public void Adding_upgrading_and_removing_a_git_marketplace_is_told_in_the_words_of_Codex()
    {
        var tools = _home.GitMarketplace();
        string[][] commands = [["marketplace", "add", _home.GitUrl, "--ref", "main"], ["marketplace", "add", _home.GitUrl, "--ref", "main"],
            ["marketplace", "upgrade", "tools"], ["marketplace", "upgrade"], ["marketplace", "remove", "tools"]];
        foreach (var command in commands)
        {
            if (command[1] == "upgrade")
            {
                tools.Write("plugins/inside/more.txt", string.Join(' ', command)).Commit();
            }

            var theirs = _home.Alone.Run(command).Output.Replace(_home.Alone.CodexHome, "HOME", StringComparison.Ordinal);
            var ours = Ours(_home.CodexHome, _home.Ours.Environment.HomePath, command).Replace(_home.CodexHome,
                "HOME", StringComparison.Ordinal);
            Assert.Equal(Lines(theirs), Lines(ours));
        }
    }

    private static string Ours(string codexHome, string home, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? path : "dotnet", [Path.Join(AppContext.BaseDirectory, "pluginmarket.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
        };
        start.Environment["CODEX_HOME"] = codexHome;
        start.Environment["HOME"] = home;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        return output;
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Select(line => line.TrimEnd())];
}
