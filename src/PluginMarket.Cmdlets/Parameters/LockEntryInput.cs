using System.Collections;
using System.Management.Automation;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>A lock file's entry, live, deserialized, or read from JSON or CliXml: everything that tells its
/// bytes is read, or it is refused.</summary>
internal static class LockEntryInput
{
    private const string TypeName = "PluginMarket.PluginLockEntry";

    /// <summary>Whether the object is one, by its type or, where that was lost, by its properties.</summary>
    public static bool Is(PSObject source) =>
        PipelineObject.Is(source, TypeName)
        || (PipelineObject.Text(source, "LockFile") is not null && PipelineObject.Text(source, "TreeHash") is not null
            && source.Properties["IsIntact"] is null);

    /// <summary>Reads the entry.</summary>
    /// <param name="source">The object.</param>
    /// <param name="plugin">Its id.</param>
    /// <param name="finding">What it lacks, where the result is null.</param>
    public static PluginLockEntry? Read(PSObject source, PluginId plugin, out Message? finding)
    {
        finding = null;
        if (source.BaseObject is PluginLockEntry live)
        {
            return live;
        }

        if (PipelineObject.Text(source, "SourceType") is { } type && PipelineObject.Text(source, "Source") is { } location
            && PipelineObject.Text(source, "TreeHash") is { } digest)
        {
            return new PluginLockEntry
            {
                Name = plugin.Plugin.Value,
                Marketplace = plugin.Marketplace.Value,
                Version = PipelineObject.Text(source, "Version"),
                SourceType = type,
                Source = location,
                SourcePath = PipelineObject.Text(source, "SourcePath"),
                Commit = PipelineObject.Text(source, "Commit"),
                PackageVersion = PipelineObject.Text(source, "PackageVersion"),
                Integrity = PipelineObject.Text(source, "Integrity"),
                Registry = PipelineObject.Text(source, "Registry"),
                TreeHash = digest,
                ExecutableFiles = Texts(source, "ExecutableFiles"),
                Capabilities = [.. Objects(source, "Capabilities").Select(ReadCapability)],
                GeneratedManifest = PipelineObject.Text(source, "GeneratedManifest"),
                LockFile = PipelineObject.Text(source, "LockFile") ?? "",
            };
        }

        finding = $"The entry of '{plugin}' does not say where its bytes come from. "
            + $"{Remedy.Do($"Pipe the output of {Operation.ListLockFile}, with SourceType, Source and TreeHash.")}";
        return null;
    }

    private static Capability ReadCapability(PSObject source) => new()
    {
        Component = PipelineObject.Text(source, "Component") ?? "",
        Name = PipelineObject.Text(source, "Name") ?? "",
        File = PipelineObject.Text(source, "File") ?? "",
        Hash = PipelineObject.Text(source, "Hash") ?? "",
        Event = PipelineObject.Text(source, "Event"),
        Matcher = PipelineObject.Text(source, "Matcher"),
        Command = PipelineObject.Text(source, "Command"),
        Url = PipelineObject.Text(source, "Url"),
        Environment = Texts(source, "Environment"),
        Headers = Texts(source, "Headers"),
        Scripts = Texts(source, "Scripts"),
        IsActive = source.Properties["IsActive"]?.Value is not false,
    };

    private static string[] Texts(PSObject source, string property) =>
        [.. Items(source, property).Select(PipelineObject.Unwrap).OfType<string>()];

    private static IEnumerable<PSObject> Objects(PSObject source, string property) =>
        Items(source, property).OfType<object>().Select(PSObject.AsPSObject);

    private static IEnumerable<object?> Items(PSObject source, string property) =>
        PipelineObject.Unwrap(source.Properties[property]?.Value) switch
        {
            null => [],
            string { Length: > 0 } one => [one],
            string => [],
            IEnumerable items => items.Cast<object?>(),
            var other => [other],
        };
}
