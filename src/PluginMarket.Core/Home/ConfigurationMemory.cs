using System.Collections.Concurrent;
using PluginMarket.Files;
using PluginMarket.Toml;

namespace PluginMarket.Home;

/// <summary>The configuration files of one command: each is parsed again only where its bytes are not
/// those that were parsed before.</summary>
/// <remarks>What is on the disk decides: the bytes are read every time, so that a change by another program is seen at once.</remarks>
internal sealed class ConfigurationMemory
{
    private readonly ConcurrentDictionary<string, TomlFile> _files = new(StringComparer.Ordinal);

    /// <summary>The layers that were read last.</summary>
    internal ConfigurationLayers? Layers { get; set; }

    /// <summary>The file of these bytes.</summary>
    /// <param name="path">The path shown in failures.</param>
    /// <param name="bytes">What was read from it just now.</param>
    /// <param name="limits">The size cap.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ConfigInvalid"/>,
    /// <see cref="MarketErrorCode.LimitExceeded"/>.</exception>
    internal TomlFile Parse(string path, byte[] bytes, Limits limits) =>
        _files.TryGetValue(path, out var known) && known.Bytes.Span.SequenceEqual(bytes)
            ? known : _files[path] = TomlFile.Parse(bytes, path, limits);

    /// <summary>What this command wrote last.</summary>
    internal TomlFile? Written { get; private set; }

    /// <summary>Notes what was written.</summary>
    internal void Keep(TomlFile file) => Written = _files[file.DisplayPath] = file;
}
