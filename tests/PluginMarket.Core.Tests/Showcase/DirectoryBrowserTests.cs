using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Showcase;

/// <summary>A hostile page in a real browser: it works, and neither runs nor loads what the catalog wants.</summary>
public sealed class DirectoryBrowserTests : IDisposable
{
    private static readonly string[] Browsers = ["chromium", "chromium-browser", "google-chrome"];

    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_hostile_catalog_runs_and_loads_nothing()
    {
        var browser = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder => Browsers.Select(name => Path.Join(folder, name))).FirstOrDefault(File.Exists);
        Assert.SkipWhen(browser is null, "no chromium is on the path: the page is not opened in a browser");
        var token = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}/x";
        var hostile = $"</script><script>document.title='owned'</script><img src='{address}' onerror=document.title='owned'><link rel=stylesheet href={address}><iframe src={address}></iframe>";
        var text = System.Text.Json.Nodes.JsonValue.Create(hostile).ToJsonString();
        _home.WritePlugin("m/plugins/evil", "evil", more: $$""", "interface": {"displayName": {{text}}, "shortDescription": {{text}}, "developerName": {{text}}, "brandColor": "url({{address}})", "logo": "./logo.svg"}""");
        _home.Scratch.Write("m/plugins/evil/logo.svg", $"<svg xmlns='http://www.w3.org/2000/svg'><image href='{address}'/></svg>");
        _home.WriteCatalog("m", $$"""{"name": "m", "plugins": [{"name": "evil", "source": "./plugins/evil", "category": {{text}}}, {"name": {{text}}, "source": "./plugins/evil"}]}""");
        var page = _home.Scratch["page.html"];
        await new DirectoryExporter(_home.Environment).ExportAsync(new DirectoryExportRequest { Path = page, CatalogPaths = [_home.Scratch["m"]], Title = "Safe" }, token);

        var document = await DumpAsync(browser!, $"{new Uri(page)}#/evil%40m", token);

        Assert.Contains("<p id=\"status\" role=\"status\">2 plugins</p>", document, StringComparison.Ordinal);
        Assert.Contains("<dialog id=\"plugin\" aria-labelledby=\"plugin-title\" open", document, StringComparison.Ordinal);
        Assert.DoesNotContain("<title>owned", document, StringComparison.Ordinal);
        Assert.DoesNotContain("<iframe", ScriptsRemoved(document), StringComparison.Ordinal);
        Assert.False(listener.Pending(), "the page asked for something");
    }

    private async Task<string> DumpAsync(string browser, string address, CancellationToken token)
    {
        string[] arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", $"--user-data-dir={_home.Scratch["profile"]}", "--virtual-time-budget=3000", "--dump-dom", address];
        using var process = Process.Start(new ProcessStartInfo(browser, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            var messages = process.StandardError.ReadToEndAsync(limit.Token);
            var document = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, await messages);
            return document;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string ScriptsRemoved(string document) => System.Text.RegularExpressions.Regex.Replace(document, "<script.*?</script>", "", System.Text.RegularExpressions.RegexOptions.Singleline);
}
