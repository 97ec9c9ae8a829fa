using System.Text;
using PluginMarket.Files;
using PluginMarket.TestKit;
using PluginMarket.Validation;
using Xunit;

namespace PluginMarket.Core.Tests.Validation;

/// <summary>Whatever a file holds, a check ends with findings or a typed failure. PLUGINMARKET_EXHAUSTIVE=1
/// tries a hundred thousand files.</summary>
[Trait("Category", "Slow")]
public sealed class HostileFileTests(ITestOutputHelper output) : IDisposable
{
    private static readonly int FilesOfSeed = Environment.GetEnvironmentVariable("PLUGINMARKET_EXHAUSTIVE") == "1" ? 10_000 : 120;
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>Ten seeds, so that whoever watches a slow run sees it go on.</summary>
    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(20263, 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task No_file_gives_an_exception(int seed)
    {
        // Small caps, so that small files pass them.
        var environment = _scratch.Environment(limits: Limits.Default with
        {
            ManifestBytes = 20_000,
            CatalogBytes = 20_000,
            JsonDepth = 32,
            JsonStringBytes = 4096,
            JsonTokens = 5000,
            CatalogEntries = 50,
        });
        var validator = new Validator(environment);
        var random = new Random(seed);
        var samples = Samples();
        foreach (var (path, content, catalog) in samples)
        {
            await File.WriteAllBytesAsync(Place(catalog, path), content);
        }

        var findings = 0;
        for (var i = 0; i < FilesOfSeed; i++)
        {
            var (path, bytes, catalog) = samples[random.Next(samples.Count)];
            var mutated = Mutate(random, bytes);
            await File.WriteAllBytesAsync(Place(catalog, path), mutated);

            try
            {
                var request = new ValidationRequest { Paths = [_scratch[catalog ? "catalog" : "plugin"]] };
                var listing = catalog ? await validator.CheckMarketplacesAsync(request) : validator.CheckPlugins(request);
                Assert.Empty(listing.Failures);
                var result = Assert.Single(listing.Results);
                findings += result.Diagnostics.Length;
                Assert.All(result.Diagnostics, finding => Assert.True(finding.Line is null
                    || (finding.Line >= 1 && finding.Column >= 1 && finding.EndLine >= finding.Line), finding.ToString()));
            }
            catch (Exception failure) when (failure is not PluginMarketException)
            {
                throw new InvalidOperationException($"File {i} of seed {seed} ({path}): {Convert.ToBase64String(mutated)}", failure);
            }

            await File.WriteAllBytesAsync(Place(catalog, path), bytes);
        }

        output.WriteLine($"{FilesOfSeed} files: {findings} findings");
        Assert.True(findings > FilesOfSeed / 2);
    }

    private string Place(bool catalog, string path)
    {
        var file = _scratch[$"{(catalog ? "catalog" : "plugin")}/{path}"];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }

    private static List<(string Path, byte[] Content, bool Catalog)> Samples() =>
    [
        (".codex-plugin/plugin.json",
            """{"name":"kit","version":"1.0.0","description":"d","keywords":["a"],"skills":"./skills","interface":{"displayName":"K","logo":"./a.png","screenshots":["./b.png"],"defaultPrompt":["x","y"]},"author":{"name":"A"}}"""u8.ToArray(),
            false),
        (".mcp.json",
            """{"mcpServers":{"a":{"command":"npx","args":["-y","x"],"env":{"A":"b"}},"b":{"url":"https://x/y","headers":{"c":"d"},"oauth":{"clientId":"x","callbackPort":1}}}}"""u8.ToArray(),
            false),
        (".app.json", """{"apps":{"m":{"id":"connector_1","category":"Mail"}}}"""u8.ToArray(), false),
        ("hooks/hooks.json",
            """{"description":"d","hooks":{"PreToolUse":[{"matcher":"Bash|Edit","hooks":[{"type":"command","command":"${PLUGIN_ROOT}/x.sh","timeout":5}]}],"SessionEnd":[{"hooks":[{"type":"prompt","prompt":"p"}]}]}}"""u8.ToArray(),
            false),
        ("skills/hello/SKILL.md",
            "---\nname: hello\ndescription: \"Says: hello\"\nmetadata:\n  short-description: x\n---\nSay hello.\n"u8.ToArray(), false),
        ("skills/hello/agents/openai.yaml",
            "interface:\n  display_name: Hello\npolicy:\n  allow_implicit_invocation: true\n  products: [CODEX]\n"u8.ToArray(), false),
        ("commands/go.md", "---\ndescription: Goes.\n---\nGo there.\n"u8.ToArray(), false),
        (".agents/plugins/marketplace.json",
            """{"name":"corp","interface":{"displayName":"C"},"plugins":[{"name":"a","source":"./a","policy":{"installation":"AVAILABLE","authentication":"ON_USE","products":["CODEX"]},"category":"T"},{"name":"b","source":{"source":"git-subdir","url":"https://x/y.git","path":"z","ref":"main","sha":"0123"}},{"name":"c","source":{"source":"npm","package":"@a/b","version":"1"}}]}"""u8.ToArray(), true),
    ];

    private static byte[] Mutate(Random random, byte[] original)
    {
        var bytes = original.ToList();
        for (var times = 1 + random.Next(4); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(14))
            {
                case 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 1:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 2 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(random.Next(8) switch
                    {
                        0 => "\\ud800",
                        1 => "\\udc00\\ud800",
                        2 => "\\u0000",
                        3 => "\\u202e",
                        4 => "\\uFFFE",
                        5 => "\\x",
                        6 => "\\",
                        _ => "\\ud83d\\ude00",
                    }));
                    break;
                case 4:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(
                        string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "[" : "{\"a\":", random.Next(1, 80)))));
                    break;
                case 5:
                    bytes.InsertRange(0, random.Next(4) switch
                    {
                        0 => [0xEF, 0xBB, 0xBF],
                        1 => [0xFF, 0xFE],
                        2 => [0xFE, 0xFF],
                        _ => new byte[] { 0, 0, 0xFE, 0xFF },
                    });
                    break;
                case 6:
                    bytes = [.. (random.Next(3) switch { 0 => Encoding.Unicode, 1 => Encoding.UTF32, _ => Encoding.Latin1 }).GetBytes(
                        Encoding.UTF8.GetString([.. bytes]))];
                    break;
                case 7:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)"x \n\t\0-"[random.Next(6)], random.Next(1, 6000)));
                    break;
                case 8:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 9:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(random.Next(9) switch
                    {
                        0 => "null",
                        1 => "true",
                        2 => "-0",
                        3 => "1e999",
                        4 => new string('9', 400),
                        5 => "[]",
                        6 => "{}",
                        7 => "\"\"",
                        _ => "1E-7",
                    }));
                    break;
                case 10:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(random.Next(6) switch
                    {
                        0 => "\u200b",
                        1 => "\u202e",
                        2 => "\U000E0041",
                        3 => "é😀",
                        4 => "\u001b[2K",
                        _ => "\uFEFF",
                    }));
                    break;
                case 11:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(random.Next(8) switch
                    {
                        0 => "---\n",
                        1 => "*a",
                        2 => "&a ",
                        3 => "!!binary ",
                        4 => ": ",
                        5 => "? ",
                        6 => "%YAML 9.9\n",
                        _ => "|\n",
                    }));
                    break;
                case 12:
                    bytes = [.. Encoding.UTF8.GetBytes(SwapValue(random, Encoding.UTF8.GetString([.. bytes])))];
                    break;
                default:
                    bytes.InsertRange(at, [(byte)random.Next(0x80, 0x100), (byte)random.Next(0x80, 0xC0)]);
                    break;
            }
        }

        return [.. bytes];
    }

    // One of the values of the text by another kind of value.
    private static string SwapValue(Random random, string text)
    {
        var starts = Enumerable.Range(0, text.Length).Where(i => text[i] == ':' && i + 1 < text.Length).ToList();
        if (starts.Count == 0)
        {
            return text;
        }

        var at = starts[random.Next(starts.Count)] + 1;
        var end = text.IndexOfAny([',', '}', ']', '\n'], at);
        return text[..at] + random.Next(7) switch { 0 => "null", 1 => "5", 2 => "[]", 3 => "{}", 4 => "\"../x\"", 5 => "[[]]", _ => "true" }
            + (end < 0 ? "" : text[end..]);
    }
}
