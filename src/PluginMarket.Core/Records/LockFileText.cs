using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Records;

/// <summary>The JSON form of a lock file: sorted, one value a line, without a time or a name of a machine, so
/// that equal sets give equal bytes.</summary>
internal static class LockFileText
{
    private const int Format = 1;
    private const string LocalPrefix = "./";

    internal static byte[] Write(PluginLockFile file) =>
        JsonWriting.Document(json =>
        {
            json.WriteNumber("format", Format);
            json.WriteStartArray("plugins");
            foreach (var entry in file.Entries)
            {
                WriteEntry(json, entry, Path.GetDirectoryName(file.Path)!);
            }

            json.WriteEndArray();
        });

    internal static PluginLockFile Read(byte[] utf8, string path, Limits limits)
    {
        var root = JsonFile.Parse(utf8, DisplayText.Escape(path), MarketErrorCode.StateCorrupt, limits).Root;
        if (root["format"] is not { } format || !format.TryGetInt64(out var number) || number != Format)
        {
            throw root.Failure($"The lock file has no known format. {Remedy.Run(Operation.ExportLockFile, $"write it again")}");
        }

        root.DemandOnly("$schema", "format", "plugins");
        _ = root["$schema"]?.GetString();
        var entries = new Dictionary<string, PluginLockEntry>(StringComparer.Ordinal);
        foreach (var item in root.Demand("plugins").GetItems())
        {
            var entry = ReadEntry(item, path);
            if (!entries.TryAdd(entry.Id, entry))
            {
                throw item.Failure($"The lock file lists '{entry.Id}' twice");
            }
        }

        return new PluginLockFile(path, entries.Values);
    }

