using System.Net;
using System.Text;
using PluginMarket.Inventory;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Inventories that are sent to a server.</summary>
[Trait("Category", "Fast")]
public sealed class InventoryDeliveryTests
{
    [Fact]
    public async Task A_server_gets_the_file_under_its_name_with_the_token()
    {
        await using var server = new Receiver(200);
        using var home = Home();

        var target = await SendAsync(home, server.Address + "fleet/");

        var request = Assert.Single(server.Requests);
        Assert.StartsWith($"PUT /fleet/{InventoryFile.NameOf(Sample())} HTTP/1.1", request, StringComparison.Ordinal);
        Assert.Contains("\r\nAuthorization: Bearer secret-1\r\n", request, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("\r\n\r\n" + Encoding.UTF8.GetString(InventoryText.Write(Sample())), request, StringComparison.Ordinal);
        Assert.Equal($"{server.Address}fleet/{InventoryFile.NameOf(Sample())}", target.ToString());
    }

    [Theory]
    [InlineData("503 503 200", 3, true)]
    [InlineData("503 503 503 200", 3, false)]
    [InlineData("403 200", 1, false)]
    [InlineData("302 200", 1, false)]
    public async Task What_may_pass_is_tried_three_times(string answers, int requests, bool isDelivered)
    {
        await using var server = new Receiver([.. answers.Split(' ').Select(int.Parse)]);
        using var home = Home();

        var failure = await Record.ExceptionAsync(() => SendAsync(home, server.Address + "x.ndjson"));

        Assert.Equal(isDelivered, failure is null);
        Assert.Equal(requests, server.Requests.Count);
        Assert.True(failure is null or PluginMarketException { Code: MarketErrorCode.ReportNotDelivered });
        Assert.DoesNotContain("secret-1", $"{failure}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://reports.example.com/", MarketErrorCode.SourceInvalid)]
    [InlineData("ftp://reports.example.com/", MarketErrorCode.SourceInvalid)]
    [InlineData("reports", MarketErrorCode.SourceInvalid)]
    [InlineData("https://bob:canary@reports.example.com/", MarketErrorCode.CredentialInUrl)]
    public void An_address_that_would_show_the_token_is_refused(string address, MarketErrorCode code)
    {
        var failure = Assert.Throws<PluginMarketException>(() => InventoryDelivery.Parse(address));

        Assert.Equal(code, failure.Code);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
    }

    private static Task<Uri> SendAsync(TestHome home, string address) =>
        new InventoryDelivery(home.Environment) { Pause = TimeSpan.Zero }.SendAsync(Sample(), InventoryDelivery.Parse(address), default);

    private static TestHome Home()
    {
        var home = new TestHome();
        home.Change(environment => environment with
        {
            Variables = new Dictionary<string, string>(environment.Variables) { [InventoryDelivery.Variable] = "secret-1" },
        });
        return home;
    }

    private static PluginInventory Sample() => new()
    {
        ComputerName = "build01",
        UserName = "dev",
        CodexHome = "/home/dev/.codex",
        CollectedOn = new DateTimeOffset(2026, 11, 29, 18, 0, 0, TimeSpan.Zero),
    };

    /// <summary>A server that gives the answers that it was told, one connection each.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly Queue<int> _answers;
        private readonly LoopbackListener _listener;

        internal Receiver(params int[] answers)
        {
            _answers = new Queue<int>(answers);
            _listener = new LoopbackListener(ServeAsync);
        }

        internal List<string> Requests { get; } = [];

        internal string Address => $"http://{_listener.Authority}/";

        public ValueTask DisposeAsync() => _listener.DisposeAsync();

        private async Task ServeAsync(Stream stream)
        {
            var text = new StringBuilder();
            var buffer = new byte[65536];
            int end;
            do
            {
                var count = await stream.ReadAsync(buffer, _listener.Stopping);
                if (count == 0)
                {
                    return;
                }

                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
                end = text.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
            }
            while (end < 0 || text.Length - end - 4 < Length(text.ToString()));

            lock (Requests)
            {
                Requests.Add(text.ToString());
            }

            var status = _answers.Dequeue();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"HTTP/1.1 {status} {(HttpStatusCode)status}\r\nLocation: /other\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        }

        private static int Length(string head) => int.Parse(head.Split("Content-Length: ", StringSplitOptions.None)[1].Split('\r')[0],
            System.Globalization.CultureInfo.InvariantCulture);
    }
}
