using System.Collections;
using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary>One thing given as a plugin: the plugin it refers to, or why it refers to none.</summary>
/// <remarks>
/// A transformation that throws would surface under PowerShell's own error id; the problem therefore travels with the input,
/// and the cmdlet reports it as <see cref="MarketErrorCode.InputNotAPlugin"/> with the thing at fault as its target.
/// </remarks>
public sealed class PluginInput
{
    private static readonly string[] InstalledProperties = ["State", "Status", "IsIntact", "ToTreeHash", "InstalledOn"];

    private PluginInput(PluginReference? reference, object? source, Message? finding, PluginLockEntry? locked = null)
    {
        Reference = reference;
        Source = source;
        Refusal = finding;
        Locked = locked;
    }

    /// <summary>The plugin, or null where the input names none.</summary>
    public PluginReference? Reference { get; }

    /// <summary>The lock file's entry that was given, whose bytes are then the only ones that will do; null for anything else.</summary>
    public PluginLockEntry? Locked { get; }

    /// <summary>What was given.</summary>
    public object? Source { get; }

    /// <summary>Why the input names no plugin.</summary>
    internal Message? Refusal { get; }

    /// <summary>The fault that kept the input from being read.</summary>
    private PluginMarketException? Fault { get; init; }

    /// <summary>The failure of an input that names no plugin.</summary>
    /// <param name="code">Its id, unless a fault of ours is the reason.</param>
    public PluginMarketException Failure(MarketErrorCode code) => Fault ?? new PluginMarketException(code, Refusal!);

    /// <summary>An input that a fault of ours kept from being read.</summary>
    public static PluginInput Of(PluginMarketException fault) => new(null, null, fault?.Said) { Fault = fault };

    /// <summary>Reads one input.</summary>
    public static PluginInput From(object? item) => PipelineObject.Unwrap(item) switch
    {
        PluginInput already => already,
        PluginReference reference => new PluginInput(reference, item, null),
        string text => FromText(text, item),
        null or IDictionary or System.IO.FileSystemInfo => Foreign(item),
        _ => FromProperties(item as PSObject ?? PSObject.AsPSObject(item!), item),
    };

    /// <inheritdoc/>
    public override string ToString() => Reference?.ToString() ?? Source?.ToString() ?? "";

    private static PluginInput FromText(string text, object? item) =>
        PluginReference.TryParse(text.Trim(), out var reference, out var finding)
            ? new PluginInput(reference, item, null)
            : new PluginInput(null, item, $"{finding} {HelpFor(text)}");

    private static Remedy HelpFor(string text) => text.AsSpan().ContainsAny("*?[")
        ? Remedy.Do($"Use wildcards with {Operation.FindPlugin.On(text)} or {Operation.ListInstalled.On(text)}, and pipe their output.")
        : Remedy.Do($"Use a plugin name or plugin@marketplace.");

    private static PluginInput FromProperties(PSObject source, object? item)
    {
        var id = PipelineObject.Text(source, "Id");
        var name = PipelineObject.Text(source, "Name");
        var marketplace = PipelineObject.Text(source, "Marketplace");
        var text = name is not null && marketplace is not null ? $"{name}@{marketplace}" : id;
        if (text is null)
        {
            // A row of a table with a column Name is what its text is.
            return name is not null && PipelineObject.IsRow(source) ? FromText(name, item) : Foreign(item);
        }

        if (!PluginId.TryParse(text, out var plugin, out var finding))
        {
            return new PluginInput(null, item, $"{finding} {Remedy.Do($"Use plugin@marketplace.")}");
        }

        if (LockEntryInput.Is(source))
        {
            var locked = LockEntryInput.Read(source, plugin, out var unreadable);
            return new PluginInput(locked is null
                ? null : new PluginReference { Name = plugin.Plugin, Marketplace = plugin.Marketplace, IsListed = true }, item,
                unreadable, locked);
        }

        var version = PipelineObject.Text(source, "Version") ?? PipelineObject.Text(source, "CacheVersion");
        return new PluginInput(
            new PluginReference
            {
                Name = plugin.Plugin,
                Marketplace = plugin.Marketplace,
                Version = version is not null && PluginVersion.TryParse(version, out var known, out _) ? known : null,
                CatalogPath = PipelineObject.Text(source, "CatalogPath"),
                TreeHash = DigestOf(source),
                IsListed = true,
                CodexHome = PipelineObject.Text(source, "CodexHome"),
                ComputerName = PipelineObject.Text(source, "ComputerName"),
            },
            item,
            null);
    }

    // What was reviewed or approved is demanded. What tells of an installed plugin tells what is there, not what is wanted.
    private static string? DigestOf(PSObject source) =>
        PipelineObject.Text(source, "ToTreeHash")
        ?? (InstalledProperties.Any(property => source.Properties[property] is not null) ? null : PipelineObject.Text(source, "TreeHash"));

    private static PluginInput Foreign(object? item) =>
        new(null, item, $"{PipelineObject.Describe(item)} is not a plugin. "
            + $"{Remedy.Do($"Pipe the output of {Operation.FindPlugin} or {Operation.ListInstalled}, "
                + $"an object with Name and Marketplace or with Id, or a string plugin@marketplace.")}");
}
