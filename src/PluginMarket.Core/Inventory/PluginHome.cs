namespace PluginMarket;

/// <summary>The Codex home of one account of this computer.</summary>
public sealed record PluginHome
{
    // Only what was found is a home: PowerShell would make one of any object whose properties fit.
    internal PluginHome()
    {
    }

    /// <summary>The account.</summary>
    public required string UserName { get; init; }

    /// <summary>Its number; null on Windows.</summary>
    public uint? Uid { get; init; }

    /// <summary>The account's own folder, absolute; the personal catalog is below it.</summary>
    public required string HomePath { get; init; }

    /// <summary>The Codex home in it, absolute.</summary>
    public required string CodexHome { get; init; }

    /// <summary>Whether the home exists; null where that cannot be seen.</summary>
    public bool? Exists { get; init; }

    /// <summary>The account that the home belongs to; null where it does not exist or that cannot be seen.</summary>
    public string? Owner { get; init; }

    /// <summary>How many plugins are cached in it; null where that cannot be seen.</summary>
    public int? Plugins { get; init; }

    /// <summary>Why no command can work in it from here; null where nothing prevents it.</summary>
    public string? Problem { get; init; }

    /// <summary>The computer.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The home.</summary>
    public override string ToString() => CodexHome;
}
