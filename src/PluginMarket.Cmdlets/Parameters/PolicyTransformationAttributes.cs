using System.Management.Automation;
using PluginMarket.Messages;
using PluginMarket.Policies;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>Takes both spellings of an installation policy: <c>NotAvailable</c> and <c>NOT_AVAILABLE</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InstallationPolicyTransformationAttribute : GuardedTransformationAttribute
{
    /// <summary>Whether the parameter takes one value only.</summary>
    public bool Single { get; set; }

    private protected override object Read(object? argument) =>
        PolicyText.Read<InstallationPolicy>(argument, Single, PolicySpelling.TryParse, PolicySpelling.ToFormat);
}

/// <summary>Takes both spellings of an authentication policy: <c>OnUse</c> and <c>ON_USE</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AuthenticationPolicyTransformationAttribute : GuardedTransformationAttribute
{
    /// <summary>Whether the parameter takes one value only.</summary>
    public bool Single { get; set; }

    private protected override object Read(object? argument) =>
        PolicyText.Read<AuthenticationPolicy>(argument, Single, PolicySpelling.TryParse, PolicySpelling.ToFormat);
}

/// <summary>Reads policy values from an argument.</summary>
internal static class PolicyText
{
    public delegate bool Reader<T>(string? text, out T value);

    public static object Read<T>(object? argument, bool single, Reader<T> read, Func<T, string> spell)
        where T : struct, Enum =>
        ReadAll(argument, read, spell) switch
        {
            [var only] when single => only,
            var several when single => throw new ArgumentTransformationMetadataException($"One value is taken here, not {several.Length}."),
            var all => all,
        };

    private static T[] ReadAll<T>(object? argument, Reader<T> read, Func<T, string> spell)
        where T : struct, Enum =>
        [.. PipelineObject.Items(argument).Select(item => PipelineObject.Unwrap(item) is T value || read($"{item}", out value)
            ? value
            : throw new ArgumentTransformationMetadataException(
                $"'{DisplayText.Escape($"{item}")}' is not one of {string.Join(", ", Enum.GetValues<T>().Select(spell))}."))];
}
