using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary>Makes references of whatever names a marketplace: marketplaces, plugins (theirs is taken), deserialized and selected forms, names, and arrays of these.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MarketplaceReferenceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        PipelineObject.Items(inputData).Select(MarketplaceInput.From).ToArray();
}
