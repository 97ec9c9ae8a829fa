using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary>Makes references of whatever names a plugin: our types, their deserialized and selected forms, hand-made objects, texts, and arrays of these.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PluginReferenceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        PipelineObject.Items(inputData).Select(PluginInput.From).ToArray();
}
