using System.Diagnostics;
using System.Net.WebSockets;

namespace PluginMarket.Core.Tests.Showcase;

/// <summary>A headless Chromium of this machine with a new profile, driven through its DevTools protocol.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Announcement = "DevTools listening on ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome"];

    private readonly Process _process;
    private readonly Task _messages;

    private Chromium(Process process, Task messages, BrowserPage page)
    {
        _process = process;
        _messages = messages;
        Page = page;
    }

    /// <summary>Its one page.</summary>
    public BrowserPage Page { get; }

    /// <summary>The program, or null where the machine has none.</summary>
    public static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder =>
            Names.Select(name => Path.Join(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))).FirstOrDefault(File.Exists);

    /// <summary>Starts it with a profile in that folder.</summary>
    public static async Task<Chromium> StartAsync(string program, string profile, CancellationToken cancellation)
    {
        string[] arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
            "--no-first-run", "--window-size=1280,900", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank"];
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(StartLimit);
            var address = await AddressAsync(process.StandardError, limit.Token);
            var socket = new ClientWebSocket();
            await socket.ConnectAsync(address, limit.Token);
            // Nobody reads what it says from here on, and a full pipe would hold it up.
            var messages = Task.WhenAll(process.StandardError.ReadToEndAsync(CancellationToken.None),
                process.StandardOutput.ReadToEndAsync(CancellationToken.None));
            return new Chromium(process, messages, await BrowserPage.AttachAsync(socket, cancellation));
        }
        catch
        {
            await EndAsync(process);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Page.DisposeAsync();
        await EndAsync(_process);
        await _messages;
    }

    private static async Task<Uri> AddressAsync(StreamReader messages, CancellationToken cancellation)
    {
        while (await messages.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                return new Uri(line[Announcement.Length..].Trim());
            }
        }

        throw new InvalidOperationException("Chromium ended before it could be driven.");
    }

    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }
}
