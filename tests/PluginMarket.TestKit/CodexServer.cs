using System.Diagnostics;
using System.Text.Json;

namespace PluginMarket.TestKit;

/// <summary>A running app-server of Codex, which is asked one question after the other. It gets no network but this machine's own
/// addresses.</summary>
internal sealed class CodexServer : IDisposable
{
    private readonly Process _process;
    private readonly Timer _watchdog;
    private int _asked;

    /// <param name="start">How it is started, with its standard streams redirected.</param>
    /// <param name="timeLimit">When it is killed.</param>
    /// <param name="said">Told of each line that it writes as an error.</param>
    /// <exception cref="InvalidOperationException">The server refused or ended; it does not run any more.</exception>
    public CodexServer(ProcessStartInfo start, TimeSpan timeLimit, Action<string?>? said = null)
    {
        _process = Process.Start(OnThisMachineOnly(start))!;
        _process.ErrorDataReceived += (_, line) => said?.Invoke(line.Data);
        _process.BeginErrorReadLine();
        _watchdog = new Timer(_ => Kill(_process), null, timeLimit, Timeout.InfiniteTimeSpan);
        try
        {
            Ask("initialize", new { clientInfo = new { name = "interop", title = "interop", version = "1.0.0" } });
            Send(new { method = "initialized" });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The answer to a question.</summary>
    /// <exception cref="InvalidOperationException">The server refused or ended.</exception>
    public JsonElement Ask(string method, object parameters) =>
        TryAsk(method, parameters, out var refusal) ?? throw new InvalidOperationException("The app-server refused: " + refusal);

    /// <summary>The answer to a question; null with the reason where the server refuses it.</summary>
    /// <exception cref="InvalidOperationException">The server ended.</exception>
    public JsonElement? TryAsk(string method, object parameters, out string? refusal)
    {
        var id = ++_asked;
        Send(new { id, method, @params = parameters });
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            using var message = JsonDocument.Parse(line);
            if (message.RootElement.TryGetProperty("id", out var answered) && answered.ValueKind == JsonValueKind.Number
                && answered.GetInt32() == id)
            {
                var isAnswered = message.RootElement.TryGetProperty("result", out var result);
                refusal = isAnswered ? null : line;
                return isAnswered ? result.Clone() : null;
            }
        }

        throw new InvalidOperationException("The app-server ended without an answer.");
    }

    /// <summary>What it says of a plugin of a catalog (<c>plugin/read</c>).</summary>
    /// <exception cref="InvalidOperationException">The server refused or ended.</exception>
    public JsonElement ReadPlugin(string catalogPath, string name) =>
        Ask("plugin/read", new { marketplacePath = catalogPath, pluginName = name }).GetProperty("plugin");

    /// <summary>Has it install a plugin of a catalog (<c>plugin/install</c>), in a tenth of the time that the command line takes; gives
    /// why it was refused, or null.</summary>
    /// <exception cref="InvalidOperationException">The server ended.</exception>
    public string? InstallPlugin(string catalogPath, string name)
    {
        TryAsk("plugin/install", new { marketplacePath = catalogPath, pluginName = name }, out var refusal);
        return refusal;
    }

    /// <summary>Whether it ends within a time.</summary>
    public bool EndsWithin(TimeSpan time) => _process.WaitForExit(time);

    /// <summary>Kills it with all that it started.</summary>
    public void Dispose()
    {
        _watchdog.Dispose();
        Kill(_process);
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Kills a process with all that it started, if it still runs.</summary>
    internal static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Keeps a program from everything but this machine's own addresses. Codex looks for OpenAI's own catalog at its start; a
    /// closed port answers at once.</summary>
    internal static ProcessStartInfo OnThisMachineOnly(ProcessStartInfo start)
    {
        foreach (var name in new[] { "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy" })
        {
            start.Environment[name] = "http://127.0.0.1:9";
        }

        start.Environment["NO_PROXY"] = "127.0.0.1,localhost";
        start.Environment["no_proxy"] = "127.0.0.1,localhost";
        return start;
    }

    private void Send(object message)
    {
        _process.StandardInput.Write(JsonSerializer.Serialize(message) + "\n");
        _process.StandardInput.Flush();
    }
}
