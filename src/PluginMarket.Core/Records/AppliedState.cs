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
internal sealed record AppliedState(string Id, string Revision, string Digest, DateTimeOffset On, string Result)
{
    /// <summary>What was changed, skipped or failed.</summary>
    public IReadOnlyList<AppliedStep> Steps { get; init; } = [];

    /// <summary>Whether another run of the same state came to the same and changed nothing, so that there is nothing to record.</summary>
    internal bool Repeats(AppliedState before) =>
        (Id, Revision, Digest, Result) == (before.Id, before.Revision, before.Digest, before.Result)
        && !Steps.Any(step => step.IsChange)
        && Steps.Where(step => step.Error is not null).SequenceEqual(before.Steps.Where(step => step.Error is not null));
}

/// <summary>One step of applying a state that came to something.</summary>
/// <param name="Subject">The plugin or the marketplace.</param>
/// <param name="Planned">What was to be done.</param>
/// <param name="Status">What it came to.</param>
/// <param name="Error">The error id of a failure, else null.</param>
internal sealed record AppliedStep(string Subject, string Planned, string Status, string? Error)
{
    /// <summary>Whether it changed the home.</summary>
    internal bool IsChange => Status is not ("Skipped" or "Failed");
}

/// <summary>The record of it: <c>plugins/.pluginmarket/state.json</c>.</summary>
internal sealed class AppliedStateStore(OpenHome home)
{
    private const long LongestRecord = 4 << 20;

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
                {
                    Steps = [.. root["steps"]?.GetItems().Select(step => new AppliedStep(step.Demand("id").GetString(),
                        step.Demand("planned").GetString(), step.Demand("status").GetString(), step["error"]?.GetString())) ?? []],
                }
                : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            _environment.Log.Detail($"The record '{RecordPath}' cannot be read: {problem}");
            return null;
        }
    }

    /// <summary>Writes the record, unless the run changed nothing and came to what is recorded.</summary>
    /// <exception cref="PluginMarketException">HomeNotWritable, DiskFull, StateLocked.</exception>
    internal async Task WriteAsync(AppliedState state, CancellationToken cancellation)
    {
        if (Find() is { } there && state.Repeats(there))
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
            json.WriteStartArray("steps");
            foreach (var step in state.Steps)
            {
                json.WriteStartObject();
                json.WriteString("id", step.Subject);
                json.WriteString("planned", step.Planned);
                json.WriteString("status", step.Status);
                json.WriteOptional("error", step.Error);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        AtomicFile.Write(_environment.Files, RecordPath, utf8, FileOps.PrivateFile);
    }
}