    private static void WriteEntry(Utf8JsonWriter json, PluginLockEntry entry, string folder)
    {
        json.WriteStartObject();
        json.WriteString("id", entry.Id);
        json.WriteOptional("version", entry.Version);
        json.WriteStartObject("source");
        json.WriteString("type", entry.SourceType);
        if (entry.SourceType == "local")
        {
            json.WriteString("path", LocalPath(entry.Source, folder));
        }
        else if (entry.SourceType == "npm")
        {
            json.WriteString("package", entry.Source);
            json.WriteOptional("version", entry.PackageVersion);
            json.WriteOptional("registry", entry.Registry);
            json.WriteOptional("integrity", entry.Integrity);
        }
        else
        {
            json.WriteString("url", entry.Source);
            json.WriteOptional("path", entry.SourcePath);
            json.WriteOptional("commit", entry.Commit);
            json.WriteTexts("sparsePaths", entry.SparsePaths);
        }

        json.WriteEndObject();
        json.WriteString("treeHash", entry.TreeHash);
        json.WriteTexts("executableFiles", entry.ExecutableFiles);
        if (entry.GeneratedManifest is { } manifest)
        {
            json.WriteTexts("generatedManifest", manifest.Split('\n'));
        }

        json.WriteStartArray("capabilities");
        foreach (var capability in entry.Capabilities)
        {
            WriteCapability(json, capability);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // A folder beside or below the lock file moves with it.
    private static string LocalPath(string source, string folder) =>
        (FolderTree.IsWithin(source, folder)
            ? LocalPrefix + Path.GetRelativePath(folder, source) : source).Replace(Path.DirectorySeparatorChar, '/');

    private static void WriteCapability(Utf8JsonWriter json, Capability capability)
    {
        json.WriteStartObject();
        json.WriteString("component", capability.Component);
        json.WriteString("name", capability.Name);
        json.WriteOptional("event", capability.Event);
        json.WriteOptional("matcher", capability.Matcher);
        json.WriteOptional("command", capability.Command);
        json.WriteOptional("url", capability.Url is { } url ? GitUrl.Redact(url) : null);
        json.WriteTexts("environment", capability.Environment);
        json.WriteTexts("headers", capability.Headers);
        json.WriteTexts("scripts", capability.Scripts);
        json.WriteString("file", capability.File);
        if (!capability.IsActive)
        {
            json.WriteBoolean("active", false);
        }

        json.WriteString("hash", capability.Hash);
        json.WriteEndObject();
    }

    private static PluginLockEntry ReadEntry(JsonValue item, string path)
    {
        if (!PluginId.TryParse(Text(item, "id"), out var id, out var finding))
        {
            throw item.Demand("id").Failure($"{finding}");
        }

        item.DemandOnly("id", "version", "source", "treeHash", "executableFiles", "generatedManifest", "capabilities");
        var source = item.Demand("source");
        return ReadSource(source, path) with
        {
            Name = id.Plugin.Value,
            Marketplace = id.Marketplace.Value,
            Version = item["version"]?.GetString(),
            TreeHash = ReadDigest(item.Demand("treeHash")),
            ExecutableFiles = [.. item["executableFiles"]?.GetItems().Select(ReadPath) ?? []],
            GeneratedManifest = item["generatedManifest"] is { } lines
                ? string.Join('\n', lines.GetItems().Select(line => line.GetString())) : null,
            Capabilities = [.. item["capabilities"]?.GetItems().Select(ReadCapability) ?? []],
        };
    }

    private static PluginLockEntry ReadSource(JsonValue source, string path)
    {
        var type = Text(source, "type");
        var entry = new PluginLockEntry { Name = "", Marketplace = "", SourceType = type, Source = "", TreeHash = "", LockFile = path };
        switch (type)
        {
            case "local":
                source.DemandOnly("type", "path");
                return entry with { Source = ReadLocalPath(source.Demand("path"), path) };
            case "npm":
                source.DemandOnly("type", "package", "version", "registry", "integrity");
                var package = ReadPackage(source);
                return entry with
                {
                    Source = package.Package,
                    PackageVersion = package.Version,
                    Registry = package.Registry,
                    Integrity = ReadIntegrity(source.Demand("integrity")),
                };
            case "git":
                source.DemandOnly("type", "url", "commit", "sparsePaths");
                return ReadRepository(source, entry);
            case "git-subdir":
                source.DemandOnly("type", "url", "path", "commit", "sparsePaths");
                return ReadRepository(source, entry) with { SourcePath = ReadPath(source.Demand("path")) };
            default:
                throw source.Demand("type").Failure($"The source's type must be local, git, git-subdir or npm");
        }
    }

    private static PluginLockEntry ReadRepository(JsonValue source, PluginLockEntry entry) => entry with
    {
        Source = GitUrl.Parse(Text(source, "url")).Value,
        Commit = ReadCommit(source.Demand("commit")),
        SparsePaths = [.. source["sparsePaths"]?.GetItems().Select(ReadPath) ?? []],
    };

    private static NpmSource ReadPackage(JsonValue source)
    {
        var version = source.Demand("version");
        if (!NpmGrammar.IsExactVersion(version.GetString()))
        {
            throw version.Failure($"The version of an npm package must be one version, no range and no tag");
        }

        try
        {
            return NpmGrammar.Read(Text(source, "package"), version.GetString(), source["registry"]?.GetString());
        }
        catch (UnusableSource problem)
        {
            throw source.Failure($"{problem}");
        }
    }

    private static string ReadIntegrity(JsonValue text) =>
        NpmTarball.IsIntegrity(text.GetString()) ? text.GetString()
            : throw text.Failure($"Not a valid integrity of an npm package; expected sha512- followed by 88 characters of base 64");

    private static Capability ReadCapability(JsonValue item)
    {
        item.DemandOnly("component", "name", "event", "matcher", "command", "url", "environment", "headers", "scripts", "file", "active",
            "hash");
        return new Capability
        {
            Component = Shown(item.Demand("component")),
            Name = Shown(item.Demand("name")),
            Event = item["event"] is { } on ? Shown(on) : null,
            Matcher = item["matcher"] is { } matcher ? Shown(matcher) : null,
            Command = item["command"] is { } command ? Shown(command) : null,
            Url = item["url"] is { } url ? Shown(url) : null,
            Environment = [.. item["environment"]?.GetItems().Select(Shown) ?? []],
            Headers = [.. item["headers"]?.GetItems().Select(Shown) ?? []],
            Scripts = [.. item["scripts"]?.GetItems().Select(Shown) ?? []],
            File = Shown(item.Demand("file")),
            IsActive = item["active"]?.GetBoolean() ?? true,
            Hash = ReadDigest(item.Demand("hash")),
        };
    }

    private static string ReadLocalPath(JsonValue text, string lockFile)
    {
        var path = text.GetString();
        if (!path.StartsWith(LocalPrefix, StringComparison.Ordinal))
        {
            return Path.IsPathFullyQualified(path)
                ? LocalPaths.Normalize(path) : throw text.Failure($"A local path is absolute or begins with './'");
        }

        return RelativePath.TryParse(path, out var below, out var finding)
            ? below.UnderRoot(Path.GetDirectoryName(lockFile)!) : throw text.Failure($"{finding}");
    }

    private static string ReadPath(JsonValue text) =>
        RelativePath.TryParseEntry(text.GetString(), out var path, out var finding) && !path.IsRoot
            ? path.Value : throw text.Failure($"{finding ?? "A path must name something"}");

    private static string ReadCommit(JsonValue text) =>
        GitReference.IsFullId(text.GetString())
            ? text.GetString().ToLowerInvariant() : throw text.Failure($"'commit' is not a full commit id");

    private static string ReadDigest(JsonValue text) => TreeDigest.IsWellFormed(text.GetString())
        ? text.GetString() : throw text.Failure($"Not a valid digest; expected sha256: followed by 64 hex digits");

    private static string Shown(JsonValue text) => DisplayText.Escape(text.GetString());

    private static string Text(JsonValue owner, string name) => owner.Demand(name).GetString();
}
