using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PluginMarket.Manifests;

/// <summary>Reads small YAML texts into <see cref="YamlNode"/>s. The only place that touches the YAML library, so that nothing
/// loads it before a skill is read.</summary>
internal static class YamlText
{
    private const int MostLevels = 64;

    /// <summary>The root of the one document, or null with the problem and its line.</summary>
    internal static YamlNode? Parse(string text, out string finding, out int line)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            finding = "it is empty";
            line = 1;
            if (parser.Accept<StreamEnd>(out _))
            {
                return null;
            }

            parser.Consume<DocumentStart>();
            var anchors = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
            var root = ReadNode(parser, anchors, 0);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
            {
                finding = "it contains more than one document";
                line = (int)parser.Current!.Start.Line;
                return null;
            }

            finding = "";
            return root;
        }
        catch (YamlException failure)
        {
            finding = YamlErrorText.Explain(failure.Message)
                + string.Create(CultureInfo.InvariantCulture, $" (column {failure.Start.Column})");
            line = (int)failure.Start.Line;
            return null;
        }
        // The library has no list of what else it throws over hostile text; whatever it is, the text is not YAML we can use.
#pragma warning disable CA1031
        catch (Exception failure) when (failure is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            finding = "it is not valid YAML";
            line = 1;
            return null;
        }
    }

    private static YamlNode ReadNode(IParser parser, Dictionary<string, YamlNode> anchors, int level)
    {
        if (level > MostLevels)
        {
            throw new YamlException(parser.Current!.Start, parser.Current.End, YamlErrorText.TooDeep);
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return anchors.GetValueOrDefault(alias.Value.Value)
                ?? throw new YamlException(alias.Start, alias.End, YamlErrorText.UnknownAnchor);
        }

        var opening = parser.Current as NodeEvent;
        YamlNode node;
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            node = new YamlNode
            {
                Text = scalar.Value,
                IsPlain = scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty,
                IsBlank = scalar is { Style: ScalarStyle.Plain, Value: "" },
                Line = (int)scalar.Start.Line,
            };
        }
        else if (parser.TryConsume<MappingStart>(out var mapping))
        {
            node = new YamlNode { Members = [], Line = (int)mapping.Start.Line };
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = ReadNode(parser, anchors, level + 1);
                node.HasCompoundKey |= key.Text is null;
                node.Members!.Add(new(key.Text ?? "", ReadNode(parser, anchors, level + 1)));
            }
        }
        else
        {
            var sequence = parser.Consume<SequenceStart>();
            node = new YamlNode { Items = [], Line = (int)sequence.Start.Line };
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                node.Items!.Add(ReadNode(parser, anchors, level + 1));
            }
        }

        if (opening is { Anchor.IsEmpty: false })
        {
            anchors[opening.Anchor.Value] = node;
        }

        return node;
    }
}
