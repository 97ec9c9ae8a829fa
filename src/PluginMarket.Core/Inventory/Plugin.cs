using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>One entry of a marketplace, joined with what its source says of itself and whether it is installed.</summary>
/// <remarks>Texts are escaped for a terminal. <see cref="Components"/>, <see cref="Capabilities"/>, <see cref="Manifest"/>,
/// <see cref="Author"/> and <see cref="License"/> are null for an entry whose source was not read (<see cref="Resolved"/> is false),
/// and empty where there are none. In a long listing, what takes reading all files of a plugin is read once, when it is asked
/// for: <see cref="Status"/>, <see cref="Reason"/>, <see cref="Resolved"/>, <see cref="Components"/>, <see cref="Manifest"/>,
/// <see cref="HasHiddenText"/>, and what the policies say.</remarks>
public sealed class Plugin
{
    private LocatedEntry? _entry;
    private PluginDetail? _detail;
    private LaterDetails? _later;
    private int _place;

    /// <summary>The entry's name; empty where a skipped entry has none.</summary>
    public required string Name { get; init; }

    /// <summary>The manifest's version; for a source not read, the entry's own; null where neither says.</summary>
    public string? Version { get; init; }

    /// <summary>The marketplace's name.</summary>
    public required string Marketplace { get; init; }

    /// <summary>The entry's category, else the manifest's.</summary>
    public string? Category { get; init; }

    /// <summary><c>AVAILABLE</c>, <c>NOT_AVAILABLE</c> or <c>INSTALLED_BY_DEFAULT</c>.</summary>
    public required string Installation { get; init; }

    /// <summary>Whether it is installed in this home: its key is configured and a version is cached.</summary>
    public bool Installed { get; init; }

    /// <summary><c>plugin@marketplace</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The name shown to people.</summary>
    public string? DisplayName { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary><c>ON_INSTALL</c> or <c>ON_USE</c>.</summary>
    public required string Authentication { get; init; }

    /// <summary><c>local</c>, <c>git</c>, <c>git-subdir</c> or <c>npm</c> (contract 4.6); null for an entry skipped for its
    /// source.</summary>
    public string? SourceType { get; init; }

    /// <summary>The plugin's folder, the URL without secrets (and <c>#path</c>), or the package.</summary>
    public string? Source { get; init; }

    /// <summary>The branch, tag or commit the entry names.</summary>
    public string? Ref { get; init; }

    /// <summary>The commit the entry is pinned to.</summary>
    public string? Sha { get; init; }

    /// <summary><c>Available</c> (nothing that was read forbids it, whatever its policy), <c>Refused</c> (installing it would fail)
    /// or <c>Skipped</c>; null where its source could not be read.</summary>
    public string? Status
    {
        get => Detail.Status;
        init => Detail.Status = value;
    }

    /// <summary>Why it is skipped, why installing it would be refused, or why its source could not be read; else null.</summary>
    public string? Reason => Said?.ToString();

    /// <summary><see cref="Reason"/> for the face that shows it; a method, so that it is not carried to other computers.</summary>
    internal Message? GetReason() => Said;

    internal Message? Said
    {
        get => Detail.Said;
        init => Detail.Said = value;
    }

    /// <summary>Whether the source was read.</summary>
    public bool Resolved
    {
        get => Detail.Resolved;
        init => Detail.Resolved = value;
    }

    /// <summary>Kinds of component: <c>Skill</c>, <c>McpServer</c>, <c>App</c>, <c>Hook</c>, <c>Command</c>.</summary>
    public string[]? Components
    {
        get => Detail.Components;
        init => Detail.Components = value;
    }

    /// <summary>What the manifest's <c>interface.capabilities</c> claims.</summary>
    public string[]? Capabilities { get; init; }

    /// <summary>Search words of the manifest, or of the entry where the source was not read; null where neither is known.</summary>
    public string[]? Keywords { get; init; }

    /// <summary>Who made it.</summary>
    public Author? Author { get; init; }

    /// <summary>The license, as written.</summary>
    public string? License { get; init; }

    /// <summary>How it presents itself.</summary>
    public PluginInterface? Interface { get; init; }

    /// <summary>The manifest, components resolved.</summary>
    public PluginManifest? Manifest
    {
        get => Detail.Manifest;
        init => Detail.Manifest = value;
    }

    /// <summary>Whether a text of the entry, the manifest or a component has characters that a reader does not see; null where the
    /// entry has none and its source was not read.</summary>
    public bool? HasHiddenText
    {
        get => Detail.HasHiddenText;
        init => Detail.HasHiddenText = value;
    }

    /// <summary>Whether the policies let it be installed; null where that is not known before its files are read, or a policy cannot
    /// be read.</summary>
    public bool? IsAllowedByPolicy
    {
        get => Detail.IsAllowedByPolicy;
        init => Detail.IsAllowedByPolicy = value;
    }

    /// <summary>The rule that forbids it, or would if it were enforced; null where none does.</summary>
    public string? PolicyRule
    {
        get => Detail.PolicyRule;
        init => Detail.PolicyRule = value;
    }

    /// <summary>The plugin's folder on disk for a local source that was read, absolute.</summary>
    public string? Path { get; init; }

    /// <summary>The commit that was read for a git source, or the snapshot's for a local one in it.</summary>
    public string? Commit { get; init; }

    /// <summary>The catalog file the entry is in, absolute.</summary>
    public required string CatalogPath { get; init; }

    /// <summary>The scope of its marketplace.</summary>
    public required string Scope { get; init; }

    /// <summary>The computer this object was made on.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The account this object was made under.</summary>
    public required string UserName { get; init; }

    /// <summary>The agent's home this object belongs to, absolute.</summary>
    public required string CodexHome { get; init; }

    /// <summary>The entry behind this object, or null on a copy; a method, so that it is not carried to other computers.</summary>
    internal LocatedEntry? GetEntry() => _entry;

    /// <summary>Why its source could not be read, or why installing it is refused, else null; a method, so that it is
    /// not carried to other computers.</summary>
    public PluginMarketException? GetFailure() => Detail.Failure;

    /// <summary><c>plugin@marketplace</c>.</summary>
    public override string ToString() => Id;

    /// <summary>What there is to say of it without reading more than was read; a method, so that it is not carried to other
    /// computers.</summary>
    internal string? GetKnownReason() => _later is null ? Reason : null;

    /// <summary>The same as what a change would make of it.</summary>
    internal Plugin AsPreview()
    {
        var copy = (Plugin)MemberwiseClone();
        copy._detail = Detail.With("WhatIf");
        copy._later = null;
        return copy;
    }

    internal Plugin From(LocatedEntry entry)
    {
        _entry = entry;
        return this;
    }

    /// <summary>Takes what was read of all of its files.</summary>
    internal void Settle(PluginDetail detail) => _detail = detail;

    /// <summary>Has the rest read when it is asked for.</summary>
    /// <param name="later">Reads it.</param>
    /// <param name="place">Its place there.</param>
    internal void Defer(LaterDetails later, int place) => (_later, _place) = (later, place);

    private PluginDetail Detail
    {
        get
        {
            if (Volatile.Read(ref _later) is { } later)
            {
                _detail = later.Get(_place);
                Volatile.Write(ref _later, null);
            }

            return _detail ??= new PluginDetail();
        }
    }
}
