using System.Text;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Manifests;

namespace PluginMarket.Validation;

/// <summary>One plugin under check: its files, each read once, and what the readers made of them.</summary>
internal sealed class PluginSubject
{
    private const long MostScanned = 1 << 20;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private List<TextFile>? _texts;

    internal PluginSubject(FileTree tree, string displayRoot, string defaultName, FallbackManifest? fallback, Limits limits,
        IReadOnlyList<LeftOutEntry>? notInTree = null)
    {
        NotInTree = notInTree ?? [];
        Tree = new ReadOnceTree(tree);
        Limits = limits;
        Reading = ManifestReader.Read(Tree, displayRoot, defaultName, fallback, limits);
        Manifest = Reading.Draft;
        ManifestPath = Manifest?.ManifestPath
            ?? Reading.Documents.Keys.FirstOrDefault(path => path.EndsWith("plugin.json", StringComparison.Ordinal)) ?? "";
        Root = Reading.GeneratedManifest is null && Reading.Documents.TryGetValue(ManifestPath, out var json)
            && json.Root.Kind == JsonKind.Object ? json.Root : null;
    }

    internal FileTree Tree { get; }

    /// <summary>What the plugin's source has and <see cref="Tree"/> does not.</summary>
    internal IReadOnlyList<LeftOutEntry> NotInTree { get; }

    internal Limits Limits { get; }

    internal ManifestReading Reading { get; }

    /// <summary>The manifest as far as it was read, also where Codex refuses it.</summary>
    internal PluginManifest? Manifest { get; }

    internal string ManifestPath { get; }

    /// <summary>The manifest's object in the plugin's own file, where it can be read.</summary>
    internal JsonValue? Root { get; }

    internal bool IsAgent => Manifest?.Dialect == "Agent";

    /// <summary>The manifest's <c>interface</c>, where the format has it.</summary>
    internal JsonValue? Interface => (IsAgent ? Extension : Root)?["interface"];

    // The overlay counts where the root manifest has no extension object.
    private JsonValue? Extension => Root?["extensions"]?[AgentExtension.Name] is { Kind: JsonKind.Object } extension
        ? extension : Reading.Documents.GetValueOrDefault(AgentExtension.OverlayFile)?.Root;

    /// <summary>The text files of a size that is worth a look; JSON that a reader took is there as such.</summary>
    internal IReadOnlyList<TextFile> Texts => _texts ??= [.. Tree.Files.Select(ReadText).OfType<TextFile>()];

    /// <summary>The file that a value was read from.</summary>
    internal string PathOf(JsonValue value) =>
        Reading.Documents.FirstOrDefault(document => ReferenceEquals(document.Value, value.File)).Key ?? ManifestPath;

    private TextFile? ReadText(TreeEntry file)
    {
        if (file.Length > MostScanned || file.Path.Contains("node_modules/", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            var bytes = Tree.ReadBytes(file, MostScanned);
            return bytes.AsSpan(0, Math.Min(bytes.Length, 4096)).Contains((byte)0)
                ? null : new TextFile(file.Path, Strict.GetString(bytes), Reading.Documents.GetValueOrDefault(file.Path));
        }
        catch (Exception failure) when (failure is DecoderFallbackException or IOException or UnauthorizedAccessException
            or PluginMarketException)
        {
            // What a reader must read, it has reported; the rest is not a text.
            return null;
        }
    }

    /// <summary>The same tree, with the bytes of small files kept for the rules that check them again.</summary>
    private sealed class ReadOnceTree(FileTree tree) : FileTree
    {
        private readonly Dictionary<string, byte[]> _content = new(StringComparer.Ordinal);

        public override IReadOnlyList<TreeEntry> Entries => tree.Entries;

        public override Stream Open(TreeEntry entry)
        {
            if (entry.Length > MostScanned)
            {
                return tree.Open(entry);
            }

            if (!_content.TryGetValue(entry.Path, out var content))
            {
                // One byte more than is kept, so that a file that grew is still seen to be too long.
                _content[entry.Path] = content = tree.ReadBytes(entry, MostScanned + 1);
            }

            return new MemoryStream(content, writable: false);
        }

        public override string ReadLink(TreeEntry entry) => tree.ReadLink(entry);
    }
}

/// <summary>One text file under check.</summary>
/// <param name="Path">The file.</param>
/// <param name="Text">Its text.</param>
/// <param name="Json">The same as JSON, where a reader took it as that.</param>
internal sealed record TextFile(string Path, string Text, JsonFile? Json);
