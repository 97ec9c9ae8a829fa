using System.Net;
using System.Net.Http.Headers;
using PluginMarket.Messages;

namespace PluginMarket.Inventory;

/// <summary>Sends inventories to an address: PUT over https, with a token from the environment.</summary>
internal sealed class InventoryDelivery(MarketEnvironment environment)
{
    /// <summary>The variable with the token.</summary>
    internal const string Variable = "PLUGINMARKET_REPORT_TOKEN";

    private const int Tries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait before the first repetition; the second waits twice as long.</summary>
    internal TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether a text means an address rather than a path.</summary>
    internal static bool IsAddress(string text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an address: https, or http on this computer alone, where nobody else can read the token.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid, CredentialInUrl.</exception>
    internal static Uri Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps
            || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"'{text}' is not an https address. "
                + $"{Remedy.Do($"Use an address that begins with https://.")}", text);
        }

        return address.UserInfo.Length == 0 ? address : throw new PluginMarketException(MarketErrorCode.CredentialInUrl,
            $"The address for inventories on {address.Host} contains a credential. {Remedy.Do($"Set {Variable} instead.")}", address.Host);
    }

    /// <summary>Sends an inventory. An address that ends with <c>/</c> gets it under the name of its file.</summary>
    /// <returns>The address that took it.</returns>
    /// <exception cref="PluginMarketException">ReportNotDelivered.</exception>
    internal async Task<Uri> SendAsync(PluginInventory inventory, Uri address, CancellationToken cancellation)
    {
        var target = address.AbsolutePath.EndsWith('/') ? new Uri(address, InventoryFile.NameOf(inventory) + address.Query) : address;
        var utf8 = InventoryText.Write(inventory);

        // A redirection could carry the token to another host.
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = Patience };
        for (var attempt = 1; ; attempt++)
        {
            var (problem, canRepeat) = await TryAsync(client, target, utf8, cancellation).ConfigureAwait(false);
            if (problem is null)
            {
                return target;
            }

            if (!canRepeat || attempt == Tries)
            {
                throw new PluginMarketException(MarketErrorCode.ReportNotDelivered, $"The inventory could not be delivered to "
                    + $"{target.GetLeftPart(UriPartial.Path)}: {problem}. "
                    + $"{Remedy.Do($"Check the address and {Variable}, then run the command again.")}",
                    target.GetLeftPart(UriPartial.Path));
            }

            environment.Log.Detail($"The inventory could not be delivered: {problem}. It is sent again.");
            await Task.Delay(Pause * attempt, environment.Time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<(Message? Problem, bool CanRepeat)> TryAsync(HttpClient client, Uri target, byte[] utf8,
        CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, target) { Content = new ByteArrayContent(utf8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        if (environment.Variables.TryGetValue(Variable, out var token) && token.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Authorization",
                token.Contains(' ', StringComparison.Ordinal) ? token : $"Bearer {token}");
        }

        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
                .ConfigureAwait(false);
            var status = (int)response.StatusCode;
            return response.IsSuccessStatusCode ? default
                : ((Message)$"the server answered {status}", status >= 500 || response.StatusCode is HttpStatusCode.RequestTimeout
                    or HttpStatusCode.TooManyRequests);
        }
        catch (HttpRequestException problem)
        {
            return ((Message)$"{problem}", true);
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ((Message)$"the server did not answer within {Patience.TotalSeconds} seconds", true);
        }
    }
}
