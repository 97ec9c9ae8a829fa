using System.Globalization;
using PluginMarket.Cache;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Records;

/// <summary>The kept versions of one home: <c>plugins/.pluginmarket/kept/MARKETPLACE/PLUGIN/KEY</c>, each with its <c>tree</c>,
/// <c>kept.json</c> and the receipt it had.</summary>
/// <remarks>One rename makes a version kept and one rename takes it away, so that what has a name there is whole. The caller holds the
/// home's lock to change anything.</remarks>
internal sealed class KeptVersionStore
{
    private const string RecordName = "kept.json";
    private const string ReceiptName = "receipt.json";
    private const int Format = 1;
    private const long LongestRecord = 64 << 10;

    private readonly MarketEnvironment _environment;
    private readonly StateFolder _state;
    private readonly CacheLayout _layout;

    /// <summary>The kept versions of an environment's home; nothing is touched.</summary>
    internal KeptVersionStore(OpenHome home)
    {
        _environment = home.Environment;
        _state = home.State;
        _layout = home.Cache.Layout;
    }

    /// <summary>The kept versions of a plugin, the one replaced last first; those whose record cannot be read come last.</summary>
    public IReadOnlyList<KeptVersion> List(PluginId id)
    {
        var folder = _layout.KeptPath(id);
        return
        [
            .. Folders(folder).Select(key => Read(id, key, Path.Join(folder, key)))
                .OrderByDescending(kept => kept.IsReadable).ThenByDescending(kept => kept.KeptOn)
                .ThenBy(kept => kept.Key, StringComparer.Ordinal),
        ];
    }

    /// <summary>Every plugin that has a kept version, ordered by marketplace and name, installed or not.</summary>
    public IReadOnlyList<PluginId> AllPlugins() =>
    [
        .. from market in Folders(_layout.State.KeptPath)
           from plugin in Folders(Path.Join(_layout.State.KeptPath, market))
           let id = PluginId.TryParse($"{plugin}@{market}", out var parsed, out _) ? parsed : null
           where id is not null
           select id,
    ];

    /// <summary>Keeps what a publish replaced.</summary>
    /// <param name="staged">The piece of work that holds it, see <see cref="StagedTree.ReplacedPath"/>.</param>
    /// <param name="id">The plugin.</param>
    /// <param name="version">The folder name it had in the cache.</param>
    /// <param name="manifestVersion">The manifest's version, or null.</param>
    /// <param name="receipt">What was recorded of it, or null.</param>
    /// <exception cref="PluginMarketException">HomeNotWritable, DiskFull.</exception>
    internal void Keep(StagedTree staged, PluginId id, PluginVersion version, string? manifestVersion, Receipt? receipt)
    {
        var files = _environment.Files;
        var contentHash = TreeDigest.Compute(staged.Read(TreeLimits.Plugin(_environment.Limits)));
        var wrapper = Path.Join(staged.Folder, "kept");
        files.CreateDirectory(wrapper, FileOps.PrivateFolder);
        files.WriteNew(Path.Join(wrapper, RecordName), Write(version, manifestVersion, contentHash), FileOps.PrivateFile);
        if (receipt is not null)
        {
            files.WriteNew(Path.Join(wrapper, ReceiptName), ReceiptText.Write(receipt), FileOps.PrivateFile);
        }

        files.RenameNoReplace(staged.TreePath, Path.Join(wrapper, "tree"));
        files.FsyncDirectory(wrapper);
        var plugin = _layout.KeptPath(id);
        _state.EnsureFolder(_layout.State.KeptPath, FileOps.PrivateFolder);
        _state.EnsureFolder(Path.GetDirectoryName(plugin)!, FileOps.PrivateFolder);
        _state.EnsureFolder(plugin, FileOps.PrivateFolder);

        // The digest names the folder: the same bytes are kept once, under the newest record.
        var target = Path.Join(plugin, contentHash[7..31]);
        Discard(target);
        files.RenameNoReplace(wrapper, target);
        files.FsyncDirectory(plugin);
    }

