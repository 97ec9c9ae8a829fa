using System.Text;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>What of a tree may be written, decided from its entries alone before anything is.</summary>
/// <remarks>Threat B1 to B11, B18 and B21.</remarks>
internal sealed class TreePlan
{
    private readonly Dictionary<string, (string Path, bool IsFolder)> _claimed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _barred = new(StringComparer.Ordinal);
    private readonly TreeWriteOptions _options;

    private TreePlan(TreeWriteOptions options) => _options = options;

    internal List<string> Folders { get; } = [];

    internal List<TreeEntry> Files { get; } = [];

    internal List<TreeEntry> Links { get; } = [];

    internal List<LeftOutEntry> LeftOut { get; } = [];

    internal long Bytes { get; private set; }

    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PathEscapesRoot"/>, <see cref="MarketErrorCode.NameInvalid"/>,
    /// <see cref="MarketErrorCode.LimitExceeded"/></exception>
    internal static TreePlan Make(FileTree tree, TreeWriteOptions options)
    {
        var plan = new TreePlan(options);
        foreach (var entry in tree.Entries.OrderBy(e => e.Path, StringComparer.Ordinal))
        {
            plan.Add(entry);
        }

        plan.Folders.Sort(StringComparer.Ordinal);
        return plan;
    }

    private void Add(TreeEntry entry)
    {
        var segments = entry.Path.Split('/');
        if (entry.Path.Contains('\0', StringComparison.Ordinal) || segments.Any(s => s is "" or "." or ".."))
        {
            throw Refused(MarketErrorCode.PathEscapesRoot, entry.Path, "leaves the tree it is in");
        }

        var git = Array.FindIndex(segments, NameRules.IsGitFolder);
        if (git >= 0)
        {
            Bar(string.Join('/', segments[..(git + 1)]), LeftOutEntry.OfGit("").Reason);
            return;
        }

        if (FindBar(segments) is { } barred)
        {
            // git's own trees cannot hold something below a link; a hostile one can.
            throw Refused(MarketErrorCode.PathEscapesRoot, entry.Path, $"is below '{barred}', which is not a folder");
        }

        if (entry.Kind == TreeEntryKind.Other && entry.Path.Contains('\uFFFD', StringComparison.Ordinal))
        {
            Bar(entry.Path, LeftOutEntry.Unreadable("").Reason);
            return;
        }

        CheckSizes(entry, segments);
        if (!Claim(entry, segments))
        {
            return;
        }

        switch (entry.Kind)
        {
            case TreeEntryKind.Directory:
                break;
            case TreeEntryKind.File:
                Files.Add(entry);
                Bytes += entry.Length;
                if (Files.Count > _options.Limits.Files || Bytes > _options.Limits.TotalBytes)
                {
                    throw Refused(MarketErrorCode.LimitExceeded, entry.Path,
                        $"makes the tree pass {_options.Limits.Files} files or {_options.Limits.TotalBytes} bytes");
                }

                break;
            case TreeEntryKind.SymbolicLink when _options.KeepLinks:
                Links.Add(entry);
                _barred.Add(entry.Path);
                break;
            case TreeEntryKind.Submodule:
                // A plain clone, and so Codex, has an empty folder there.
                Folders.Add(entry.Path);
                Bar(entry.Path, "it is another repository");
                break;
            default:
                Bar(entry.Path, entry.Kind == TreeEntryKind.SymbolicLink ? "it is a link" : "it is not a regular file");
                break;
        }
    }

    private void Bar(string path, string reason)
    {
        if (_barred.Add(path))
        {
            LeftOut.Add(new LeftOutEntry(DisplayText.Escape(path), reason));
        }
    }

    private string? FindBar(string[] segments)
    {
        for (var length = 1; length < segments.Length && _barred.Count > 0; length++)
        {
            var above = string.Join('/', segments[..length]);
            if (_barred.Contains(above))
            {
                return above;
            }
        }

        return null;
    }

    private void CheckSizes(TreeEntry entry, string[] segments)
    {
        var limits = _options.Limits;
        var folders = entry.Kind == TreeEntryKind.Directory ? segments.Length : segments.Length - 1;
        var finding = folders > limits.Depth ? $"is more than {limits.Depth} folders deep"
            : Encoding.UTF8.GetByteCount(entry.Path) > limits.PathBytes ? $"is longer than {limits.PathBytes} bytes"
            : segments.Any(s => Encoding.UTF8.GetByteCount(s) > limits.SegmentBytes) ? $"has a name longer than {limits.SegmentBytes} bytes"
            : entry.Length > limits.FileBytes ? $"is larger than {limits.FileBytes} bytes"
            : null;
        if (finding is not null)
        {
            throw Refused(MarketErrorCode.LimitExceeded, entry.Path, finding);
        }
    }

    // Takes the path and the folders above it; false where the entry is left out for its name.
    private bool Claim(TreeEntry entry, string[] segments)
    {
        var path = "";
        var key = "";
        for (var i = 0; i < segments.Length; i++)
        {
            path = i == 0 ? segments[0] : path + "/" + segments[i];
            key = key + "/" + NameRules.FoldKey(segments[i]);
            var isFolder = i < segments.Length - 1 || entry.Kind == TreeEntryKind.Directory;
            if (_claimed.TryGetValue(key, out var other))
            {
                if (other.Path == path)
                {
                    if (!other.IsFolder || !isFolder)
                    {
                        throw Refused(MarketErrorCode.NameInvalid, path, "is in the tree twice");
                    }

                    continue;
                }

                if (_options.UnsafeNames == UnsafeNames.Refuse)
                {
                    throw Refused(MarketErrorCode.NameInvalid, path,
                        $"and '{other.Path}' are one name on a system that ignores letter case or spelling form");
                }

                if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
                {
                    return LeaveOut(path, $"'{DisplayText.Escape(other.Path)}' has the same name on this system");
                }

                key += "\0" + path;
                if (_claimed.ContainsKey(key))
                {
                    continue;
                }
            }

            if (NameRules.CheckPortability(segments[i]) is { } finding)
            {
                if (_options.UnsafeNames == UnsafeNames.Refuse)
                {
                    throw Refused(MarketErrorCode.NameInvalid, path, finding);
                }

                if (OperatingSystem.IsWindows() || segments[i].Contains('\uFFFD', StringComparison.Ordinal))
                {
                    return LeaveOut(path, $"its name {finding}");
                }
            }

            _claimed.Add(key, (path, isFolder));
            if (isFolder)
            {
                Folders.Add(path);
            }
        }

        return true;
    }

    private bool LeaveOut(string path, string reason)
    {
        Bar(path, reason);
        return false;
    }

    private static PluginMarketException Refused(MarketErrorCode code, string path, string finding) =>
        new(code, $"'{DisplayText.Escape(path.Length <= 200 ? path : path[..200] + "…")}' {finding}.",
            DisplayText.Escape(path.Length <= 1000 ? path : path[..1000]));
}
