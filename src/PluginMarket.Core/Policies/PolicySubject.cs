using PluginMarket.Sources;

namespace PluginMarket.Policies;

/// <summary>What is decided about: a marketplace, or a plugin of one, with the facts that are known of it.</summary>
/// <param name="Name">What it is called in a message.</param>
internal sealed record PolicySubject(string Name)
{
    /// <summary>The plugin; null where a marketplace is decided about.</summary>
    internal PluginId? Plugin { get; init; }

    /// <summary>The computer that reported the plugin; null where it is this one.</summary>
    internal string? ComputerName { get; init; }

    /// <summary>The marketplace; null where it is not known.</summary>
    internal MarketplaceFacts? Marketplace { get; init; }

    /// <summary>Where the plugin's files come from; null where it is not known.</summary>
    internal PluginSourceFacts? Source { get; init; }

    /// <summary>The manifest's version.</summary>
    internal Fact<string?> Version { get; init; }

    /// <summary>Name, mail address and page of its author.</summary>
    internal Fact<IReadOnlyList<string>> Author { get; init; }

    /// <summary>Its license.</summary>
    internal Fact<string?> License { get; init; }

    /// <summary>The digest of its files.</summary>
    internal Fact<string?> TreeHash { get; init; }

    /// <summary>The full commit of its files; null where they have none.</summary>
    internal Fact<string?> Commit { get; init; }

    /// <summary>How exactly its bytes are named.</summary>
    internal Fact<PinLevel> Pin { get; init; }

    /// <summary>Whether a lock file or an approval names its bytes by their digest.</summary>
    internal bool IsPinnedByRecord { get; init; }

    /// <summary>What it can do.</summary>
    internal Fact<IReadOnlyList<CapabilityFacts>> Capabilities { get; init; }

    /// <summary>Whether an approvals file approves exactly its bytes and capabilities; null where its files are not known.</summary>
    internal Func<string, bool>? IsApprovedBy { get; init; }

    /// <summary>When its bytes were first seen here.</summary>
    internal Fact<DateTimeOffset> FirstSeen { get; init; }

    /// <summary>When its author says that the commit was made.</summary>
    internal Fact<DateTimeOffset> CommittedOn { get; init; }

    /// <summary>Whether a text has characters that nobody sees.</summary>
    internal Fact<bool> HasHiddenText { get; init; }

    /// <summary>Bytes and number of its files.</summary>
    internal Fact<(long Bytes, int Files)> Size { get; init; }

    /// <summary>The ids of the rules that a check of its files reports; null where its files are not known.</summary>
    internal Func<IReadOnlyCollection<string>>? Findings { get; init; }

    /// <summary>The options that the command was given.</summary>
    internal IReadOnlyList<string> Options { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>How exactly the bytes of a plugin are named, from the least to the most exact.</summary>
internal enum PinLevel
{
    /// <summary>Not at all.</summary>
    None,
    /// <summary>By a branch, a tag or a version.</summary>
    Ref,
    /// <summary>By a full commit.</summary>
    Commit,
    /// <summary>By a digest.</summary>
    Digest,
}

/// <summary>What is known of a marketplace.</summary>
internal sealed record MarketplaceFacts
{
    /// <summary>The catalog's name; unknown before it is read.</summary>
    internal Fact<string> Name { get; init; }

    /// <summary>Its address, and what git makes of it; empty for a folder.</summary>
    internal IReadOnlyList<SourceIdentity> Identities { get; init; } = [];

    /// <summary>Whether the address has no form that can be compared.</summary>
    internal bool IsUnreadable { get; init; }

    /// <summary>Its folder, links resolved; null for a repository on a server.</summary>
    internal string? LocalRoot { get; init; }

    /// <summary><c>Personal</c>, <c>Repository</c>, <c>System</c> or <c>User</c>.</summary>
    internal string Scope { get; init; } = "User";

    /// <summary>The ref; null follows the default branch.</summary>
    internal string? Ref { get; init; }

    /// <summary><c>git</c> or <c>local</c>, as config.toml has it.</summary>
    internal string SourceType { get; init; } = "local";

    /// <summary>The source as config.toml has it.</summary>
    internal string SourceText { get; init; } = "";
}

/// <summary>What is known of the source of a plugin.</summary>
internal sealed record PluginSourceFacts
{
    /// <summary><c>local</c>, <c>git</c>, <c>git-subdir</c> or <c>npm</c>.</summary>
    internal required string Type { get; init; }

    /// <summary>The address of the repository, and what git makes of it; empty for other sources.</summary>
    internal IReadOnlyList<SourceIdentity> Identities { get; init; } = [];

    /// <summary>Whether the address has no form that can be compared.</summary>
    internal bool IsUnreadable { get; init; }

    /// <summary>The transport; <c>file</c> for a folder, <c>https</c> for a package.</summary>
    internal string Transport { get; init; } = "file";

    /// <summary>The npm package; null for other sources.</summary>
    internal string? Package { get; init; }

    /// <summary>The host of the registry.</summary>
    internal Fact<string?> Registry { get; init; }
}

/// <summary>One thing that a plugin can do.</summary>
/// <param name="Capability">The capability.</param>
internal sealed record CapabilityFacts(Capability Capability)
{
    private static readonly string[] Suffixes = [".exe", ".cmd"];

    /// <summary><c>stdio</c> or <c>http</c> of an MCP server; null for everything else.</summary>
    internal string? Transport { get; } = Capability.Component != "McpServer" ? null : Capability.Url is null ? "stdio" : "http";

    /// <summary>The last segment of the path of the first word, without <c>.exe</c> and <c>.cmd</c>, in lower case.</summary>
    internal string? Program { get; } = Capability.Command is null ? null : ProgramOf(Capability.Command);

    /// <summary>The whole command text, white space folded.</summary>
    internal string? Command { get; } = Capability.Command is null ? null
        : string.Join(' ', Capability.Command.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The host that an MCP server talks to.</summary>
    internal string? UrlHost { get; } = Capability.Component == "McpServer" && Uri.TryCreate(Capability.Url, UriKind.Absolute, out var url)
        ? url.IdnHost.ToLowerInvariant() : null;

    /// <summary>The first word of a command, without its quotes.</summary>
    internal static string FirstWord(string command)
    {
        var text = command.TrimStart();
        var quote = text.Length > 0 && text[0] is '"' or '\'' ? text[0] : (char?)null;
        var end = quote is { } mark ? text.IndexOf(mark, 1) : text.AsSpan().IndexOfAny(" \t\r\n");
        return quote is null ? (end < 0 ? text : text[..end]) : (end < 0 ? text[1..] : text[1..end]);
    }

    private static string ProgramOf(string command)
    {
        var word = FirstWord(command);
        var name = word[(word.LastIndexOfAny(['/', '\\']) + 1)..].ToLowerInvariant();
        var suffix = Suffixes.FirstOrDefault(one => name.EndsWith(one, StringComparison.Ordinal));
        return suffix is null ? name : name[..^suffix.Length];
    }
}
