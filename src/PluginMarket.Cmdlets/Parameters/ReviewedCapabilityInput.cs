using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary>What plugins can do and what changes in it, live or deserialized from a job, a file or JSON.</summary>
internal static class ReviewedCapabilityInput
{
    private static readonly string[] Deeds = ["Event", "Matcher", "Command", "Url"];

    /// <summary>Reads a capability or a change of one; null for everything else.</summary>
    public static ReviewedCapability? TryRead(PSObject source)
    {
        var isChange = source.Properties["Change"] is not null && source.Properties["Risk"] is not null;
        if ((!isChange && source.Properties["Hash"] is null) || PipelineObject.Text(source, "Component") is not { } component || PipelineObject.Text(source, "Name") is not { } name)
        {
            return null;
        }

        return new ReviewedCapability
        {
            Component = component,
            Name = name,
            Plugin = PipelineObject.Text(source, "Plugin"),
            Change = isChange ? PipelineObject.Text(source, "Change") : null,
            Risk = isChange ? PipelineObject.Text(source, "Risk") : null,
            Detail = isChange
                ? PipelineObject.Text(source, "Detail")
                : string.Join(' ', Deeds.Select(property => PipelineObject.Text(source, property)).Where(text => !string.IsNullOrEmpty(text))),
            File = PipelineObject.Text(source, "File") ?? "",
            Line = ValidationResultInput.Number(source, "Line") ?? 0,
            HasHiddenText = ValidationResultInput.Value(source, "HasHiddenText") is true,
        };
    }
}
