using PluginMarket.Files;

namespace PluginMarket.Interop.Tests;

/// <summary>What one tool made of one marketplace.</summary>
/// <param name="Added">Whether it could be added.</param>
/// <param name="Message">Why not.</param>
/// <param name="Listing">The plugins it lists, in its order, each in the JSON form of <c>codex plugin list</c>.</param>
/// <param name="Installs">What came of installing each name the catalog gives.</param>
public sealed record CatalogOutcome(bool Added, string Message, IReadOnlyList<ListedPlugin> Listing,
    IReadOnlyDictionary<string, InstallOutcome> Installs)
{
    public static CatalogOutcome Refused(string message) =>
        new(false, message, [], new Dictionary<string, InstallOutcome>(StringComparer.Ordinal));
}

/// <summary>A plugin of a listing before anything is installed.</summary>
public sealed record ListedPlugin(string Name, string? Version, string Installation, string Authentication, string Source)
{
    public override string ToString() => $"{Name} {Version ?? "-"} {Installation} {Authentication} {Source}";
}

/// <summary>What came of installing one plugin.</summary>
/// <param name="Accepted">Whether it was installed.</param>
/// <param name="Message">Why not.</param>
/// <param name="Version">The folder in the cache.</param>
/// <param name="Files">Every file and folder in the cache but those below <c>.git</c>, with digest and executable bit.</param>
public sealed record InstallOutcome(bool Accepted, string Message, string? Version, IReadOnlyList<string> Files)
{
    public static InstallOutcome Refused(string message) => new(false, message, null, []);

    /// <summary>What is in a plugin's folder of the cache.</summary>
    public static InstallOutcome Cached(string folder) =>
        new(true, "", Path.GetFileName(folder), [.. TestKit.ScratchFolder.Inventory(folder)
            .Where(line => !line.Split(' ', 2)[0].Split('/').Contains(".git")).Select(WithoutFolderMode)]);

    // Of the mode only "executable" is promised, and only for files.
    private static string WithoutFolderMode(string line)
    {
        var parts = line.Split(' ');
        var executable = parts[^3] == nameof(FileKind.File) && (Convert.ToInt32(parts[^2], 8) & 0b001_000_000) != 0;
        return string.Join(' ', parts[..^2].Append(executable ? "x" : "-").Append(parts[^1]));
    }
}
