using System.Globalization;

namespace PluginMarket.Sources.Git;

/// <summary>How git is reached. <see cref="GitStore"/> decides what is asked.</summary>
internal interface IGitEngine
{
    /// <summary>Its name in receipts: <c>git</c> or <c>libgit2</c>.</summary>
    string Name { get; }

    /// <summary>What the user's own configuration makes of an address (<c>url.*.insteadOf</c>); no network.</summary>
    Task<string> RewriteAsync(GitUrl url, CancellationToken cancellationToken);

    /// <summary>Asks a server for references: full name, or name with <c>^{}</c> for what an annotated tag points to, to id.</summary>
    Task<IReadOnlyDictionary<string, string>> ListReferencesAsync(GitRemote remote, IReadOnlyList<string> names,
        CancellationToken cancellationToken);

    /// <summary>What the server's first answer tells of it, asked without credentials.</summary>
    Task<ServerSign> ProbeAsync(GitRemote remote, CancellationToken cancellationToken);

    /// <summary>Makes an empty bare store.</summary>
    /// <param name="store">A folder that does not exist yet.</param>
    /// <param name="idLength">Digits of an id: 40 (SHA-1) or 64 (SHA-256).</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task InitializeAsync(string store, int idLength, CancellationToken cancellationToken);

    /// <summary>Brings objects into a store. Nothing about the server stays in the store's configuration.</summary>
    Task FetchAsync(string store, GitRemote remote, GitFetch fetch, CancellationToken cancellationToken);

    /// <summary>The full id of the commit that an id in the store stands for; null where the store has none.</summary>
    Task<string?> FindCommitAsync(string store, string id, CancellationToken cancellationToken);

    /// <summary>Whether a commit, which the store need not have, is an ancestor of one that it has with its history.</summary>
    Task<bool> IsAncestorAsync(string store, string older, string newer, CancellationToken cancellationToken);

    /// <summary>Every path of a commit.</summary>
    Task<IReadOnlyList<GitTreeItem>> ReadTreeAsync(string store, string commit, CancellationToken cancellationToken);

    /// <summary>Bytes of each blob that the store has.</summary>
    Task<IReadOnlyDictionary<string, long>> MeasureAsync(string store, IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken);

    /// <summary>Opens the store for reading blobs.</summary>
    IGitObjects OpenObjects(string store);

    /// <summary>Makes a repository with a commit, a branch and an index in a folder, without writing any file of the commit.</summary>
    Task ExportAsync(string store, string commit, string branch, string folder, CancellationToken cancellationToken);
}

/// <summary>Reads blobs of one store.</summary>
internal interface IGitObjects : IDisposable
{
    /// <summary>The bytes of a blob.</summary>
    /// <exception cref="IOException">The store does not have it.</exception>
    byte[] Read(string id, long cap);

    /// <summary>When its author says that a commit was made; null where the store cannot tell.</summary>
    DateTimeOffset? FindCommitTime(string commit);
}

/// <summary>A server's repository, with what may be used to reach it.</summary>
/// <param name="Address">The URL for git.</param>
/// <param name="Asked">The URL that is really asked after the user's own rewriting.</param>
/// <param name="Protocols">The transports git may use, as <c>GIT_ALLOW_PROTOCOL</c> has them.</param>
/// <param name="Credential">A credential for that host; null leaves it to git's helpers.</param>
internal sealed record GitRemote(GitUrl Address, GitUrl Asked, string Protocols, GitCredential? Credential)
{
    /// <summary>Whether <see cref="Asked"/> is the last word, which git may not rewrite again: it would put back
    /// the password that was taken out.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Settings of the user that the engine does not use although they may be needed to sign in.</summary>
    public IReadOnlyList<string> Withheld { get; init; } = [];

    /// <summary>What of its answers must not be shown.</summary>
    public SecretMask Mask { get; init; } = SecretMask.None;
}

/// <summary>What to fetch.</summary>
/// <param name="Wants">Ids of a commit or of blobs; empty for all branches and tags with their history.</param>
/// <param name="WithoutBlobs">Whether the server is asked to leave file contents out.</param>
internal sealed record GitFetch(IReadOnlyList<string> Wants, bool WithoutBlobs)
{
    /// <summary>Whether the wants are blobs, which have no history to cut.</summary>
    public bool AreBlobs { get; init; }

    /// <summary>Whether the parents of the wanted commits are wanted too.</summary>
    public bool WithHistory { get; init; }

    /// <summary>Whether the server is asked to leave folders out too, so that only commits come.</summary>
    public bool WithoutTrees { get; init; }

    /// <summary>Contents of fewer bytes than this come along although contents are left out.</summary>
    public int? SmallBlobs { get; init; }

    /// <summary>What the server is asked to leave out, as the protocol has it; null for nothing.</summary>
    public string? Filter => WithoutTrees ? "tree:0" : !WithoutBlobs ? null
        : SmallBlobs is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"blob:limit={bytes}") : "blob:none";

    /// <summary>The most bytes that the store may grow to.</summary>
    public required long ByteLimit { get; init; }

    /// <summary>Told from time to time, and at the end, how many bytes there are.</summary>
    public Action<long>? Received { get; init; }
}

/// <summary>One path of a commit.</summary>
/// <param name="Mode">The six digits git keeps: 040000, 100644, 100755, 120000 or 160000.</param>
/// <param name="Id">The object's id.</param>
/// <param name="Path">The path, or null where it is not UTF-8.</param>
internal sealed record GitTreeItem(string Mode, string Id, string? Path)
{
    /// <summary>The path with U+FFFD for what is not UTF-8; null where <see cref="Path"/> tells it.</summary>
    public string? UnreadablePath { get; init; }

    public bool IsBlob => Mode is not ("040000" or "160000");
}
