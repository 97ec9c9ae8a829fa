using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PluginMarket.TestKit;
using PluginMarket.Toml;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Slow")]
public sealed class TomlPropertyTests
{
    private const int Seed = 4711;
    private const int Documents = 3000;
    private const int Judged = 400;

    private static readonly string[] Target = ["plugins", TomlDocuments.Target];
    private static readonly string[] SparsePaths = ["a\\", "\t"];
    private static readonly string[] Market = ["marketplaces", "new-market"];

    [Fact]
    public void Removing_a_table_removes_its_bytes_alone()
    {
        var documents = new TomlDocuments(new Random(Seed));
        for (var round = 0; round < Documents; round++)
        {
            var document = documents.Next();
            var edited = Parse(document.Bytes, round).RemoveTable(Target);

            Equal(document.Without, edited.Bytes.Span, round);
        }
    }

    /// <summary>An edited file reuses what is known of the tables that stayed: what it knows must be what reading
    /// its bytes from the start gives.</summary>
    [Fact]
    public void An_edited_file_knows_what_reading_it_again_says()
    {
        var documents = new TomlDocuments(new Random(Seed + 7));
        var order = new Random(Seed + 8);
        for (var round = 0; round < Documents; round++)
        {
            var edited = Parse(WithAnotherEnd(documents.Next().Bytes, round), round);
            for (var step = 0; step < 6; step++)
            {
                edited = order.Next(5) switch
                {
                    0 => edited.RemoveTable(Target),
                    1 => edited.SetTable(Target, [new("enabled", order.Next(2) == 0)]),
                    2 => edited.SetTable(["plugins", $"p{order.Next(3)}@m"], [new("enabled", order.Next(2) == 0)]),
                    3 => edited.RemoveTable(["plugins", $"p{order.Next(3)}@m"]),
                    _ => edited.SetTable(Market,
                        [new("source_type", "git"), new("ref", order.Next(2) == 0 ? null : "main"), new("sparse_paths", SparsePaths)]),
                };
                var read = Parse(edited.Bytes.ToArray(), round);
                Assert.True(TomlFile.Same(read.Root, edited.Root), $"round {round}, step {step}: the values differ");
                Assert.Equal(Places(read.Layout), Places(edited.Layout));
            }
        }
    }

    /// <summary>A file of thousands of tables is not worked out again for one more.</summary>
    [Fact]
    public void A_table_that_is_added_leaves_the_others_as_they_are()
    {
        var before = Parse(Encoding.UTF8.GetBytes("[marketplaces.mk]\nsource_type = \"local\"\n\n[plugins.\"a@mk\"]\nenabled = true\n"), 0);
        var after = before.SetTable(["plugins", "b@mk"], [new("enabled", true)]);

        Assert.Same(before.Root["marketplaces"], after.Root["marketplaces"]);
        Assert.Same(before.Root.Table("plugins")!["a@mk"], after.Root.Table("plugins")!["a@mk"]);
        Assert.False(before.Root.Table("plugins")!.ContainsKey("b@mk"));
        Assert.Same(after, before.SetTable(["plugins", "b@mk"], [new("enabled", true)]));
    }

    private static IEnumerable<string> Places(TomlLayout layout) =>
        layout.Headers.Select(
            header => $"[{string.Join('.', header.Path)}] {header.Start} {header.ContentEnd} {header.Indent.Length} {header.IsArray}")
            .Concat(layout.Entries.Select(entry => $"{string.Join('.', entry.Path)} {entry.KeyStart} {string.Join(' ',
                entry.KeyEnds)} {entry.ValueStart} {entry.ValueEnd} {entry.IsInline}"));

    [Fact]
    public void Setting_a_value_keeps_all_bytes_around_it()
    {
        var documents = new TomlDocuments(new Random(Seed + 1));
        for (var round = 0; round < Documents; round++)
        {
            var document = documents.Next();
            var before = document.Bytes;
            var enabled = round % 2 == 0;
            var after = Parse(before, round).SetTable(Target, [new("enabled", enabled)]).Bytes.Span;

            var start = before.AsSpan().CommonPrefixLength(after);
            var change = Encoding.UTF8.GetString(after[start..(after.Length - CommonSuffix(before.AsSpan(start), after[start..]))])
                .ReplaceLineEndings("\n").Trim('\n');
            var allowed = document.Form is TomlDocuments.Form.Absent or TomlDocuments.Form.SubTableAlone
                ? $"[plugins.\"target@market\"]\nenabled = {(enabled ? "true" : "false")}"
                : "true false";
            Assert.True(
                allowed.Contains(change, StringComparison.Ordinal),
                $"seed {Seed + 1}, round {round}: {change}");
            if (document.Form is TomlDocuments.Form.Absent or TomlDocuments.Form.SubTableAlone)
            {
                Assert.True(Encoding.UTF8.GetString(before[start..]).Split('\n').All(line => line.Trim() is "" or ['#', ..]),
                    $"seed {Seed + 1}, round {round}: the table is not added after the last key");
            }
        }
    }

