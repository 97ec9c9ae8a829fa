using System.Text;
using PluginMarket.Json;
using Xunit;
using Node = PluginMarket.Core.Tests.JsonDocuments.Node;

namespace PluginMarket.Core.Tests;

/// <summary>Edits of generated documents: a tidy file looks afterwards as its hand would have written it, and of any other no
/// byte outside the edit changes.</summary>
[Trait("Category", "Fast")]
public sealed class JsonEditorPropertyTests
{
    private const int Seed = 1907;
    private const int Rounds = 6000;

    [Fact]
    public void A_tidy_file_looks_as_if_its_own_hand_had_made_the_edit()
    {
        var random = new Random(Seed);
        var documents = new JsonDocuments(random);
        var edits = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var hand = JsonDocuments.Hands[round % JsonDocuments.Hands.Count];
            var before = documents.Next();
            if (before.Parts.Count == 0)
            {
                continue;
            }

            // What a hand does is only to be seen where it wrote something: a file of one line, and a first level of indentation.
            var file = JsonFile.Parse(hand.Write(before), "x", MarketErrorCode.CatalogUnreadable);
            var edit = Edit(random, before, documents.NextValue());
            if (hand.Newline is null && !Shows(before))
            {
                continue;
            }

            var after = edit.Apply(file);
            edits++;
            Assert.True(hand.Write(edit.After).AsSpan().SequenceEqual(after.Utf8.Span), $"round {round}, {edit.Pointer} "
                + $"of\n{Text(file)}\nexpected\n{Encoding.UTF8.GetString(hand.Write(edit.After))}\nfound\n{Text(after)}");
        }

        Assert.True(edits > Rounds / 2);
    }

    [Fact]
    public void Of_an_untidy_file_no_byte_outside_the_edit_changes()
    {
        var random = new Random(Seed + 1);
        var documents = new JsonDocuments(random);
        for (var round = 0; round < Rounds; round++)
        {
            var before = documents.Next();
            var file = JsonFile.Parse(documents.Untidy(before), "x", MarketErrorCode.CatalogUnreadable);
            var edit = Edit(random, before, documents.NextValue());
            var after = edit.Apply(file);
            var where = $"round {round}, {edit.Pointer} of\n{Text(file)}\nfound\n{Text(after)}";

            Assert.True(edit.After.Compact == after.Root.ToJson(), where);
            Assert.True(Surroundings(file, edit.Pointer, edit.Kind) is var (head, tail) && after.Utf8.Span.StartsWith(head)
                && after.Utf8.Span.EndsWith(tail) && after.Utf8.Length >= head.Length + tail.Length, where);
        }
    }

    private enum EditKind
    {
        Replace,
        Add,
        Append,
        Remove,
    }

    private sealed record PlannedEdit(EditKind Kind, string Pointer, string Json, Node After)
    {
        public JsonFile Apply(JsonFile file) => Kind switch
        {
            EditKind.Append => JsonEditor.Append(file, Pointer, Json),
            EditKind.Remove => JsonEditor.Remove(file, Pointer),
            _ => JsonEditor.Set(file, Pointer, Json),
        };
    }

    /// <summary>An edit at a random place, and the document after it.</summary>
    private static PlannedEdit Edit(Random random, Node node, Node value)
    {
        var inner = Enumerable.Range(0, node.Parts.Count).Where(i => node.Parts[i].Value.Kind is '{' or '[').ToList();
        if (inner.Count > 0 && random.Next(3) > 0)
        {
            var index = inner[random.Next(inner.Count)];
            var below = Edit(random, node.Parts[index].Value, value);
            return below with { Pointer = "/" + Step(node, index) + below.Pointer, After = With(node, index, below.After) };
        }

        var kind = (EditKind)random.Next(4);
        if (node.Parts.Count > 0 && kind is (EditKind.Replace or EditKind.Remove))
        {
            var index = random.Next(node.Parts.Count);
            return new PlannedEdit(kind, "/" + Step(node, index), value.Compact,
                kind == EditKind.Remove ? node with { Parts = [.. node.Parts.Where((_, i) => i != index)] } : With(node, index, value));
        }

        return node.Kind == '{'
            ? new PlannedEdit(EditKind.Add, "/added", value.Compact, node with { Parts = [.. node.Parts, ("added", value)] })
            : new PlannedEdit(EditKind.Append, "", value.Compact, node with { Parts = [.. node.Parts, ("", value)] });
    }

    private static Node With(Node node, int index, Node value) =>
        node with { Parts = [.. node.Parts.Select((part, i) => i == index ? (part.Name, value) : part)] };

    private static string Step(Node node, int index) => node.Kind == '['
        ? $"{index}"
        : JsonFile.Parse(Encoding.UTF8.GetBytes($"\"{node.Parts[index].Name}\""), "x", MarketErrorCode.CatalogUnreadable).Root.GetString()
            .Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>Whether a one-line text shows its hand's comma, colon and space inside both kinds of brackets.</summary>
    private static bool Shows(Node node) => Containers(node).Any(part => part.Kind == '{' && part.Parts.Count > 1)
        && Containers(node).Any(part => part.Kind == '[' && part.Parts.Count > 0);

    private static IEnumerable<Node> Containers(Node node) =>
        node.Kind is '{' or '[' ? node.Parts.SelectMany(part => Containers(part.Value)).Prepend(node) : [];

    /// <summary>The bytes that must stay before and after an edit: all but the value, the element with its comma and space, or
    /// the space in an empty container.</summary>
    private static (byte[] Head, byte[] Tail) Surroundings(JsonFile file, string pointer, EditKind kind)
    {
        var utf8 = file.Utf8.Span;
        var place = kind == EditKind.Add ? file.Root.Find(pointer[..pointer.LastIndexOf('/')])! : file.Root.Find(pointer)!;
        if (kind == EditKind.Replace)
        {
            return (utf8[..place.Start].ToArray(), utf8[place.End..].ToArray());
        }

        var parent = kind == EditKind.Remove ? file.Root.Find(pointer[..pointer.LastIndexOf('/')])! : place;
        var ends = parent.Kind == JsonKind.Object
            ? parent.Members.Select(member => member.Value.End).ToList() : [.. parent.Items.Select(item => item.End)];
        if (kind != EditKind.Remove)
        {
            return ends.Count == 0 ? (utf8[..(parent.Start + 1)].ToArray(), utf8[(parent.End - 1)..].ToArray())
                : (utf8[..ends[^1]].ToArray(), utf8[ends[^1]..].ToArray());
        }

        // Neighbours keep their bytes; which of the white space around the element goes with it is the editor's choice.
        var index = ends.IndexOf(place.End);
        var head = index == 0 ? parent.Start + 1 : ends[index - 1];
        var tail = place.End;
        while (index < ends.Count - 1 && utf8[tail] is (byte)',' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            tail++;
        }

        return (utf8[..head].ToArray(), utf8[(ends.Count == 1 ? parent.End - 1 : tail)..].ToArray());
    }

    private static string Text(JsonFile file) => Encoding.UTF8.GetString(file.Utf8.Span);
}
