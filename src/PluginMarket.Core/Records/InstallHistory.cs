using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Records;

/// <summary>The history of a home, <c>plugins/.pluginmarket/history</c>: lines of JSON that are only ever appended.</summary>
/// <remarks>A record, not evidence: the account that owns the home can write it. A last line that a kill tore is ignored, and the
/// next one begins a new line.</remarks>
internal sealed class InstallHistory
{
    private const long MostBytes = 256L << 20;
    private const string Tool = "PluginMarket";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly MarketEnvironment _environment;
    private readonly StateFolder _state;

    /// <summary>The history of an environment's home; nothing is touched.</summary>
    internal InstallHistory(OpenHome home)
    {
        _environment = home.Environment;
        _state = home.State;
    }

    /// <summary>Every line that can be read, the oldest first; none where there is no history. What cannot be read is a warning.</summary>
    public IReadOnlyList<HistoryRecord> Read()
    {
        try
        {
            return ReadAll().Records;
        }
        catch (PluginMarketException problem)
        {
            _environment.Log.Warn(problem.Said);
            return [];
        }
    }

    /// <summary>Every line that can be read, the oldest first, and the numbers of those that cannot.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.StateCorrupt"/>: the file cannot be read.</exception>
    internal (IReadOnlyList<HistoryRecord> Records, IReadOnlyList<int> Ignored) ReadAll()
    {
        byte[]? utf8;
        try
        {
            utf8 = _environment.Files.TryReadAllBytes(_state.Layout.HistoryPath, MostBytes);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            throw new PluginMarketException(MarketErrorCode.StateCorrupt, $"The history '{_state.Layout.HistoryPath}' cannot be read: "
                + $"{problem} {Remedy.Do($"Move it away; the next command begins a new one.")}", _state.Layout.HistoryPath, problem);
        }

        var (records, ignored, number) = (new List<HistoryRecord>(), new List<int>(), 0);
        for (var rest = (utf8 ?? []).AsMemory(); !rest.IsEmpty;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            number++;
            if (Parse(line) is { } record)
            {
                records.Add(record);
            }
            else if (!line.IsEmpty)
            {
                ignored.Add(number);
            }

            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return (records, ignored);
    }

    /// <summary>Adds a line and waits until it is on the disk. The caller holds the home's lock.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotWritable"/>,
    /// <see cref="MarketErrorCode.DiskFull"/>.</exception>
    public void Append(HistoryRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        _state.Ensure();
        var path = _state.Layout.HistoryPath;
        var line = Write(record, startsLine: !EndsWithTornLine(path));
        _environment.Files.Append(path, line, FileOps.PrivateFile);
    }

    private bool EndsWithTornLine(string path)
    {
        if (_environment.Files.Examine(path) is not { Kind: FileKind.File, Length: > 0 })
        {
            return false;
        }

        using var stream = _environment.Files.OpenRead(path);
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() != '\n';
    }

    private static byte[] Write(HistoryRecord record, bool startsLine)
    {
        using var buffer = new MemoryStream();
        if (!startsLine)
        {
            buffer.WriteByte((byte)'\n');
        }

        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("on", record.On.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("action", record.Action);
            json.WriteOptional("plugin", record.Id?.ToString());
            json.WriteOptional("marketplace", record.Marketplace);
            json.WriteOptional("source", record.Source);
            json.WriteOptional("version", record.Version);
            json.WriteOptional("manifestVersion", record.ManifestVersion);
            json.WriteOptional("treeHash", record.TreeHash);
            json.WriteOptional("commit", record.Commit);
            json.WriteOptional("receiptHash", record.ReceiptHash);
            json.WriteOptional("note", record.Note);
            json.WriteString("by", record.By);
            json.WriteString("tool", Tool);
            json.WriteString("toolVersion", record.ToolVersion);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private HistoryRecord? Parse(ReadOnlyMemory<byte> line)
    {
        if (line.IsEmpty)
        {
            return null;
        }

        try
        {
            var root = JsonFile.Parse(line.ToArray(), DisplayText.Escape(_state.Layout.HistoryPath),
                MarketErrorCode.StateCorrupt, _environment.Limits).Root;
            var id = root["plugin"]?.AsString() is { } plugin && PluginId.TryParse(plugin, out var known, out _) ? known : null;
            var marketplace = root["marketplace"]?.AsString();
            return (id ?? (object?)marketplace) is not null
                && DateTimeOffset.TryParseExact(root["on"]?.AsString(), "O", CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal, out var on)
                ? new HistoryRecord
                {
                    On = on,
                    Action = root["action"]?.AsString() ?? "",
                    Id = id,
                    Marketplace = marketplace,
                    Source = root["source"]?.AsString(),
                    Version = root["version"]?.AsString(),
                    ManifestVersion = root["manifestVersion"]?.AsString(),
                    TreeHash = root["treeHash"]?.AsString(),
                    Commit = root["commit"]?.AsString(),
                    ReceiptHash = root["receiptHash"]?.AsString(),
                    Note = root["note"]?.AsString(),
                    By = root["by"]?.AsString() ?? "",
                    ToolVersion = root["toolVersion"]?.AsString() ?? "",
                }
                : null;
        }
        catch (PluginMarketException problem)
        {
            _environment.Log.Detail($"A line of the history is ignored: {problem}");
            return null;
        }
    }
}
