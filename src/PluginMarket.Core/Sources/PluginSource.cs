namespace PluginMarket;

/// <summary>Where the files of one plugin come from: a closed set of forms (contract 1.5).</summary>
public abstract record PluginSource
{
    private protected PluginSource()
    {
    }

    /// <summary>The form's name in the JSON output of Codex: <c>local</c>, <c>git</c>, <c>git-subdir</c> or <c>npm</c> (contract 4.6).</summary>
    public abstract string Kind { get; }

    /// <summary>The source in a few words, without secrets, for listings.</summary>
    public abstract string Description { get; }
}

/// <summary>A folder of the marketplace itself.</summary>
/// <param name="Path">The folder below the marketplace's root; the root itself is allowed.</param>
public sealed record LocalSource(RelativePath Path) : PluginSource
{
    /// <inheritdoc/>
    public override string Kind => "local";

    /// <inheritdoc/>
    public override string Description => Path.IsRoot ? "./" : "./" + DisplayText.Escape(Path.Value);
}

/// <summary>A whole git repository.</summary>
/// <param name="Url">The repository.</param>
/// <param name="Ref">A branch or tag, as the catalog says; null follows the default branch.</param>
/// <param name="Sha">The demanded commit, as the catalog says; it wins over <paramref name="Ref"/>.</param>
public sealed record GitSource(GitUrl Url, string? Ref, string? Sha) : PluginSource
{
    /// <inheritdoc/>
    public override string Kind => "git";

    /// <inheritdoc/>
    public override string Description => Url.ToString();
}

/// <summary>A folder of a git repository.</summary>
/// <param name="Url">The repository.</param>
/// <param name="Path">The folder; never the root.</param>
/// <param name="Ref">A branch or tag, as the catalog says; null follows the default branch.</param>
/// <param name="Sha">The demanded commit, as the catalog says; it wins over <paramref name="Ref"/>.</param>
public sealed record GitSubdirectorySource(GitUrl Url, RelativePath Path, string? Ref, string? Sha) : PluginSource
{
    /// <inheritdoc/>
    public override string Kind => "git-subdir";

    /// <summary>The path as the catalog spells it, which Codex gives back in its JSON output.</summary>
    public string PathText { get; init; } = Path.Value;

    /// <inheritdoc/>
    public override string Description => $"{Url} {DisplayText.Escape(Path.Value)}";
}

/// <summary>A package of an npm registry.</summary>
/// <param name="Package"><c>name</c> or <c>@scope/name</c>.</param>
/// <param name="Version">A version or other selector of the registry.</param>
/// <param name="Registry">An https address; null for npm's own.</param>
public sealed record NpmSource(string Package, string? Version, string? Registry) : PluginSource
{
    /// <inheritdoc/>
    public override string Kind => "npm";

    /// <inheritdoc/>
    public override string Description => Version is null ? Package : $"{Package}@{DisplayText.Escape(Version)}";
}
