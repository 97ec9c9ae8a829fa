using System.Globalization;
using System.Text;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Capabilities;

/// <summary>Which files of one tree another does not have, or has with other bytes: what a diff of all
/// texts begins with (threat G7).</summary>
internal static class FileDifference
{
    /// <summary>The component of a change that is one of files.</summary>
    public const string Component = "File";

    private const int LongestText = 1 << 20;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The differences as changes of the component <c>File</c>, sorted by path; equal files are not listed.</summary>
    /// <param name="before">The tree before.</param>
    /// <param name="after">The tree after.</param>
    /// <param name="include">Which files count; all where it is null.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<CapabilityChange> Compare(FileTree before, FileTree after, Func<TreeEntry, bool>? include = null)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var changes = new List<CapabilityChange>();
        using var old = new ContentHash(before);
        using var fresh = new ContentHash(after);
        foreach (var path in before.Files.Concat(after.Files).Where(file => include?.Invoke(file) != false).Select(file => file.Path)
            .Distinct(StringComparer.Ordinal))
        {
            var (was, now) = (FileOf(before, path), FileOf(after, path));
            var (oldHash, newHash) = (HashOf(old, was), HashOf(fresh, now));
            if (oldHash != newHash || was!.Executable != now!.Executable)
            {
                changes.Add(Change(path, (before, was, oldHash), (after, now, newHash)));
            }
        }

        return CapabilityDifference.Sort(changes);
    }

    private static CapabilityChange Change(string path, (FileTree Tree, TreeEntry? File, string? Hash) before,
        (FileTree Tree, TreeEntry? File, string? Hash) after)
    {
        var (oldText, newText) = (TextOf(before.Tree, before.File), TextOf(after.Tree, after.File));
        var isHidden = DisplayText.HasHiddenText(newText);
        return new CapabilityChange
        {
            Component = Component,
            Name = DisplayText.Escape(path),
            Change = before.File is null ? "Added" : after.File is null ? "Removed" : "Changed",
            Risk = after.File is null ? "None" : isHidden || after.File.Executable ? "High" : "Low",
            Detail = before.Hash == after.Hash ? (after.File!.Executable ? "made executable" : "no longer executable")
                : oldText is not null && newText is not null ? CountLines(oldText, newText)
                : string.Create(CultureInfo.InvariantCulture, $"{before.File?.Length ?? 0} to {after.File?.Length ?? 0} bytes"),
            HasHiddenText = isHidden,
            Before = before.Hash,
            After = after.Hash,
            File = DisplayText.Escape(path),
            Line = 1,
        };
    }

    private static TreeEntry? FileOf(FileTree tree, string path) => tree.Find(path) is { Kind: TreeEntryKind.File } file ? file : null;

    private static string? HashOf(ContentHash content, TreeEntry? file) => file is null ? null : content.Digest(file.Path);

    /// <summary>The file's text; empty where there is no file, null where it is none or too long to be read as one.</summary>
    private static string? TextOf(FileTree tree, TreeEntry? file)
    {
        if (file is null)
        {
            return "";
        }

        if (file.Length > LongestText)
        {
            return null;
        }

        try
        {
            var text = Strict.GetString(tree.ReadBytes(file, LongestText));
            return text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // Lines that moved count as equal: this says how much to read, the files themselves say what.
    private static string CountLines(string before, string after)
    {
        var left = Lines(before).GroupBy(line => line, StringComparer.Ordinal).ToDictionary(group => group.Key,
            group => group.Count(), StringComparer.Ordinal);
        var added = 0;
        foreach (var line in Lines(after))
        {
            if (left.TryGetValue(line, out var count) && count > 0)
            {
                left[line] = count - 1;
            }
            else
            {
                added++;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{added} lines added, {left.Values.Sum()} removed");
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');
}
