using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PluginMarket.Core.Tests.Showcase;

/// <summary>One page of a browser: what it asks for and throws is kept, keys are pressed as a keyboard presses them.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ClientWebSocket _socket;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _waiting = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly CancellationToken _cancellation;
    private Task _reading = Task.CompletedTask;
    private string? _session;
    private int _calls;

    private BrowserPage(ClientWebSocket socket, CancellationToken cancellation)
    {
        _socket = socket;
        _cancellation = cancellation;
    }

    /// <summary>Addresses that were asked for, without those that carry their content in themselves.</summary>
    public IReadOnlyList<string> Requests => [.. _requests.Where(address => !address.StartsWith("data:", StringComparison.Ordinal))];

    /// <summary>Errors of scripts that nothing caught, and questions a script put to the user.</summary>
    public IReadOnlyList<string> Faults => [.. _faults];

    internal static async Task<BrowserPage> AttachAsync(ClientWebSocket socket, CancellationToken cancellation)
    {
        var page = new BrowserPage(socket, cancellation);
        page._reading = page.ReadAsync();
        var targets = await page.CallAsync("Target.getTargets");
        var target = targets["targetInfos"]!.AsArray().Single(info => (string?)info!["type"] == "page")!["targetId"]!.GetValue<string>();
        page._session = (string)(await page.CallAsync("Target.attachToTarget",
            new() { ["targetId"] = target, ["flatten"] = true }))["sessionId"]!;
        foreach (var domain in new[] { "Page", "Network", "Runtime" })
        {
            await page.CallAsync($"{domain}.enable");
        }

        return page;
    }

    /// <summary>Opens an address and waits until it is loaded.</summary>
    public async Task OpenAsync(Uri address)
    {
        await CallAsync("Page.navigate", new() { ["url"] = address.AbsoluteUri });
        await UntilAsync($"location.href === {JsonSerializer.Serialize(address.AbsoluteUri)} && document.readyState === 'complete'");
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonNode?> AskAsync(string expression)
    {
        var answer = await CallAsync("Runtime.evaluate",
            new() { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true, ["userGesture"] = true });
        return answer["exceptionDetails"] is { } failure
            ? throw new InvalidOperationException(failure.ToJsonString()) : answer["result"]!["value"]?.DeepClone();
    }

    /// <summary>A text in the page.</summary>
    public async Task<string?> TextAsync(string expression) => (string?)await AskAsync(expression);

    /// <summary>Waits until an expression is true in the page.</summary>
    /// <exception cref="TimeoutException">It did not come true.</exception>
    public async Task UntilAsync(string expression)
    {
        var since = Stopwatch.StartNew();
        while (!await IsTrueAsync(expression))
        {
            if (since.Elapsed > Patience)
            {
                throw new TimeoutException($"Not true in the page: {expression}");
            }

            await Task.Delay(20, _cancellation);
        }
    }

    /// <summary>Presses a key, with shift where asked.</summary>
    public async Task PressAsync(string key, bool shift = false)
    {
        var (code, text) = key switch
        {
            "Tab" => (9, null),
            "Enter" => (13, "\r"),
            "Escape" => (27, null),
            " " => (32, " "),
            "Backspace" => (8, null),
            _ => (char.ToUpperInvariant(key[0]), key),
        };
        foreach (var type in new[] { "keyDown", "keyUp" })
        {
            var press = new JsonObject { ["type"] = type, ["key"] = key, ["windowsVirtualKeyCode"] = code, ["modifiers"] = shift ? 8 : 0 };
            if (text is not null && type == "keyDown")
            {
                press["text"] = text;
            }

            await CallAsync("Input.dispatchKeyEvent", press);
        }
    }

    /// <summary>Presses Tab until an expression is true, at most as often as told.</summary>
    /// <exception cref="TimeoutException">It did not come true.</exception>
    public async Task TabUntilAsync(string expression, int most)
    {
        for (var i = 0; i <= most; i++)
        {
            if (await IsTrueAsync(expression))
            {
                return;
            }

            await PressAsync("Tab");
        }

        throw new TimeoutException($"Not reached by {most} tabs: {expression}; "
            + $"the focus is on {await TextAsync("document.activeElement.outerHTML.slice(0, 200)")}");
    }

    /// <summary>Types a text, key by key.</summary>
    public async Task TypeAsync(string text)
    {
        foreach (var character in text)
        {
            await PressAsync(character.ToString());
        }
    }

    /// <summary>Says which colours the user prefers.</summary>
    public Task PreferAsync(string scheme) => CallAsync("Emulation.setEmulatedMedia",
        new() { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }) });

    /// <summary>Lets the page read and write the browser's clipboard.</summary>
    public Task GrantClipboardAsync() =>
        CallAsync("Browser.grantPermissions", new() { ["permissions"] = new JsonArray("clipboardReadWrite", "clipboardSanitizedWrite") });

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _reading;
        _socket.Dispose();
        _closing.Dispose();
        _sending.Dispose();
    }

    private async Task<bool> IsTrueAsync(string expression) => (bool?)await AskAsync($"Boolean({expression})") == true;

    private async Task<JsonObject> CallAsync(string method, JsonObject? parameters = null)
    {
        var id = Interlocked.Increment(ref _calls);
        var answer = _waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (_session is not null)
        {
            call["sessionId"] = _session;
        }

        await _sending.WaitAsync(_cancellation);
        try
        {
            await _socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text,
                endOfMessage: true, _cancellation);
        }
        finally
        {
            _sending.Release();
        }

        var message = await answer.Task.WaitAsync(Patience, _cancellation);
        return message["error"] is { } error
            ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}") : message["result"]!.AsObject();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (await _socket.ReceiveAsync(buffer, _closing.Token) is { MessageType: not WebSocketMessageType.Close } part)
            {
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    Take(JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!.AsObject());
                    message.SetLength(0);
                }
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or WebSocketException)
        {
            // Calls that still wait say so by their own limit.
        }
    }

    private void Take(JsonObject message)
    {
        if ((int?)message["id"] is { } id)
        {
            if (_waiting.TryRemove(id, out var answer))
            {
                answer.SetResult(message);
            }

            return;
        }

        switch ((string?)message["method"])
        {
            case "Network.requestWillBeSent":
                _requests.Enqueue((string)message["params"]!["request"]!["url"]!);
                break;
            case "Network.webSocketCreated":
                _requests.Enqueue((string)message["params"]!["url"]!);
                break;
            case "Runtime.exceptionThrown" or "Page.javascriptDialogOpening":
                _faults.Enqueue(message["params"]!.ToJsonString());
                break;
        }
    }
}