    [Fact]
    public void Removing_what_was_added_leaves_the_bytes_that_stood_before()
    {
        var documents = new TomlDocuments(new Random(Seed + 2));
        string[] second = ["plugins", "second@new-market"];
        for (var round = 0; round < Documents; round++)
        {
            var before = WithAnotherEnd(documents.Next().Bytes, round);
            var market = Parse(before, round).SetTable(Market,
                [new("source_type", "git"), new("source", $"https://host/{round}\"\n[x]\n")]);
            Equal(before, market.RemoveTable(Market).Bytes.Span, round);

            TomlFile both;
            try
            {
                both = market.SetTable(second, [new("enabled", true)]);
            }
            catch (PluginMarketException refusal) when (refusal.Code == MarketErrorCode.ConfigFormUnsupported)
            {
                continue;
            }

            Equal(before, both.RemoveTable(second).RemoveTable(Market).Bytes.Span, round);
            Equal(before, both.RemoveTable(Market).RemoveTable(second).Bytes.Span, round);
        }
    }

    [Fact]
    public void Mutated_bytes_never_surface_as_another_exception_and_edits_of_them_stay_true()
    {
        var random = new Random(Seed + 3);
        var documents = new TomlDocuments(random);
        byte[] spice = [(byte)'"', (byte)'\'', (byte)'[', (byte)']', (byte)'{', (byte)'}', (byte)'=', (byte)'.', (byte)'#', (byte)'\\', 10,
            13, 0, 0x80, 0xC3, 0xFF];
        var (valid, edited) = (0, 0);
        for (var round = 0; round < Documents; round++)
        {
            var bytes = documents.Next().Bytes.ToList();
            for (var change = random.Next(1, 4); change > 0 && bytes.Count > 0; change--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(3))
                {
                    case 0: bytes.Insert(at, spice[random.Next(spice.Length)]); break;
                    case 1: bytes.RemoveAt(at); break;
                    default: bytes[at] = spice[random.Next(spice.Length)]; break;
                }
            }

            try
            {
                var file = TomlFile.Parse([.. bytes], "c.toml");
                valid++;
                var after = file.SetTable(Target, [new("enabled", true)]);
                Assert.True(after.Root.Table("plugins")?.Table(TomlDocuments.Target)?.Flag("enabled"), $"seed {Seed + 3}, round {round}");
                Assert.Null(after.RemoveTable(Target).Root.Table("plugins")?.Table(TomlDocuments.Target));
                edited++;
            }
            catch (PluginMarketException error)
            {
                Assert.True(error.Code is MarketErrorCode.ConfigInvalid or MarketErrorCode.ConfigFormUnsupported && error.Line >= 1,
                    $"seed {Seed + 3}, round {round}: {error.Code}");
            }
        }

