using System.Text;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Manifests;

/// <summary>One pass over one plugin: its tree, the findings so far, and how a file of it is read.</summary>
internal sealed class PluginPass
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly List<ManifestFinding> _warnings = [];
    private readonly List<ManifestRefusal> _refusals = [];
    private readonly List<ReaderFinding> _findings = [];
    private readonly Dictionary<string, JsonFile> _documents = new(StringComparer.Ordinal);
    private readonly string _displayRoot;

    internal PluginPass(FileTree tree, string displayRoot, Limits limits)
    {
        Tree = tree;
        Limits = limits;
        _displayRoot = displayRoot.TrimEnd('/');
    }

    internal FileTree Tree { get; }

    internal Limits Limits { get; }

    /// <summary>The manifest's path in the plugin: the file of what stands inline.</summary>
    internal string ManifestPath { get; set; } = "";

    /// <summary>The version as the manifest states it, trimmed, whether or not it can name a folder: Codex lists it.</summary>
    internal string? StatedVersion { get; set; }

    internal IReadOnlyList<ManifestFinding> Warnings => _warnings;

    internal bool HasHiddenText { get; private set; }

    internal string DisplayPath(string path) =>
        DisplayText.Escape(_displayRoot.Length == 0 ? path : path.Length == 0 ? _displayRoot : LocalPaths.Show(_displayRoot, path));

    /// <summary>Why Codex or a cap refuses the plugin, in the order found.</summary>
    internal IReadOnlyList<ManifestRefusal> Refusals => _refusals;

    /// <summary>Refusals and warnings once more, as the checks need them.</summary>
    internal IReadOnlyList<ReaderFinding> Findings => _findings;

    /// <summary>The JSON files that were read, by path.</summary>
    internal IReadOnlyDictionary<string, JsonFile> Documents => _documents;

    internal void Warn(string kind, string path, string message, string? finding = null)
    {
        _warnings.Add(new ManifestFinding { Kind = kind, File = DisplayPath(path), Message = DisplayText.Escape(message) });
        _findings.Add(new ReaderFinding(finding ?? kind, path, null, null, DisplayText.Escape(message)));
    }

    internal void Warn(string kind, string path, TextPosition position, string message, string? finding = null)
    {
        _warnings.Add(new ManifestFinding
        {
            Kind = kind,
            File = DisplayPath(path),
            Line = position.Line,
            Column = position.Column,
            Message = DisplayText.Escape(message),
        });
        _findings.Add(new ReaderFinding(finding ?? kind, path, position, null, DisplayText.Escape(message)));
    }

    internal void Warn(string kind, JsonValue value, string message, string? finding = null, bool atKey = false,
        string? suggestion = null)
    {
        var position = value.Position;
        _warnings.Add(new ManifestFinding
        {
            Kind = kind,
            File = value.File.DisplayPath,
            Line = position.Line,
            Column = position.Column,
            JsonPointer = DisplayText.Escape(value.Pointer),
            Message = DisplayText.Escape(message),
        });
        _findings.Add(new ReaderFinding(finding ?? kind, PathOf(value.File), atKey ? value.KeyPosition : position,
            value.Pointer, DisplayText.Escape(message))
        { Suggestion = suggestion });
    }

    /// <summary>Records why the plugin is refused; reading goes on, so that every reason is told.</summary>
    internal ManifestRefusal NoteRefusal(string kind, JsonValue value, string message)
    {
        var position = value.Position;
        return Add(kind, PathOf(value.File), position, value.Pointer, new ManifestRefusal
        {
            Message = DisplayText.Escape(message),
            File = value.File.DisplayPath,
            Line = position.Line,
            Column = position.Column,
            JsonPointer = DisplayText.Escape(value.Pointer),
        });
    }

    /// <summary>Records why the plugin is refused and ends the reading: without this file there is nothing to go on with.</summary>
    internal RefusedManifestException Refuse(string kind, string path, string message,
        MarketErrorCode code = MarketErrorCode.ManifestInvalid) =>
            new(Add(kind, path, null, null,
                new ManifestRefusal { Code = code, Message = DisplayText.Escape(message), File = DisplayPath(path) }));

    internal RefusedManifestException Refuse(PluginMarketException failure, string path) =>
        Refuse(failure, path, JsonRefusal.KindOf(failure));

    /// <summary>Refuses a manifest that is not read within our bounds, and gives what the rest of it can be checked by.</summary>
    /// <exception cref="RefusedManifestException">The text is not JSON.</exception>
    internal byte[] RefuseText(PluginMarketException failure, string path, byte[] content)
    {
        var outcome = JsonRefusal.Judge(failure, content, Limits, TypedManifestKeys.Shape);
        var refused = Refuse(failure, path, outcome.Kind);
        return outcome.Relieved ?? throw refused;
    }

    private RefusedManifestException Refuse(PluginMarketException failure, string path, string kind) =>
        new(Add(kind, path, TextPosition.Of(failure), null, new ManifestRefusal
        {
            Code = failure.Code == MarketErrorCode.LimitExceeded ? failure.Code : MarketErrorCode.ManifestInvalid,
            Message = WithoutPlace(failure),
            File = failure.File ?? DisplayPath(path),
            Line = failure.Line,
            Column = failure.Column,
        }));

    internal void Remember(string path, JsonFile json) => _documents[path] = json;

    internal void RefuseBom(JsonFile json, string path)
    {
        if (json.HadBom)
        {
            Add("ByteOrderMark", path, FirstPlace, null, new ManifestRefusal
            {
                Message = "The manifest begins with a byte order mark, which Codex refuses. "
                    + "Save the file as UTF-8 without a byte order mark.",
                File = json.DisplayPath,
                Line = 1,
                Column = 1,
            });
        }
    }

    private static readonly TextPosition FirstPlace = new(1, 1, 1, 1);

    private ManifestRefusal Add(string kind, string path, TextPosition? position, string? pointer, ManifestRefusal refusal)
    {
        _refusals.Add(refusal);
        _findings.Add(new ReaderFinding(kind, path, position, pointer, refusal.Message));
        return refusal;
    }

    private string PathOf(JsonFile file) =>
        _documents.FirstOrDefault(document => ReferenceEquals(document.Value, file)).Key ?? ManifestPath;

    // The place is told apart from the message; saying it twice makes the line unreadable.
    private static string WithoutPlace(PluginMarketException failure)
    {
        var place = failure.File is { } file && failure.Statement.StartsWith(file + "(", StringComparison.Ordinal)
            ? failure.Statement.IndexOf("): ", file.Length, StringComparison.Ordinal) : -1;
        return place < 0 ? failure.Statement : failure.Statement[(place + 3)..];
    }

    /// <summary>The bytes of a file; a file over the cap refuses the plugin, since Codex would read it.</summary>
    internal byte[] ReadBytes(TreeEntry file)
    {
        try
        {
            return Tree.ReadBytes(file, Limits.ManifestBytes);
        }
        catch (PluginMarketException failure)
        {
            throw Refuse(failure, file.Path);
        }
    }

    /// <summary>A companion file's JSON, or null with a warning where Codex cannot read it either.</summary>
    /// <remarks>What Codex reads and we do not (duplicate names, more depth than we allow) refuses the plugin: passing it
    /// over would hide what it brings.</remarks>
    internal JsonFile? ReadCompanion(TreeEntry file, string warningKind, Func<JsonDuplicate, bool>? isTyped = null)
    {
        var display = DisplayPath(file.Path);
        JsonFile json;
        try
        {
            json = JsonFile.Parse(ReadBytes(file), display, MarketErrorCode.ManifestInvalid, Limits, tolerateDuplicates: true);
        }
        catch (PluginMarketException failure) when (failure.Code != MarketErrorCode.LimitExceeded)
        {
            _warnings.Add(new ManifestFinding
            {
                Kind = warningKind,
                File = display,
                Line = failure.Line ?? 0,
                Column = failure.Column ?? 0,
                Message = $"Codex ignores this file: {WithoutPlace(failure)}",
            });
            _findings.Add(new ReaderFinding(JsonRefusal.KindOf(failure), file.Path, TextPosition.Of(failure), null,
                $"Codex ignores this file: {WithoutPlace(failure)}"));
            return null;
        }
        catch (PluginMarketException failure)
        {
            throw Refuse(failure, file.Path);
        }

        if (json.HadBom)
        {
            Warn(warningKind, file.Path, FirstPlace,
                "Codex ignores this file: it begins with a byte order mark. Save the file as UTF-8 without a byte order mark.",
                "ByteOrderMark");
            return null;
        }

        Remember(file.Path, json);
        RefuseDuplicates(json, isTyped ?? (static _ => false));
        NoteHiddenText(json.Root);
        return json;
    }

    internal void RefuseDuplicates(JsonFile json, Func<JsonDuplicate, bool> isTyped)
    {
        foreach (var duplicate in json.Root.DuplicateKeysWithin)
        {
            Add(isTyped(duplicate) ? "KnownKeyTwice" : "KeyTwice", PathOf(json), duplicate.Second,
                $"{duplicate.Pointer}/{duplicate.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1",
                    StringComparison.Ordinal)}", new ManifestRefusal
                    {
                        Message = $"The name \"{DisplayText.Escape(duplicate.Name)}\" is given twice in one object, "
                            + $"first in line {duplicate.First.Line}. Keep one of them.",
                        File = json.DisplayPath,
                        Line = duplicate.Second.Line,
                        Column = duplicate.Second.Column,
                        JsonPointer = DisplayText.Escape(duplicate.Pointer),
                    });
        }
    }

    /// <summary>A text file, or null where it is not UTF-8.</summary>
    internal string? ReadText(TreeEntry file)
    {
        try
        {
            return StrictUtf8.GetString(ReadBytes(file));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    internal bool NoteHiddenText(string? text)
    {
        var hidden = DisplayText.HasHiddenText(text);
        HasHiddenText |= hidden;
        return hidden;
    }

    internal void NoteHiddenText(JsonValue value) => HasHiddenText |= HiddenJson.IsIn(value);
}
