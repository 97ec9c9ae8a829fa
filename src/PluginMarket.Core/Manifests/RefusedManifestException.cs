namespace PluginMarket.Manifests;

/// <summary>Carries a <see cref="ManifestRefusal"/> out of the depth of reading; never leaves the reader.</summary>
internal sealed class RefusedManifestException(ManifestRefusal refusal) : Exception(refusal.Message)
{
    internal ManifestRefusal Refusal { get; } = refusal;
}
