namespace PluginMarket.Messages;

/// <summary>An option of operations, and what it is called in each face: the one table of it. An instance can carry a value.</summary>
internal sealed class OperationOption : IWording
{
    private readonly string _parameter;
    private readonly string? _option;
    private readonly string? _value;

    private OperationOption(string parameter, string? option, string? value = null) =>
        (_parameter, _option, _value) = (parameter, option, value);

    /// <summary>Accept kinds of capability.</summary>
    public static OperationOption AcceptCapability { get; } = new("-AcceptCapability", "--accept-capability");

    /// <summary>Install a lower version.</summary>
    public static OperationOption AllowDowngrade { get; } = new("-AllowDowngrade", "--allow-downgrade");

    /// <summary>Accept that there is nothing to check.</summary>
    public static OperationOption AllowEmpty { get; } = new("-AllowEmpty", "--allow-empty");

    /// <summary>Accept a host of the private network.</summary>
    public static OperationOption AllowHost { get; } = new("-AllowHost", "--allow-host");

    /// <summary>Accept plain http.</summary>
    public static OperationOption AllowHttp { get; } = new("-AllowHttp", "--allow-http");

    /// <summary>Say a policy in part.</summary>
    public static OperationOption AllowPartial { get; } = new("-AllowPartial", "--allow-partial");

    /// <summary>Name the Codex home.</summary>
    public static OperationOption CodexHome { get; } = new("-CodexHome", "--codex-home");

    /// <summary>Sign in.</summary>
    public static OperationOption Credential { get; } = new("-Credential", "--credential");

    /// <summary>Turn plugins on.</summary>
    public static OperationOption Enable { get; } = new("-Enable", "--enable");

    /// <summary>Overwrite.</summary>
    public static OperationOption Force { get; } = new("-Force", "--force");

    /// <summary>Choose the implementation of git.</summary>
    public static OperationOption GitEngine { get; } = new("-GitEngine", "--git-engine");

    /// <summary>List what is skipped too.</summary>
    public static OperationOption IncludeSkipped { get; } = new("-IncludeSkipped", null);

    /// <summary>Name a lock file.</summary>
    public static OperationOption LockFile { get; } = new("-LockFile", "--lock-file");

    /// <summary>Name the cache folder after the version of the manifest.</summary>
    public static OperationOption ManifestFolder { get; } = new("-CacheVersion Manifest", "--cache-version manifest");

    /// <summary>Name a marketplace.</summary>
    public static OperationOption Marketplace { get; } = new("-Marketplace", "--marketplace");

    /// <summary>Allow so many removals.</summary>
    public static OperationOption MaximumRemoval { get; } = new("-MaximumRemoval", "--max-removal");

    /// <summary>Overwrite no file.</summary>
    public static OperationOption NoClobber { get; } = new("-NoClobber", null);

    /// <summary>Fetch nothing.</summary>
    public static OperationOption Offline { get; } = new("-Offline", "--offline");

    /// <summary>Name a folder.</summary>
    public static OperationOption Path { get; } = new("-Path", null);

    /// <summary>Name a branch, tag or commit.</summary>
    public static OperationOption Ref { get; } = new("-Ref", "--ref");

    /// <summary>Update the marketplaces first.</summary>
    public static OperationOption Refresh { get; } = new("-Refresh", "--refresh");

    /// <summary>Install again.</summary>
    public static OperationOption Reinstall { get; } = new("-Reinstall", "--reinstall");

    /// <summary>Remove what a state does not list.</summary>
    public static OperationOption RemoveUnlisted { get; } = new("-RemoveUnlisted", "--remove-unlisted");

    /// <summary>Name a commit.</summary>
    public static OperationOption Sha { get; } = new("-Sha", "--sha");

    /// <summary>Fail where something is left out.</summary>
    public static OperationOption Strict { get; } = new("-Strict", "--strict");

    /// <summary>Choose what of a repository is kept.</summary>
    public static OperationOption Sparse { get; } = new("-SparsePath", "--sparse");

    /// <summary>Limit the time of all fetches.</summary>
    public static OperationOption Timeout { get; } = new("-TimeoutSec", "--timeout");

    /// <summary>Trust a catalog for one call.</summary>
    public static OperationOption TrustMarketplace { get; } = new("-TrustMarketplace", null);

    /// <summary>Every row of the table.</summary>
    public static IReadOnlyList<OperationOption> All { get; } =
    [
        AcceptCapability, AllowDowngrade, AllowEmpty, AllowHost, AllowHttp, AllowPartial, CodexHome,
        Credential, Enable, Force, GitEngine, IncludeSkipped, LockFile,
        ManifestFolder, Marketplace, MaximumRemoval, NoClobber, Offline, Path,
        Ref, Refresh, Reinstall, RemoveUnlisted, Sha, Sparse, Strict, Timeout, TrustMarketplace,
    ];

    /// <summary>The option with a value.</summary>
    /// <param name="value">The value.</param>
    public OperationOption Of(string value) => new(_parameter, _option, value);

    /// <summary>What a face calls it, without a value; null where it does not have it.</summary>
    public string? NameIn(Face face) => face switch
    {
        Face.PowerShell => _parameter,
        Face.CommandLine => _option,
        _ => throw new InvalidOperationException($"There is no face {face}."),
    };

    /// <summary>Whether the face has it.</summary>
    public bool IsIn(Face face) => NameIn(face) is not null;

    /// <summary>What to type; where the face does not have it, its parameter.</summary>
    public string In(Face face) =>
        NameIn(face) is { } name ? _value is null ? name : $"{name} {Quoting.For(face, _value)}" : "the PluginMarket module for PowerShell";

    /// <summary>What to type in PowerShell.</summary>
    public override string ToString() => In(Face.PowerShell);
}
