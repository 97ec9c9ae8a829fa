using System.Globalization;
using System.Text.Json;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests.Hooks;

/// <summary>A model on loopback that runs one command and then says that it is done.</summary>
internal sealed class PlayedModel : IAsyncDisposable
{
    private readonly LoopbackListener _listener;
    private int _turns;

    internal PlayedModel() => _listener = new LoopbackListener(ServeAsync);

    /// <summary>The lines of <c>config.toml</c> that make Codex use it.</summary>
    internal string Configuration => $"""
        model = "gpt-5"
        model_provider = "played"
        [model_providers.played]
        name = "played"
        base_url = "http://{_listener.Authority}/v1"
        wire_api = "responses"
        request_max_retries = 0
        stream_max_retries = 0

        """;

    /// <summary>How often it was asked for an answer.</summary>
    internal int Turns => _turns;

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        var request = await reader.ReadLineAsync(_listener.Stopping) ?? "";
        var length = 0;
        while (await reader.ReadLineAsync(_listener.Stopping) is { Length: > 0 } header)
        {
            if (header.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(header.AsSpan(header.IndexOf(':', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
            }
        }

        // The body is counted in bytes, of which every character has at least one.
        var body = new char[length];
        for (var read = 0; read < length && length - Encoding.UTF8.GetByteCount(body, 0, read) > 0;)
        {
            var count = await reader.ReadAsync(body.AsMemory(read), _listener.Stopping);
            if (count == 0)
            {
                return;
            }

            read += count;
        }

        var isAnswer = request.StartsWith("POST", StringComparison.Ordinal);
        var text = isAnswer ? Answer(Interlocked.Increment(ref _turns)) : "{\"models\":[],\"data\":[]}";
        var bytes = Encoding.UTF8.GetBytes(text);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 200 OK\r\nContent-Type: {(isAnswer ? "text/event-stream" : "application/json")}\r\nContent-Length: {bytes.Length}\r\n"
                + $"Connection: close\r\n\r\n")), _listener.Stopping);
        await stream.WriteAsync(bytes, _listener.Stopping);
    }

    private static string Answer(int turn)
    {
        object item = turn == 1
            ? new { type = "function_call", id = "f1", call_id = "c1", name = "exec_command", arguments = "{\"cmd\":\"true\"}" }
            : new { type = "message", role = "assistant", id = "m1", content = new[] { new { type = "output_text", text = "done" } } };
        object[] events =
        [
            new { type = "response.created", response = new { id = "r1" } },
            new { type = "response.output_item.done", item },
            new { type = "response.completed", response = new { id = "r1", usage = new { input_tokens = 1, output_tokens = 1, total_tokens = 2 } } },
        ];
        return string.Concat(events.Select(one =>
        {
            var json = JsonSerializer.Serialize(one);
            return $"event: {JsonDocument.Parse(json).RootElement.GetProperty("type").GetString()}\ndata: {json}\n\n";
        }));
    }
}
