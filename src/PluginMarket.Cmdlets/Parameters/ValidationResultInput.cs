using System.Collections;
using System.Management.Automation;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>Results of checks, live or deserialized from a job, a file or JSON.</summary>
internal static class ValidationResultInput
{
    /// <summary>Reads a result.</summary>
    /// <exception cref="PluginMarketException">InputNotAResult.</exception>
    public static ValidationResult Read(PSObject source) =>
        source.BaseObject as ValidationResult ?? Rebuild(source) ?? throw new PluginMarketException(
            MarketErrorCode.InputNotAResult,
            $"{PipelineObject.Describe(source)} is not a result that can be reported. "
                + $"{Remedy.Do($"Pipe the output of {Operation.CheckManifest} or another command that checks, without -Quiet.")}");

    private static ValidationResult? Rebuild(PSObject source) =>
        PipelineObject.Text(source, "Path") is { } path && PipelineObject.Text(source, "Kind") is { } kind
        && Value(source, "IsValid") is bool isValid && source.Properties["Diagnostics"] is not null
            ? new ValidationResult
            {
                Kind = kind,
                Name = PipelineObject.Text(source, "Name"),
                Path = path,
                IsValid = isValid,
                ComputerName = PipelineObject.Text(source, "ComputerName") ?? "",
                Diagnostics = [.. Items(Value(source, "Diagnostics")).Select(ReadDiagnostic)],
            }
            : null;

    private static Diagnostic ReadDiagnostic(PSObject source) => source.BaseObject as Diagnostic ?? new Diagnostic(
        $"{PipelineObject.Text(source, "Message")}",
        PipelineObject.Text(source, "Suggestion") is { } suggestion ? (Message)$"{suggestion}" : null)
    {
        Severity = PipelineObject.Text(source, "Severity") ?? "Error",
        RuleId = PipelineObject.Text(source, "RuleId") ?? "",
        File = PipelineObject.Text(source, "File") ?? "",
        Line = Number(source, "Line"),
        Column = Number(source, "Column"),
        EndLine = Number(source, "EndLine"),
        EndColumn = Number(source, "EndColumn"),
        JsonPointer = Value(source, "JsonPointer") as string,
        HelpUri = PipelineObject.Text(source, "HelpUri") ?? "",
        PluginName = PipelineObject.Text(source, "PluginName"),
        Fingerprint = PipelineObject.Text(source, "Fingerprint") ?? "",
        IsAccepted = Value(source, "IsAccepted") is true,
    };

    private static IEnumerable<PSObject> Items(object? value) => value switch
    {
        null => [],
        string => [],
        IEnumerable items => items.Cast<object?>().OfType<object>().Select(PSObject.AsPSObject),
        _ => [PSObject.AsPSObject(value)],
    };

    internal static int? Number(PSObject source, string property) => Value(source, property) switch
    {
        int number => number,
        long number and >= int.MinValue and <= int.MaxValue => (int)number,
        _ => null,
    };

    internal static object? Value(PSObject source, string property)
    {
        try
        {
            return source.Properties[property]?.Value is PSObject { BaseObject: not PSCustomObject } wrapped
                ? wrapped.BaseObject : source.Properties[property]?.Value;
        }
        catch (ExtendedTypeSystemException)
        {
            // As in PipelineObject.Text.
            return null;
        }
    }
}
