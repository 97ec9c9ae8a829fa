namespace PluginMarket.Home;

/// <summary>An account of this computer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its number; null on Windows.</param>
/// <param name="Folder">Its own folder, absolute.</param>
/// <param name="IsService">Whether no person uses it.</param>
internal sealed record Account(string Name, uint? Uid, string Folder, bool IsService)
{
    /// <summary>Whether the system lists it; false for one that is known by its folder alone.</summary>
    internal bool IsListed { get; init; } = true;
}