    /// <summary>Removes the oldest kept versions of a plugin but for a number of them.</summary>
    internal void Prune(PluginId id, int count)
    {
        foreach (var kept in List(id).Skip(count))
        {
            Remove(kept);
        }
    }

    /// <summary>Removes one kept version.</summary>
    /// <exception cref="PluginMarketException">HomeNotWritable.</exception>
    internal void Remove(KeptVersion kept)
    {
        Discard(kept.Folder);
        RemoveEmptyParents(kept.Id);
    }

    /// <summary>Removes every kept version of a plugin.</summary>
    /// <exception cref="PluginMarketException">HomeNotWritable.</exception>
    internal void RemoveAll(PluginId id)
    {
        Discard(_layout.KeptPath(id));
        RemoveEmptyParents(id);
    }

    private void Discard(string folder)
    {
        if (_environment.Files.Kind(folder) != FileKind.Missing && _state.MoveToTrash(folder) is { } trash)
        {
            _state.Delete(trash);
        }
    }

    private void RemoveEmptyParents(PluginId id)
    {
        var plugin = _layout.KeptPath(id);
        foreach (var folder in new[] { plugin, Path.GetDirectoryName(plugin)! }.Where(
            folder => Names(folder).Count == 0 && _environment.Files.Kind(folder) == FileKind.Directory))
        {
            BestEffort.Try(() => _environment.Files.DeleteEmptyDirectory(folder));
        }
    }

    private KeptVersion Read(PluginId id, string key, string folder)
    {
        try
        {
            var path = Path.Join(folder, RecordName);
            var root = JsonFile.Parse(_environment.Files.ReadAllBytes(path, LongestRecord), DisplayText.Escape(path),
                MarketErrorCode.StateCorrupt, _environment.Limits).Root;
            if (root["format"] is not { } format || !format.TryGetInt64(out var number) || number != Format)
            {
                throw root.Failure($"The record has no known format");
            }

            var receipt = _environment.Files.TryReadAllBytes(Path.Join(folder, ReceiptName), ReceiptText.LongestReceipt);
            return new KeptVersion(
                id,
                key,
                folder,
                PluginVersion.Parse(root["version"]?.GetString()),
                root["manifestVersion"]?.GetString() is { } version ? DisplayText.Escape(version) : null,
                root["contentHash"]?.GetString() is { } hash && TreeDigest.IsWellFormed(hash)
                    ? hash : throw root.Failure($"The record has no digest"),
                DateTimeOffset.TryParseExact(root["keptOn"]?.GetString(), "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                    out var date) ? date : throw root.Failure($"The record has no date"),
                receipt is null ? null : ReceiptText.Read(receipt, Path.Join(folder, ReceiptName), id, _environment.Limits));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            _environment.Log.Detail($"The kept version '{folder}' cannot be read: {problem}");
            return new KeptVersion(id, key, folder, null, null, null, DateTimeOffset.MinValue, null);
        }
    }

    private byte[] Write(PluginVersion version, string? manifestVersion, string contentHash) =>
        JsonWriting.Document(json =>
        {
            json.WriteNumber("format", Format);
            json.WriteString("version", version.Value);
            json.WriteOptional("manifestVersion", manifestVersion);
            json.WriteString("contentHash", contentHash);
            json.WriteString("keptOn", _environment.Time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        });

    private IEnumerable<string> Folders(string folder) =>
        Names(folder).Where(name => _environment.Files.Kind(Path.Join(folder, name)) == FileKind.Directory);

    private IReadOnlyList<string> Names(string folder)
    {
        try
        {
            return _environment.Files.List(folder);
        }
        catch (IOException e) when (e is DirectoryNotFoundException || _environment.Files.Kind(folder) != FileKind.Directory)
        {
            return [];
        }
    }
}
