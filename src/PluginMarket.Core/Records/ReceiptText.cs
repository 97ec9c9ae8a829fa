using System.Globalization;
using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Records;

/// <summary>The JSON form of a receipt.</summary>
internal static class ReceiptText
{
    /// <summary>What helps where a receipt cannot be used.</summary>
    internal static Remedy InstallAgain(PluginId id) =>
        Remedy.Run(Operation.InstallPlugin.On($"{id}").With(OperationOption.Reinstall), $"install the plugin again");

    internal const long LongestReceipt = 16L << 20;

    private const int Format = 1;

    internal static byte[] Write(Receipt receipt) =>
        JsonWriting.Document(json =>
        {
            json.WriteNumber("format", Format);
            json.WriteString("plugin", receipt.Id.Plugin.Value);
            json.WriteString("marketplace", receipt.Id.Marketplace.Value);
            json.WriteString("version", receipt.Version.Value);
            json.WriteOptional("manifestVersion", receipt.ManifestVersion);
            json.WriteStartObject("source");
            json.WriteString("type", receipt.SourceType);
            json.WriteString("location", receipt.Provenance.Location);
            WriteProvenance(json, receipt.Provenance);
            json.WriteEndObject();
            json.WriteString("treeHash", receipt.TreeHash);
            WriteFiles(json, "generatedFiles", receipt.GeneratedFiles);
            if (receipt.Files is not null)
            {
                WriteFiles(json, "files", receipt.Files);
            }

            json.WriteTexts("removedFiles", receipt.RemovedFiles);

            json.WriteString("installedOn", receipt.InstalledOn.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("installedBy", receipt.InstalledBy);
            json.WriteString("toolVersion", receipt.ToolVersion);
            json.WriteOptional("engine", receipt.Engine);
            json.WriteOptional("committedOn", receipt.CommittedOn?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteOptional("catalogCommit", receipt.CatalogCommit);
            json.WriteOptional("catalogUrl", receipt.Provenance.Part?.Url);
            json.WriteOptional("catalogPath", receipt.Provenance.Part?.Path);
            json.WriteTexts("catalogSparsePaths", receipt.Provenance.Part?.SparsePaths ?? []);
            json.WriteOptional("sourceStamp", receipt.SourceStamp);
            json.WriteOptional("folderStamp", receipt.FolderStamp);
            if (receipt.Capabilities is { } capabilities)
            {
                CapabilityRecordText.Write(json, capabilities);
            }
        });

    internal static Receipt Read(byte[] utf8, string path, PluginId id, Limits limits)
    {
        var file = JsonFile.Parse(utf8, DisplayText.Escape(path), MarketErrorCode.StateCorrupt, limits);
        var root = file.Root;
        if (root["format"] is not { } format || !format.TryGetInt64(out var number) || number != Format)
        {
            throw root.Failure($"The receipt has no known format");
        }

        if (Text(root, "plugin") != id.Plugin.Value || Text(root, "marketplace") != id.Marketplace.Value)
        {
            throw root.Failure($"The receipt is not that of {id}");
        }

        var source = Demand(root, "source");
        return new Receipt
        {
            Id = id,
            Version = PluginVersion.TryParse(Text(root, "version"), out var version, out var finding)
                ? version : throw Demand(root, "version").Failure($"{finding}"),
            ManifestVersion = Optional(root, "manifestVersion"),
            SourceType = Text(source, "type"),
            Provenance = ProvenanceOf(source) with { Part = PartOf(root, source) },
            TreeHash = Digest(root, "treeHash"),
            GeneratedFiles = Files(Demand(root, "generatedFiles")),
            Files = root["files"] is { } files ? Files(files) : null,
            RemovedFiles = [.. root["removedFiles"]?.GetItems().Select(RelativePathOf) ?? []],
            InstalledOn = Date(root, "installedOn"),
            InstalledBy = Text(root, "installedBy"),
            ToolVersion = Text(root, "toolVersion"),
            Engine = Optional(root, "engine"),
            CommittedOn = root["committedOn"] is null ? null : Date(root, "committedOn"),
            CatalogCommit = Optional(root, "catalogCommit"),
            SourceStamp = Optional(root, "sourceStamp"),
            FolderStamp = Optional(root, "folderStamp"),
            Capabilities = CapabilityRecordText.Read(root),
        };
    }

    private static void WriteProvenance(Utf8JsonWriter json, Provenance provenance)
    {
        switch (provenance)
        {
            case CommitProvenance commit:
                json.WriteOptional("path", commit.Path);
                json.WriteOptional("ref", commit.Ref);
                json.WriteString("commit", commit.Commit);
                break;
            case PackageProvenance package:
                json.WriteString("packageVersion", package.Version);
                json.WriteString("integrity", package.Integrity);
                json.WriteOptional("registry", package.Registry);
                break;
        }
    }

    private static Provenance ProvenanceOf(JsonValue source) => (Text(source, "type"), Text(source, "location")) switch
    {
        ("git" or "git-subdir", var url) =>
            new CommitProvenance(url, Optional(source, "path"), Optional(source, "ref"), Text(source, "commit")),
        ("npm", var name) =>
            new PackageProvenance(name, Text(source, "packageVersion"), Optional(source, "registry"), Text(source, "integrity")),
        ("local", var folder) => new FolderProvenance(folder),
        _ => throw Demand(source, "type").Failure($"The receipt has no known type of source"),
    };

    private static MarketplacePart? PartOf(JsonValue root, JsonValue source) =>
        Optional(root, "catalogUrl") is { } url && (Optional(source, "commit") ?? Optional(root, "catalogCommit")) is { } commit
            ? new MarketplacePart(url, Optional(root, "catalogPath"), commit)
            {
                SparsePaths = [.. root["catalogSparsePaths"]?.GetItems().Select(RelativePathOf) ?? []],
            }
            : null;

    private static JsonValue Demand(JsonValue owner, string name) => owner[name] ?? throw owner.Failure($"The receipt lacks '{name}'");

    private static string Text(JsonValue owner, string name) => Demand(owner, name).GetString();

    private static string? Optional(JsonValue owner, string name) => owner[name]?.GetString();

    private static string Digest(JsonValue owner, string name) =>
        TreeDigest.IsWellFormed(Text(owner, name))
            ? Text(owner, name) : throw Demand(owner, name).Failure($"'{name}' is not a valid digest");

    private static IReadOnlyList<ReceiptFile> Files(JsonValue list) =>
        [.. list.GetItems().Select(item =>
            new ReceiptFile(RelativePathOf(Demand(item, "path")), Digest(item, "hash"), item["executable"]?.GetBoolean() ?? false))];

    private static string RelativePathOf(JsonValue text) =>
        RelativePath.TryParseEntry(text.GetString(), out var path, out var finding) ? path.Value : throw text.Failure($"{finding}");

    private static DateTimeOffset Date(JsonValue owner, string name) =>
        DateTimeOffset.TryParseExact(Text(owner, name), "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date
            : throw Demand(owner, name).Failure($"'{name}' is not a date");

    private static void WriteFiles(Utf8JsonWriter json, string name, IReadOnlyList<ReceiptFile> files)
    {
        json.WriteStartArray(name);
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteString("hash", file.Hash);
            if (file.Executable)
            {
                json.WriteBoolean("executable", true);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
