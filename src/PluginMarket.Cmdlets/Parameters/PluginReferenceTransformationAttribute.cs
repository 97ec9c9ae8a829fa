namespace PluginMarket.Cmdlets.Parameters;

/// <summary>Makes references of whatever names a plugin: our types, their deserialized and selected forms, hand-made
/// objects, texts, and arrays of these.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PluginReferenceTransformationAttribute : GuardedTransformationAttribute
{
    private protected override object Read(object? argument) =>
        PipelineObject.Items(argument).Select(PluginInput.From).ToArray();

    private protected override object Carry(PluginMarketException failure) => new[] { PluginInput.Of(failure) };
}
