namespace PluginMarket.Validation.Rules;

/// <summary>JSON and encoding.</summary>
internal static class JsonRules
{
    internal static readonly CheckRule[] All =
    [
        new("PM0101", Severity.Error, "The file is not JSON")
        {
            Why = "Codex reads strict JSON in UTF-8: no comments, no trailing commas, no empty file. "
                + "A manifest or catalog that is anything else is refused, another file is ignored as a whole.",
            Kinds = ["JsonInvalid"],
            Bad = SampleText.Files(".codex-plugin/plugin.json",
                "{\n  \"name\": \"demo\",\n  \"version\": \"1.0.0\",\n  // for people\n  \"description\": \"Shows things.\"\n}\n"),
            Good = SampleText.Manifest(),
        },
        new("PM0102", Severity.Error, "The file begins with a byte order mark")
        {
            Why = "Codex reads the mark as a wrong first character and refuses the manifest or catalog, or ignores the file. "
                + "Editors on Windows may write it by default.",
            Suggestion = "Save the file as UTF-8 without a byte order mark.",
            Kinds = ["ByteOrderMark"],
            Bad = SampleText.Files(".codex-plugin/plugin.json", "\uFEFF" + SampleText.ManifestText()),
            Good = SampleText.Manifest(),
        },
        new("PM0103", Severity.Error, "Duplicate key that Codex reads")
        {
            Why = "Codex refuses the manifest or catalog, or rejects the hooks or MCP file: it cannot tell which value is meant.",
            Kinds = ["KnownKeyTwice"],
            Bad = SampleText.Manifest("\"name\": \"demo2\""),
            Good = SampleText.Manifest(),
        },
        new("PM0104", Severity.Warning, "Duplicate key")
        {
            Why = "Codex uses one of the two without a message, and other readers may use the other: a review may see another value. "
                + "PluginMarket refuses to install such a plugin.",
            Kinds = ["KeyTwice"],
            Bad = SampleText.Manifest("\"license\": \"MIT\",\n  \"license\": \"Apache-2.0\""),
            Good = SampleText.Manifest("\"license\": \"MIT\""),
        },
        new("PM0105", Severity.Warning, "The file exceeds a limit")
        {
            Why = "PluginMarket refuses to install what is larger or nested deeper than its documented caps: 1 MiB for a manifest, "
                + "64 levels, 64 KiB for one text. Codex reads what is larger, and up to 127 levels (PM0109).",
            Kinds = ["JsonLimit"],
            Bad = SampleText.Manifest("\"x-deep\": " + new string('[', 70) + new string(']', 70)),
            Good = SampleText.Manifest("\"x-deep\": []"),
        },
        new("PM0106", Severity.Error, "The manifest is not an object")
        {
            Why = "Codex refuses a manifest that is a string, a number, true, false or null.",
            Kinds = ["ManifestShape"],
            Bad = SampleText.Files(".codex-plugin/plugin.json", "\"demo\"\n"),
            Good = SampleText.Manifest(),
        },
        new("PM0107", Severity.Warning, "The manifest is an array")
        {
            Why = "Codex reads the items as fields in an undocumented order. PluginMarket refuses to install such a plugin.",
            Kinds = ["ManifestArray"],
            Bad = SampleText.Files(".codex-plugin/plugin.json", "[\"demo\"]\n"),
            Good = SampleText.Manifest(),
        },
        new("PM0108", Severity.Warning, "A string or number that cannot be represented")
        {
            Why = "Half a surrogate pair is not a character, and some numbers are out of every range. "
                + "Codex accepts such numbers, and such texts in keys that it ignores (in others see PM0109). "
                + "PluginMarket refuses the file.",
            Kinds = ["JsonText"],
            Bad = SampleText.Manifest("\"license\": \"\\ud800\""),
            Good = SampleText.Manifest("\"license\": \"MIT\""),
        },
        new("PM0109", Severity.Error, "Text or nesting that Codex refuses")
        {
            Why = "Codex refuses a manifest or catalog with half a surrogate pair, or with more than 127 levels, in a key that it reads. "
                + "It reads all keys of a catalog's entry.",
            Kinds = ["JsonRefused"],
            Bad = SampleText.Manifest("\"keywords\": [\"\\ud800\"]"),
            Good = SampleText.Manifest("\"keywords\": [\"demo\"]"),
        },
    ];
}
