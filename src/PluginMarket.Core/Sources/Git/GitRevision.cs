namespace PluginMarket.Sources.Git;

/// <summary>What a reference of a remote repository stands for.</summary>
/// <param name="Commit">The full commit id in lower case, 40 or 64 hexadecimal digits.</param>
/// <param name="ReferenceName">The full name, such as <c>refs/heads/main</c>; null where the commit id itself was given.</param>
/// <param name="AdvertisedId">The id the server shows for the name: the tag object's for an annotated tag, else the commit.</param>
internal sealed record GitRevision(string Commit, string? ReferenceName, string AdvertisedId);
