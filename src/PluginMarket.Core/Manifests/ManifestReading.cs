using PluginMarket.Json;

namespace PluginMarket.Manifests;

/// <summary>The outcome of reading one plugin's manifest: exactly one of <see cref="Manifest"/> and <see cref="Refusal"/>.</summary>
internal sealed class ManifestReading
{
    /// <summary>The manifest Codex would load.</summary>
    public PluginManifest? Manifest { get; internal init; }

    /// <summary>Why Codex would refuse the plugin.</summary>
    public ManifestRefusal? Refusal { get; internal init; }

    /// <summary>What Codex ignores; also filled beside a refusal.</summary>
    public IReadOnlyList<ManifestFinding> Warnings { get; internal init; } = [];

    /// <summary>The version as the manifest states it, trimmed and escaped, also where it cannot name a folder and the plugin is
    /// refused; null where it states none.</summary>
    public string? StatedVersion { get; internal init; }

    /// <summary>The manifest that installing writes because the plugin has none (contract 1.8), else null.</summary>
    public GeneratedFile? GeneratedManifest { get; internal init; }

    /// <summary>All that was noticed, refusals and warnings, for the checks.</summary>
    internal IReadOnlyList<ReaderFinding> Findings { get; init; } = [];

    /// <summary>The JSON files that were read, by their path in the plugin.</summary>
    internal IReadOnlyDictionary<string, JsonFile> Documents { get; init; } =
        System.Collections.Immutable.ImmutableDictionary<string, JsonFile>.Empty;

    /// <summary>The manifest as far as it was read, also where it is refused; null where its text is not a JSON object.</summary>
    internal PluginManifest? Draft { get; init; }

    /// <summary>The manifest.</summary>
    /// <exception cref="PluginMarketException">ManifestInvalid, or LimitExceeded, where there is none.</exception>
    public PluginManifest GetManifest() => Manifest ?? throw Refusal!.ToException();
}
