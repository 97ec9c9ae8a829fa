using System.Collections;
using System.Management.Automation;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>Takes the source of a catalog entry as the format has it: a text, or a hashtable or object of texts.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SourceTextTransformationAttribute : GuardedTransformationAttribute
{
    private protected override object Read(object? argument) => PipelineObject.Unwrap(argument) switch
    {
        SourceText source => source,
        string path => SourceText.OfPath(path),
        IDictionary members =>
            SourceText.OfMembers(members.Cast<DictionaryEntry>().Select(member => Member($"{member.Key}", member.Value))),
        PSCustomObject => SourceText.OfMembers(((PSObject)argument!).Properties.Select(property => Member(property.Name, property.Value))),
        _ => throw new ArgumentTransformationMetadataException(
            "The source is a text './path', or a hashtable such as @{ source = 'url'; url = 'owner/repo' }."),
    };

    private static KeyValuePair<string, string> Member(string name, object? value) => PipelineObject.Unwrap(value) is string text
        ? new(name, text)
        : throw new ArgumentTransformationMetadataException($"'{DisplayText.Escape(name)}' of the source is not a text. Put it in quotes.");
}
