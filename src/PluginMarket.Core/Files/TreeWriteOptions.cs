using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>How names are treated that are unsafe on some system, or collide where letter case or spelling form is ignored.</summary>
internal enum UnsafeNames
{
    /// <summary>The whole tree is refused, on every system: what a plugin gets.</summary>
    Refuse,
    /// <summary>They are written where this system can, else left out: what a marketplace's snapshot gets, so that one odd
    /// entry does not hide the others.</summary>
    Keep,
}

/// <summary>How a tree is written.</summary>
/// <param name="Limits">The caps; passing one refuses the whole tree.</param>
/// <param name="UnsafeNames">What unsafe names do.</param>
/// <param name="KeepLinks">Whether relative links that stay inside the tree are made; else every link is left out.</param>
internal sealed record TreeWriteOptions(TreeLimits Limits, UnsafeNames UnsafeNames = UnsafeNames.Refuse, bool KeepLinks = false)
{
    /// <summary>How a plugin is written.</summary>
    public static TreeWriteOptions Plugin(Limits limits) => new(TreeLimits.Plugin(limits));

    /// <summary>How a marketplace's snapshot is written.</summary>
    public static TreeWriteOptions Marketplace(Limits limits) => new(TreeLimits.Marketplace(limits), UnsafeNames.Keep, KeepLinks: true);
}

/// <summary>An entry that was not written.</summary>
/// <param name="Path">Its path in the tree, escaped for display.</param>
/// <param name="Reason">Why, fit for a message.</param>
internal sealed record LeftOutEntry(string Path, string Reason)
{
    internal static LeftOutEntry Unreadable(string path) => new(DisplayText.Escape(path), "its name is not UTF-8");

    internal static LeftOutEntry OfGit(string path) => new(DisplayText.Escape(path), "it belongs to git, not to the plugin");

    /// <summary>Those below a folder, as that folder has them.</summary>
    internal static IEnumerable<LeftOutEntry> Below(RelativePath folder, IEnumerable<LeftOutEntry> entries)
    {
        var prefix = folder.IsRoot ? "" : DisplayText.Escape(folder.Value) + "/";
        return entries.Where(left => left.Path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(left => left with { Path = left.Path[prefix.Length..] });
    }
}

/// <summary>What was written of a tree.</summary>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="LeftOut">What was not written.</param>
internal sealed record TreeWriteResult(int Files, long Bytes, IReadOnlyList<LeftOutEntry> LeftOut);
