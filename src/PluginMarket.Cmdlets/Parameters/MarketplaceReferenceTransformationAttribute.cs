namespace PluginMarket.Cmdlets.Parameters;

/// <summary>Makes references of whatever names a marketplace: marketplaces, plugins (theirs is taken), deserialized and selected
/// forms, names, and arrays of these.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MarketplaceReferenceTransformationAttribute : GuardedTransformationAttribute
{
    private protected override object Read(object? argument) =>
        PipelineObject.Items(argument).Select(MarketplaceInput.From).ToArray();

    private protected override object Carry(PluginMarketException failure) => new[] { MarketplaceInput.Of(failure) };
}
