namespace PluginMarket.Files;

/// <summary>A user and the group that this user's new files get.</summary>
internal readonly record struct FileOwner(uint User, uint Group);
