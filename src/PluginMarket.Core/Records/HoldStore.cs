using System.Globalization;
using PluginMarket.Cache;
using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Records;

/// <summary>The holds of one home: <c>plugins/.pluginmarket/holds/MARKETPLACE/PLUGIN.json</c>. That the file is there
/// holds the plugin, whatever it says.</summary>
internal sealed class HoldStore
{
    private const long LongestRecord = 64 << 10;

    private readonly MarketEnvironment _environment;
    private readonly CacheLayout _layout;

    /// <summary>The holds of an environment's home; nothing is touched.</summary>
    internal HoldStore(OpenHome home)
    {
        _environment = home.Environment;
        _layout = home.Cache.Layout;
    }

    /// <summary>The hold of a plugin, or null where it is not held.</summary>
    public Hold? Find(PluginId id)
    {
        var path = _layout.HoldPath(id);
        if (_environment.Files.Kind(path) == FileKind.Missing)
        {
            return null;
        }

        try
        {
            var root = JsonFile.Parse(_environment.Files.ReadAllBytes(path, LongestRecord), DisplayText.Escape(path),
                MarketErrorCode.StateCorrupt, _environment.Limits).Root;
            var note = root["note"]?.GetString();
            var isDate = DateTimeOffset.TryParseExact(root["heldOn"]?.GetString(), "O", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var date);
            return new Hold(id, note is null ? null : DisplayText.Escape(note), isDate ? date : null,
                root["heldBy"]?.GetString() is { } by ? DisplayText.Escape(by) : null);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            // Fail closed: a hold that cannot be read is a hold.
            _environment.Log.Detail($"The hold '{path}' cannot be read: {problem}");
            return new Hold(id, null, null, null);
        }
    }

    /// <summary>Holds a plugin, in one step. The caller holds the home's lock.</summary>
    /// <exception cref="PluginMarketException">HomeNotWritable, DiskFull.</exception>
    internal void Write(PluginId id, string? note)
    {
        var utf8 = JsonWriting.Document(json =>
        {
            json.WriteNumber("format", 1);
            json.WriteOptional("note", note);
            json.WriteString("heldOn", _environment.Time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("heldBy", Origin.UserName);
        });
        var path = _layout.HoldPath(id);
        _environment.Files.CreateDirectory(Path.GetDirectoryName(path)!, FileOps.PrivateFolder);
        AtomicFile.Write(_environment.Files, path, utf8, FileOps.PrivateFile);
    }

    /// <summary>Lets a plugin go, where it is held. The caller holds the home's lock.</summary>
    /// <exception cref="PluginMarketException">HomeNotWritable.</exception>
    internal void Remove(PluginId id) => _environment.Files.DeleteFile(_layout.HoldPath(id));
}
