using System.Collections.Concurrent;

namespace PluginMarket.Policies;

/// <summary>The policies that one command has read: each is parsed again only where its bytes are not those of before.</summary>
internal sealed class PolicyMemory
{
    private readonly ConcurrentDictionary<(PolicyLayerKind Kind, string Path), (byte[] Bytes, PolicyLayer Layer)> _layers = new();

    internal PolicyLayer? Find(PolicyLayerKind kind, string path, byte[] utf8) =>
        _layers.TryGetValue((kind, path), out var known) && known.Bytes.AsSpan().SequenceEqual(utf8) && !known.Layer.NamesOtherFiles
            ? known.Layer : null;

    internal PolicyLayer Keep(byte[] utf8, PolicyLayer layer)
    {
        _layers[(layer.Kind, layer.Path)] = (utf8, layer);
        return layer;
    }
}
