namespace PluginMarket.Sources.Local;

/// <summary>A folder of this machine.</summary>
/// <param name="Path">The folder, absolute.</param>
internal sealed record FolderProvenance(string Path) : Provenance
{
    internal override string Location => Path;
}
