using System.Diagnostics.CodeAnalysis;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>A path below some root: names separated by <c>/</c>, never empty, <c>.</c> or <c>..</c>, so that it
/// cannot leave the root on any system.</summary>
/// <remarks>Threat B2, B3: no drive, no device, no backslash, no absolute path. Compared ordinally.</remarks>
internal sealed class RelativePath : IEquatable<RelativePath>
{
    private RelativePath(string value, string[] segments)
    {
        Value = value;
        Segments = segments;
    }

    /// <summary>The root itself: no segments, the empty text.</summary>
    public static RelativePath Root { get; } = new("", []);

    /// <summary>The names joined by <c>/</c>; empty for the root.</summary>
    public string Value { get; }

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>Whether this is the root itself.</summary>
    public bool IsRoot => Segments.Count == 0;

    /// <summary>The last name; empty for the root.</summary>
    public string Name => IsRoot ? "" : Segments[^1];

    /// <summary>The path without its last name; the root's parent is the root.</summary>
    public RelativePath Parent =>
        Segments.Count <= 1 ? Root : new RelativePath(Value[..(Value.Length - Name.Length - 1)], [.. Segments.Take(Segments.Count - 1)]);

    /// <summary>Reads a path. A leading <c>./</c>, doubled separators and <c>.</c> are dropped, as Codex drops them (contract 1.5);
    /// <c>.</c>, <c>./</c> and the empty text are the root.</summary>
    /// <param name="text">The text, from anywhere.</param>
    /// <param name="path">The path, where the text is one.</param>
    /// <param name="finding">Why it is none, fit for a message.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RelativePath? path, [NotNullWhen(false)] out string? finding)
    {
        if (TryParsePlain(text, out path))
        {
            finding = null;
            return true;
        }

        finding = FindHomeMark(text);
        path = null;
        return finding is null && TryParseEntry(text, out path, out finding);
    }

    // Of the spelling that nearly every path has nothing is to be checked or dropped.
    private static bool TryParsePlain(string? text, [NotNullWhen(true)] out RelativePath? path)
    {
        path = null;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var (isFirst, start) = (true, text.StartsWith("./", StringComparison.Ordinal) ? 2 : 0);
        foreach (var sign in text.AsSpan(start))
        {
            if (isFirst ? !char.IsAsciiLetterOrDigit(sign) : !(char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_' or '.' or '/'))
            {
                return false;
            }

            isFirst = sign == '/';
        }

        if (isFirst)
        {
            return false;
        }

        var value = start == 0 ? text : text[start..];
        path = new RelativePath(value, value.Split('/'));
        return true;
    }

    /// <summary>Reads the path of a file in a tree, as receipts and lock files name it: a folder may be called
    /// <c>~</c>, which no shell reads there.</summary>
    /// <inheritdoc cref="TryParse"/>
    internal static bool TryParseEntry(string? text, [NotNullWhen(true)] out RelativePath? path, [NotNullWhen(false)] out string? finding)
    {
        path = null;
        finding = Check(text);
        if (finding is not null)
        {
            return false;
        }

        var segments = text!.Split('/').Where(s => s is not ("" or ".")).ToArray();
        path = segments.Length == 0 ? Root : new RelativePath(string.Join('/', segments), segments);
        return true;
    }

    /// <summary>Reads a path that must be one.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PathEscapesRoot"/></exception>
    public static RelativePath Parse(string? text) =>
        TryParse(text, out var path, out var finding)
            ? path : throw new PluginMarketException(MarketErrorCode.PathEscapesRoot, $"{finding} {Advice}", text);

    private static Remedy Advice => Remedy.Do($"Use a path of names below its root, separated by '/'.");

    // For a path that was made from the names of real folders: only what leaves the root is refused, not what is unsafe elsewhere.
    internal static RelativePath OfTreeEntry(string path)
    {
        var segments = path.Split('/');
        return segments.All(s => s is not ("" or "." or "..")
            && (Path.DirectorySeparatorChar == '/' || !s.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            ? new RelativePath(path, segments)
            : throw new PluginMarketException(MarketErrorCode.PathEscapesRoot,
                $"The path {NameText.Quote(path)} leaves its tree. {Advice}", path);
    }

    /// <summary>The path below this one.</summary>
    public RelativePath Combine(RelativePath below)
    {
        ArgumentNullException.ThrowIfNull(below);
        return IsRoot ? below : below.IsRoot ? this : new RelativePath(Value + "/" + below.Value, [.. Segments, .. below.Segments]);
    }

    /// <summary>Whether this path is the other one or is below it.</summary>
    public bool IsWithin(RelativePath folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return folder.IsRoot || Equals(folder) || Value.StartsWith(folder.Value + "/", StringComparison.Ordinal);
    }

    /// <summary>The absolute path below a root, with the system's separators.</summary>
    /// <param name="root">An absolute path.</param>
    public string UnderRoot(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        return IsRoot ? root : LocalPaths.Join(root, Value);
    }

    /// <inheritdoc/>
    public bool Equals(RelativePath? other) => other is not null && string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RelativePath);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string? FindHomeMark(string? text) =>
        text is not null && Array.Find(text.Split('/'), s => s is not ("" or ".")) == "~"
            ? $"The path {NameText.Quote(text)} begins with '~': it must be below its root." : null;

    private static string? Check(string? text)
    {
        if (text is null)
        {
            return "A path is missing.";
        }

        var quoted = NameText.Quote(text);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return $"The path {quoted} contains a NUL character.";
        }

        if (text.Contains('\\', StringComparison.Ordinal))
        {
            return $"The path {quoted} contains a backslash: separate names by '/'.";
        }

        if (text.StartsWith('/'))
        {
            return $"The path {quoted} is absolute: it must be below its root.";
        }

        if (text.Contains(':', StringComparison.Ordinal))
        {
            return $"The path {quoted} contains ':', which names a drive, a device or a stream on Windows.";
        }

        return text.Split('/').Contains("..") ? $"The path {quoted} contains '..': it must be below its root." : null;
    }
}