        Assert.InRange(valid, Documents / 20, Documents);
        Assert.InRange(edited, Documents / 20, valid);
    }

    [Fact]
    public void An_independent_parser_reads_the_same_values_before_and_after()
    {
        using var folder = new ScratchFolder();
        var ours = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        var documents = new TomlDocuments(new Random(Seed + 4));
        for (var round = 0; round < Judged; round++)
        {
            var before = Parse(documents.Next().Bytes, round);
            Keep($"{round}-0.toml", before);
            Keep($"{round}-1.toml", before.SetTable(Target, [new("enabled", round % 2 == 0)]));
            Keep($"{round}-2.toml", before.RemoveTable(Target));
            Keep($"{round}-3.toml", before.SetTable(Market,
                [new("source_type", "local"), new("source", $"C:\\é😀\u0001\"'{round}\n[z]"), new("sparse_paths", SparsePaths)]));
        }

        var theirs = ReadWithPython(folder);
        foreach (var (name, expected) in ours)
        {
            Assert.True(theirs.TryGetValue(name, out var actual), name);
            Assert.True(JsonNode.DeepEquals(expected, actual),
                $"seed {Seed + 4}, {name}\nours:   {expected.ToJsonString()}\ntheirs: {actual?.ToJsonString()}");
        }

        void Keep(string name, TomlFile file)
        {
            folder.Write(name, file.HadBom ? file.Bytes.ToArray()[3..] : file.Bytes.ToArray());
            ours[name] = Node(file.Root);
        }
    }

    private static Dictionary<string, JsonNode?> ReadWithPython(ScratchFolder folder)
    {
        const string Program = """
            import sys
            if sys.version_info < (3, 11): sys.exit(77)
            import datetime, json, os, tomllib
            def node(v):
                if isinstance(v, dict): return {k: node(x) for k, x in v.items()}
                if isinstance(v, list): return [node(x) for x in v]
                if isinstance(v, bool): return "b:" + str(v).lower()
                if isinstance(v, int): return "i:" + str(v)
                if isinstance(v, float): return "f:" + repr(v)
                if isinstance(v, str): return "s:" + v
                return "d"
            for name in sorted(os.listdir(sys.argv[1])):
                with open(os.path.join(sys.argv[1], name), "rb") as f:
                    print(name, json.dumps(node(tomllib.load(f))))
            """;
        var start = new ProcessStartInfo("python3")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var argument in new[] { "-I", "-c", Program, folder.Path })
        {
            start.ArgumentList.Add(argument);
        }

        Process? process = null;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("python3 is not there: the values are not compared with tomllib's");
        }

        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.SkipWhen(process.ExitCode == 77, "python3 is older than 3.11 and has no tomllib: the values are not compared");
            Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2))
                .ToDictionary(parts => parts[0], parts => JsonNode.Parse(parts[1]), StringComparer.Ordinal);
        }
    }

    private static JsonNode Node(object value) => value switch
    {
        TomlTable table => new JsonObject(table.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Node(pair.Value)))),
        // tomllib reads every line break as a line feed, which TOML leaves to the reader.
        string text => JsonValueOf("s:" + text.Replace("\r\n", "\n", StringComparison.Ordinal)),
        bool flag => JsonValueOf(flag ? "b:true" : "b:false"),
        long number => JsonValueOf("i:" + number.ToString(CultureInfo.InvariantCulture)),
        double number => JsonValueOf("f:" + (double.IsInfinity(number) ? "inf" : number.ToString("0.0##", CultureInfo.InvariantCulture))),
        TomlDate => JsonValueOf("d"),
        IReadOnlyList<object> list => new JsonArray([.. list.Select(Node)]),
        _ => throw new InvalidOperationException(value.GetType().Name),
    };

    private static JsonNode JsonValueOf(string text) => JsonSerializer.SerializeToNode(text)!;

    private static TomlFile Parse(byte[] bytes, int round)
    {
        try
        {
            return TomlFile.Parse(bytes, "c.toml");
        }
        catch (PluginMarketException error)
        {
            throw new InvalidOperationException($"round {round}: {error.Message}\n{Encoding.UTF8.GetString(bytes)}", error);
        }
    }

    /// <summary>Ends as people leave them: as generated, without the last line break, with blank lines, with white space,
    /// with a comment, or nothing at all.</summary>
    private static byte[] WithAnotherEnd(byte[] bytes, int round) => (round % 7) switch
    {
        0 or 1 => bytes,
        2 => bytes is [.. var most, (byte)'\r', (byte)'\n'] ? most : bytes is [.. var rest, (byte)'\n'] ? rest : bytes,
        3 => [.. bytes, .. "\n\n"u8],
        4 => [.. bytes, .. " \t"u8],
        5 => [.. bytes, .. "# end"u8],
        _ => round % 2 == 0 ? [] : " \n\r\n"u8.ToArray(),
    };

    private static void Equal(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, int round)
    {
        if (!expected.SequenceEqual(actual))
        {
            Assert.Fail($"seed {Seed}, round {round}\n--- expected\n{Encoding.UTF8.GetString(expected)}\n--- "
                + $"actual\n{Encoding.UTF8.GetString(actual)}");
        }
    }

    private static int CommonSuffix(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var length = 0;
        while (length < Math.Min(one.Length, other.Length) && one[^(length + 1)] == other[^(length + 1)])
        {
            length++;
        }

        return length;
    }
}
