using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace PluginMarket.TestKit;

/// <summary>The real Codex CLI in the version that the contract was checked against; the judge of interop tests.</summary>
public sealed class CodexCli
{
    /// <summary>The pinned version.</summary>
    public const string Version = "0.169.0";

    private static readonly Lazy<(CodexCli? Cli, string? Missing)> Installation = new(Install);

    private readonly string _program;

    private CodexCli(string program) => _program = program;

    /// <summary>The program, or null with the reason why it cannot be had here.</summary>
    public static CodexCli? Find(out string? missing)
    {
        (var cli, missing) = Installation.Value;
        return cli;
    }

    /// <summary>Runs <c>codex</c> with both homes set to scratch folders, nothing else of this process changed.</summary>
    public CodexRun Run(string codexHome, string home, params string[] arguments) => Run(codexHome, home, null, arguments);

    /// <summary>Runs <c>codex</c> in a working folder.</summary>
    public CodexRun Run(string codexHome, string home, string? workingDirectory, string[] arguments)
    {
        using var process = Process.Start(StartInfo(codexHome, home, workingDirectory, arguments))!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CodexRun(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>Starts the app-server, asks for <c>plugin/list</c> (which refreshes the cache) and returns its answer.</summary>
    public JsonElement RefreshThroughAppServer(string codexHome, string home)
    {
        using var process = Process.Start(StartInfo(codexHome, home, null, ["app-server"]))!;
        var drained = process.StandardError.ReadToEndAsync();
        try
        {
            Send(process, """{"id":1,"method":"initialize","params":{"clientInfo":{"name":"interop","title":"interop","version":"1.0.0"}}}""");
            Answer(process, 1);
            Send(process, """{"method":"initialized"}""");
            Send(process, """{"id":2,"method":"plugin/list","params":{}}""");
            return Answer(process, 2);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            drained.GetAwaiter().GetResult();
        }
    }

    private static void Send(Process process, string message)
    {
        process.StandardInput.Write(message + "\n");
        process.StandardInput.Flush();
    }

    private static JsonElement Answer(Process process, int id)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            using var message = JsonDocument.Parse(line);
            if (message.RootElement.TryGetProperty("id", out var answered) && answered.ValueKind == JsonValueKind.Number && answered.GetInt32() == id)
            {
                return message.RootElement.TryGetProperty("result", out var result)
                    ? result.Clone()
                    : throw new InvalidOperationException("The app-server refused: " + line);
            }
        }

        throw new InvalidOperationException("The app-server ended without an answer.");
    }

    private ProcessStartInfo StartInfo(string codexHome, string home, string? workingDirectory, string[] arguments)
    {
        var start = new ProcessStartInfo(_program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? home,
        };
        start.Environment["CODEX_HOME"] = codexHome;
        start.Environment["HOME"] = home;
        return start;
    }

    private static (CodexCli?, string?) Install()
    {
        var folder = Path.Join(RepositoryRoot.Path, "artifacts", "codex-" + Version);
        var program = Path.Join(folder, "node_modules", ".bin", OperatingSystem.IsWindows() ? "codex.cmd" : "codex");
        Directory.CreateDirectory(folder);
        // Test projects run side by side; one of them installs, the others wait for it.
        using var turn = WaitForTurn(Path.Join(folder, ".installing"));
        if (!File.Exists(program))
        {
            try
            {
                using var npm = Process.Start(new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["install", "--no-audit", "--no-fund", "--prefix", folder, "@openai/codex@" + Version])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                })!;
                var error = npm.StandardError.ReadToEndAsync();
                npm.StandardOutput.ReadToEnd();
                npm.WaitForExit();
                if (npm.ExitCode != 0)
                {
                    return (null, $"npm could not give @openai/codex@{Version}: {error.GetAwaiter().GetResult().Trim()}");
                }
            }
            catch (Win32Exception exception)
            {
                return (null, $"npm is not there to give @openai/codex@{Version}: {exception.Message}");
            }
        }

        return (new CodexCli(program), null);
    }

    private static FileStream WaitForTurn(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                Thread.Sleep(200);
            }
        }
    }
}

/// <summary>What one run of the Codex CLI gave.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CodexRun(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as JSON.</summary>
    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }
}
