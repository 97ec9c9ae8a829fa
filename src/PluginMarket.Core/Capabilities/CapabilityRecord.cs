namespace PluginMarket;

/// <summary>What is written down of a capability, so that it can be told later whether it is still the same one.</summary>
/// <param name="Component">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="File">The file that defines it, relative to the plugin.</param>
/// <param name="Hash"><c>sha256:</c> and 64 hex digits over the definition and the files it runs.</param>
public sealed record CapabilityRecord(string Component, string Name, string File, string Hash)
{
    /// <summary>Records capabilities, sorted by kind, name, file and hash, so that equal ones give equal text.</summary>
    internal static IReadOnlyList<CapabilityRecord> Of(IEnumerable<Capability> capabilities) =>
    [
        .. capabilities.Select(capability => new CapabilityRecord(capability.Component, capability.Name, capability.File, capability.Hash))
            .OrderBy(record => record.Component, StringComparer.Ordinal)
            .ThenBy(record => record.Name, StringComparer.Ordinal)
            .ThenBy(record => record.File, StringComparer.Ordinal)
            .ThenBy(record => record.Hash, StringComparer.Ordinal),
    ];

    /// <summary>As much of the capability as was recorded: enough to compare by.</summary>
    internal Capability ToCapability() => new() { Component = Component, Name = Name, File = File, Hash = Hash };

    /// <summary>Component and name.</summary>
    public override string ToString() => $"{Component} {Name}";
}
