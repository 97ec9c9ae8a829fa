using System.Globalization;
using System.Text;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Json;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Marketplaces;

/// <summary>The file in a snapshot that tells Codex and us what the snapshot is of (contract 4.4).</summary>
/// <param name="SourceType"><c>git</c>.</param>
/// <param name="Source">The URL as config.toml has it.</param>
/// <param name="Ref">The ref, or null for the default branch.</param>
/// <param name="SparsePaths">The sparse paths; empty for all.</param>
/// <param name="Revision">The id the server shows for the ref: the commit's, or an annotated tag's own, for that
/// is what Codex compares it with.</param>
internal sealed record SnapshotMetadata(string SourceType, string Source, string? Ref, IReadOnlyList<string> SparsePaths, string Revision)
{
    /// <summary>The full commit where it is not the revision; a key of ours that Codex ignores.</summary>
    public string? Commit { get; init; }

    /// <summary>When the author of the commit says that it was made; a key of ours, written where a policy asks for it.</summary>
    public DateTimeOffset? CommittedOn { get; init; }

    /// <summary>Paths of the commit that the snapshot does not have, escaped; a key of ours too.</summary>
    public IReadOnlyList<LeftOutEntry> LeftOut { get; init; } = [];

    /// <summary>The file's name in the snapshot's root.</summary>
    public const string FileName = SnapshotState.RecordName;

    private const long MostBytes = 1 << 20;

    /// <summary>Reads a snapshot's file; null where there is none that can be read.</summary>
    public static SnapshotMetadata? Read(MarketEnvironment environment, string root)
    {
        try
        {
            if (environment.Files.TryReadAllBytes(Path.Join(root, FileName), MostBytes) is not { } bytes)
            {
                return null;
            }

            var top = JsonFile.Parse(bytes, Path.Join(root, FileName), MarketErrorCode.StateCorrupt, environment.Limits).Root;
            return top["source_type"]?.AsString() is { } type && top["source"]?.AsString() is { } source
                && top["revision"]?.AsString() is { } revision
                ? new SnapshotMetadata(type, source, top["ref_name"]?.AsString(),
                    [.. top["sparse_paths"]?.Items.Select(item => item.AsString() ?? "") ?? []], revision)
                {
                    Commit = top["commit"]?.AsString(),
                    CommittedOn = DateTimeOffset.TryParseExact(top["committed_on"]?.AsString(), "O", CultureInfo.InvariantCulture,
                        DateTimeStyles.AssumeUniversal, out var on) ? on : null,
                    LeftOut = ReadLeftOut(top),
                }
                : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            environment.Log.Detail($"The snapshot's record in '{root}' cannot be read: {problem}");
            return null;
        }
    }

    private static IReadOnlyList<LeftOutEntry> ReadLeftOut(JsonValue top) =>
        [.. top["left_out"]?.Members.Select(
            member => new LeftOutEntry(DisplayText.Escape(member.Name), DisplayText.Escape(member.Value.AsString() ?? ""))) ?? []];

    /// <summary>Whether a snapshot with this record is one of that source.</summary>
    public bool IsOf(GitMarketplaceSource source) =>
        SourceType == source.SourceType && Source == source.SourceText && Ref == source.Ref
        && SparsePaths.SequenceEqual(source.SparsePaths, StringComparer.Ordinal);

    /// <summary>Whether a snapshot with this record is one of what a table names.</summary>
    internal bool IsOf(ConfiguredMarketplace table) =>
        SourceType == (table.SourceType ?? SourceType) && Source == table.Source && Ref == table.Ref
        && SparsePaths.SequenceEqual(table.SparsePaths, StringComparer.Ordinal);

    /// <summary>Whether a snapshot with this record contains what the server shows now.</summary>
    public bool IsAt(GitRevision revision) => Revision == revision.AdvertisedId || Revision == revision.Commit || Commit == revision.Commit;

    /// <summary>The file's bytes, laid out as Codex lays them out.</summary>
    public byte[] ToUtf8()
    {
        var sparse = SparsePaths.Count == 0 ? "[]" : "[\n    " + string.Join(",\n    ", SparsePaths.Select(JsonEditor.Quote)) + "\n  ]";
        var text = new StringBuilder()
            .Append("{\n  \"source_type\": ").Append(JsonEditor.Quote(SourceType))
            .Append(",\n  \"source\": ").Append(JsonEditor.Quote(Source))
            .Append(",\n  \"ref_name\": ").Append(Ref is null ? "null" : JsonEditor.Quote(Ref))
            .Append(",\n  \"sparse_paths\": ").Append(sparse)
            .Append(",\n  \"revision\": ").Append(JsonEditor.Quote(Revision))
            .Append(Commit is null ? "" : ",\n  \"commit\": " + JsonEditor.Quote(Commit))
            .Append(CommittedOn is not { } on ? ""
                : ",\n  \"committed_on\": " + JsonEditor.Quote(on.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)))
            .Append(LeftOut.Count == 0 ? "" : ",\n  \"left_out\": {\n    " + string.Join(",\n    ",
                LeftOut.Select(left => $"{JsonEditor.Quote(left.Path)}: {JsonEditor.Quote(left.Reason)}")) + "\n  }")
            .Append("\n}");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
