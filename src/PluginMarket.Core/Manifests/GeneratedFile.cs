namespace PluginMarket.Manifests;

/// <summary>A file that installing writes into the cache copy beside the source's own (contract 1.8, 2.8).</summary>
/// <param name="Path">The path in the plugin, <c>/</c> separated.</param>
/// <param name="Content">The bytes.</param>
internal sealed record GeneratedFile(string Path, byte[] Content);
