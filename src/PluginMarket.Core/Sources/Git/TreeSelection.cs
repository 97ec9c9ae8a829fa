using PluginMarket.Files;

namespace PluginMarket.Sources.Git;

/// <summary>Which files of a commit are wanted.</summary>
internal sealed class TreeSelection : IEquatable<TreeSelection>
{
    private readonly RelativePath[] _cones;
    private readonly HashSet<string>? _parents;
    private readonly RelativePath? _folder;

    private TreeSelection(RelativePath? folder, RelativePath[] cones)
    {
        _folder = folder;
        _cones = cones;
        if (cones.Length > 0)
        {
            _parents = new HashSet<string>(StringComparer.Ordinal) { "" };
            foreach (var cone in cones)
            {
                for (var parent = cone.Parent; !parent.IsRoot; parent = parent.Parent)
                {
                    _parents.Add(parent.Value);
                }
            }
        }
    }

    /// <summary>Every file.</summary>
    public static TreeSelection All { get; } = new(null, []);

    /// <summary>Whether every file is wanted.</summary>
    public bool IsAll => _folder is null && _cones.Length == 0;

    /// <summary>Exactly the files below a folder, as <c>git-subdir</c> wants them.</summary>
    public static TreeSelection Below(RelativePath folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return folder.IsRoot ? All : new TreeSelection(folder, []);
    }

    /// <summary>What git's cone mode checks out: everything below the folders, and the files directly in each of
    /// their parents, the root included.</summary>
    /// <param name="folders">The folders; none, or the root among them, means all.</param>
    public static TreeSelection Cone(IReadOnlyCollection<RelativePath> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        return folders.Count == 0 || folders.Any(folder => folder.IsRoot) ? All : new TreeSelection(null, [.. folders.Distinct()]);
    }

    /// <summary>Those of the wanted files that are below a folder.</summary>
    internal TreeSelection Within(RelativePath folder) => IsAll ? Below(folder) : folder.IsRoot ? this : new TreeSelection(folder, _cones);

    /// <summary>The cones from folders as git's sparse checkout spells them, with or without slashes around them.</summary>
    internal static TreeSelection OfSparsePaths(IEnumerable<string> sparsePaths) =>
        Cone([.. sparsePaths.Select(path => RelativePath.Parse(path.Trim('/')))]);

    /// <summary>Whether nothing below a folder is left out.</summary>
    internal bool IsWhole(RelativePath folder) => IsAll || (_folder is null && Array.Exists(_cones, folder.IsWithin));

    /// <summary>Whether a file or link at that path is wanted.</summary>
    public bool Includes(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (IsAll)
        {
            return true;
        }

        if (_folder is not null && !IsBelow(path, _folder))
        {
            return false;
        }

        if (_cones.Length == 0)
        {
            return true;
        }

        var slash = path.LastIndexOf('/');
        return _parents!.Contains(slash < 0 ? "" : path[..slash]) || _cones.Any(cone => IsBelow(path, cone));
    }

    /// <inheritdoc/>
    public bool Equals(TreeSelection? other) =>
        other is not null && Equals(_folder, other._folder) && _cones.SequenceEqual(other._cones);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TreeSelection);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_folder, _cones.Length);

    private static bool IsBelow(string path, RelativePath folder) =>
        path.Length > folder.Value.Length && path[folder.Value.Length] == '/' && path.StartsWith(folder.Value, StringComparison.Ordinal);
}
