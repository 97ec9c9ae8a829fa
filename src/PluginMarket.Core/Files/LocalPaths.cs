namespace PluginMarket.Files;

/// <summary>How absolute paths of this system are spelled and compared.</summary>
internal static class LocalPaths
{
    /// <summary>Windows ignores letter case in paths.</summary>
    public static StringComparison Comparison { get; } = OperatingSystem.IsWindows()
        ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>The same comparison for collections.</summary>
    public static StringComparer Comparer { get; } = StringComparer.FromComparison(Comparison);

    /// <summary>An absolute path without <c>.</c>, <c>..</c> and repeated or mixed separators, and without one at its end.</summary>
    /// <remarks>The prefix <c>\\?\</c> goes where the path means the same without it; a path with a name such as <c>aux</c> keeps
    /// it.</remarks>
    public static string Normalize(string absolutePath)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(absolutePath, Path.GetPathRoot(absolutePath)!));
        var plain = OperatingSystem.IsWindows() ? WindowsCalls.WithoutPrefix(full) : full;
        return plain == full || Path.GetFullPath(plain, Path.GetPathRoot(plain)!) == plain ? plain : full;
    }

    /// <summary>A path below a root for people: as this system writes it where the root is a folder, with
    /// <c>/</c> where it is an address.</summary>
    public static string Show(string root, string below) =>
        Path.IsPathFullyQualified(root) ? Join(root, below) : $"{root.TrimEnd('/')}/{below}";

    /// <summary>The path of something below a folder, given with <c>/</c> as catalogs and manifests write it.</summary>
    public static string Join(string folder, string below) =>
        Path.Join(folder, Path.DirectorySeparatorChar == '/' ? below : below.Replace('/', Path.DirectorySeparatorChar));
}
