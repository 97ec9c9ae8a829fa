using System.Globalization;
using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Json;

namespace PluginMarket.Records;

/// <summary>Which desired state was applied to a home last, and what it came to.</summary>
/// <param name="Id">The state's id.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Digest">The digest of its document.</param>
/// <param name="On">When, in UTC.</param>
/// <param name="Result"><c>InSync</c> or <c>Failed</c>.</param>
internal sealed record AppliedState(string Id, string Revision, string Digest, DateTimeOffset On, string Result);

/// <summary>The record of it: <c>plugins/.pluginmarket/state.json</c>.</summary>
internal sealed class AppliedStateStore(OpenHome home)
{
    private const long LongestRecord = 64 << 10;

    private readonly MarketEnvironment _environment = home.Environment;

    private string RecordPath => home.State.Layout.AppliedStatePath;

    /// <summary>The record; null where no state was applied or the record cannot be read.</summary>
    internal AppliedState? Find()
    {
        try
        {
            if (_environment.Files.TryReadAllBytes(RecordPath, LongestRecord) is not { } utf8)
            {
                return null;
            }

            var root = JsonFile.Parse(utf8, RecordPath, MarketErrorCode.StateCorrupt, _environment.Limits).Root;
            return DateTimeOffset.TryParseExact(root.Demand("on").GetString(), "O", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var on)
                ? new AppliedState(root.Demand("id").GetString(), root.Demand("revision").GetString(), root.Demand("digest").GetString(),
                    on, root.Demand("result").GetString())
                : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            _environment.Log.Detail($"The record '{RecordPath}' cannot be read: {problem}");
            return null;
        }
    }

    /// <summary>Writes the record, unless it says the same already.</summary>
    /// <exception cref="PluginMarketException">HomeNotWritable, DiskFull, StateLocked.</exception>
    internal async Task WriteAsync(AppliedState state, CancellationToken cancellation)
    {
        if (Find() is { } there && there with { On = state.On } == state)
        {
            return;
        }

        using var held = await home.State.LockAsync(cancellation).ConfigureAwait(false);
        var utf8 = JsonWriting.Document(json =>
        {
            json.WriteNumber("format", 1);
            json.WriteString("id", state.Id);
            json.WriteString("revision", state.Revision);
            json.WriteString("digest", state.Digest);
            json.WriteString("on", state.On.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("result", state.Result);
            json.WriteString("toolVersion", Origin.ToolVersion);
        });
        AtomicFile.Write(_environment.Files, RecordPath, utf8, FileOps.PrivateFile);
    }
}
