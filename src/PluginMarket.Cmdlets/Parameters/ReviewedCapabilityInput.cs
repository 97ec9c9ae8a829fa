using System.Management.Automation;
using PluginMarket.Validation.Reports;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>What plugins can do and what changes in it, also by an update, live or deserialized from a job, a file or JSON.</summary>
internal static class ReviewedCapabilityInput
{
    private static readonly string[] Deeds = ["Event", "Matcher", "Command", "Url"];
    private static readonly string[] Changes = ["CapabilityChange", "ContentChange"];

    /// <summary>Reads a capability, a change of one, or the changes of an update; null for everything else.</summary>
    public static IReadOnlyList<ReviewedCapability>? TryReadAll(PSObject source)
    {
        if (source.Properties["CapabilityChange"] is null || source.Properties["ToTreeHash"] is null
            || PipelineObject.Text(source, "Id") is not { } id)
        {
            return TryRead(source, PipelineObject.Text(source, "Plugin")) is { } one ? [one] : null;
        }

        var changes = Changes
            .SelectMany(property => LanguagePrimitives.GetEnumerable(ValidationResultInput.Value(source, property))?.OfType<object>() ?? [])
            .Select(change => TryRead(PSObject.AsPSObject(change), id))
            .OfType<ReviewedCapability>()
            .ToList();
        return changes.Count > 0 ? changes : [Whole(source, id)];
    }

    // An update that changes nothing of what the plugin can do is one all the same.
    private static ReviewedCapability Whole(PSObject update, string id) => new()
    {
        Component = "Plugin",
        Name = id,
        Plugin = id,
        Change = PipelineObject.Text(update, "Change"),
        Risk = PipelineObject.Text(update, "Risk"),
        Detail = $"{PipelineObject.Text(update, "FromVersion") ?? "(none)"} -> {PipelineObject.Text(update, "ToVersion") ?? "(none)"}",
        File = "",
    };

    private static ReviewedCapability? TryRead(PSObject source, string? plugin)
    {
        var isChange = source.Properties["Change"] is not null && source.Properties["Risk"] is not null;
        if ((!isChange && source.Properties["Hash"] is null) || PipelineObject.Text(source, "Component") is not { } component
            || PipelineObject.Text(source, "Name") is not { } name)
        {
            return null;
        }

        return new ReviewedCapability
        {
            Component = component,
            Name = name,
            Plugin = plugin,
            Change = isChange ? PipelineObject.Text(source, "Change") : null,
            Risk = isChange ? PipelineObject.Text(source, "Risk") : null,
            Detail = isChange
                ? PipelineObject.Text(source, "Detail")
                : string.Join(' ',
                    Deeds.Select(property => PipelineObject.Text(source, property)).Where(text => !string.IsNullOrEmpty(text))),
            File = PipelineObject.Text(source, "File") ?? "",
            Line = ValidationResultInput.Number(source, "Line") ?? 0,
            HasHiddenText = ValidationResultInput.Value(source, "HasHiddenText") is true,
        };
    }
}
