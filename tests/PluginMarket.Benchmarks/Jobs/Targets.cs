namespace PluginMarket.Benchmarks.Jobs;

/// <summary>The table of targets, in the order of the page.</summary>
internal static class Targets
{
    public static IReadOnlyList<Target> All { get; } =
    [
        new("list-time", "list", "`list --available --json`, 10,000 local plugins", "Codex on the same home", Measure.Ratio, 0.5,
            "Half of the time is the kernel's: nine calls for each manifest, where Codex makes twelve. The rest is parsing 10,000 entries "
                + "and manifests with every check that Codex leaves out. An index of versions on the disk, valid by size, time and inode of "
                + "each manifest, would save the parsing and half of the calls."),
        new("list-memory", "list", "the same, peak memory", "Codex", Measure.Ratio, 1,
            "The answer is made as a whole before the first byte of it is written, so that a failure is never half an answer; each "
                + "entry is an object with its place in the file. A smaller heap would need entries that are read again when they are shown."),
        new("find-first", "find", "`Find-Plugin`, 10,000 local plugins, the first in a session", "Codex, whole process", Measure.Ratio, 0.4,
            "One manifest is read for each plugin, as Codex reads it, with every check that Codex leaves out, and .NET compiles some 250 "
                + "methods at the first call in a session. An index on the disk would save the reading."),
        new("find-later", "find", "the same again in the session", "Codex, whole process", Measure.Ratio, 0.1,
            "The folder and the manifest of each plugin are examined, two system calls, and an object is made of each: nothing else tells "
                + "that they are unchanged."),
        new("scale-exponent", "scale", "`list`, growth from 10,000 to 100,000 plugins", "ours", Measure.Exponent, 1.05,
            "What grows faster than the number is the collector's work on a larger heap, and the kernel's in larger folders."),
        new("scale-memory", "scale", "`list`, 100,000 plugins, peak memory", "–", Measure.Bytes, 1L << 30,
            "As for the memory of 10,000."),
        new("install-cp", "install", "install one plugin of 5,000 files, all syncs", "`cp -r`", Measure.Ratio, 2.5,
            "`cp -r` saves nothing to the disk; ours ends when the disk has it, and reads what was staged once more to hash and check it."),
        new("install-codex", "install", "install one plugin of 5,000 files, all syncs", "`codex plugin add`", Measure.Ratio, 0.6,
            "Codex saves nothing to the disk and hashes nothing. Most of the time is the kernel's: it makes 5,000 files, which several "
                + "threads do at once, and waits for the disk once."),
        new("all-codex", "all", "all plugins of `openai/plugins` in one pipeline", "loop of `codex plugin add`", Measure.Ratio, 0.1,
            "Codex starts once for each plugin and saves nothing to the disk; ours saves those that are staged together, and the history "
                + "and the record of each of them on their own."),
        new("all-cp", "all", "all plugins of `openai/plugins` in one pipeline", "`cp -r` of the same folders", Measure.Ratio, 1.5,
            "Each plugin is hashed, checked, recorded and saved to the disk on its own, with some twenty saves of files and folders, so that "
                + "a power cut between two of them loses neither; `cp -r` saves nothing. Saving several plugins at once before they get their "
                + "names would leave one wait for all of them."),
        new("all-again", "all", "the same again, unchanged", "our first run", Measure.Ratio, 0.1,
            "No byte is written and no source read: what is left is `Find-Plugin`, which reads every manifest and skill, a walk of both "
                + "folders of each plugin, and the manifest of the installed one for what the result says of it."),
        new("subdir-time", "subdir", "50 `git-subdir` plugins of one repository", "`codex plugin add` of each", Measure.Ratio, 0.05,
            "One fetch serves all of them, and those that are staged by then are saved together; what is left is the history and the record "
                + "of each, which are saved on their own so that a record never says more than the disk has."),
        new("subdir-fetches", "subdir", "the same, fetches", "–", Measure.Count, 1,
            "The server counts every answer with objects. Files of 128 KiB and more do not come with the listing; they need a second fetch."),
        new("home-time", "home", "install of 50 into a home with 2,000", "into an empty one", Measure.Ratio, 1.2,
            "What depends on the home is listing its cache once and writing a longer config.toml, once for each group of plugins."),
        new("git30", "git30", "30 unchanged git marketplaces, 50 ms delay each", "the slowest single one", Measure.Ratio, 2,
            "All 30 are asked at once, but each question is a git of its own with its helper, three starts of a program, which keep both "
                + "processors busy for as long as the servers wait. One program that asks several servers would be needed; git has none, and "
                + "libgit2 does not know the user's credential helpers and proxies."),
        new("update-time", "update", "marketplace update, one file of 50,000 changed", "fresh clone", Measure.Ratio, 0.2,
            "A snapshot is replaced as a whole by one rename: 49,999 files are written again so that no reader ever sees a mixture."),
        new("update-bytes", "update", "the same, bytes sent", "fresh clone", Measure.Ratio, 0.2,
            "The snapshot is a tree of files without history, so nothing tells the server what is there already. Keeping the commit's "
                + "objects beside it would let git send the difference alone."),
        new("verify", "verify", "`verify` of all plugins of `openai/plugins`", "`sha256sum` of the same files", Measure.Ratio, 1.2,
            "Each file is hashed twice, for its own digest and for that of the tree, and each folder is listed and each entry examined, so "
                + "that nothing is missed that `sha256sum` is not asked about. A digest of the tree that is made of the digests of its files "
                + "would halve the hashing; it would be another digest than the one in all receipts and lock files."),
        new("validate-cli", "validate", "`pluginmarket validate` on `openai/plugins`", "reading the bytes once", Measure.Ratio, 5,
            "The reference reads the files from memory and does nothing with them; the checks parse every JSON, YAML and Markdown file and "
                + "check each character."),
        new("validate-cmdlet", "validate", "`Test-PluginMarketplace` and `Test-PluginManifest` on the same", "reading the bytes once",
            Measure.Ratio, 5, "Every rule reads every file, and in a new session .NET compiles what is called often a second time, while it runs."),
        new("capability", "capability", "`Find-Plugin`, then `Get-PluginCapability` of all", "reading the same files once", Measure.Ratio, 5,
            "The reference reads from memory and does nothing with it; each file is hashed and each script checked, one plugin after the "
                + "other, as they come through the pipeline. Reading several ahead of the pipeline would use both processors."),
        new("policy-decision", "policy", "a decision about one plugin, 200 rules", "–", Measure.Microseconds, 50,
            "Each rule compares the plugin with its patterns one after the other."),
        new("policy-list", "policy", "`list` of 10,000 with a policy of 200 rules", "without one", Measure.Ratio, 1.3,
            "Each entry is judged by every rule."),
        new("import", "import", "`Import-Module`", "over PowerShell's start", Measure.Milliseconds, 60,
            "PowerShell reads the manifest, the views and the types, and reflects over every cmdlet and parameter; our own code in it is "
                + "one assembly that is loaded. Fewer cmdlets, or views that are loaded later, would be needed."),
        new("first-marketplace", "import", "the first `Get-PluginMarketplace`", "–", Measure.Milliseconds, 100,
            "A quarter of the methods is still compiled at its first use: generic code over types of other assemblies, which code "
                + "compiled ahead of time cannot contain."),
        new("completion", "completion", "first completion in a session", "PowerShell's own file completion", Measure.Ratio, 1,
            "PowerShell's own completion is part of what is loaded already; ours loads the core at the first press. Loading it while "
                + "nothing is typed would cost those who never complete anything."),
        new("state", "fleet", "state of 20 plugins over 200 homes", "plain copy of the same bytes", Measure.Ratio, 2,
            "Each plugin of each home is read, hashed and recorded on its own, and each home waits for the disk: once for what is staged, once "
                + "for what is published, and for the history and the record of each plugin; `cp -r` saves nothing. A staged tree that is "
                + "copied from home to home, hashed once and saved once for all homes of a volume, would be needed."),
        new("page", "page", "10,000 plugins as a directory page, until it can be searched", "–", Measure.Milliseconds, 300,
            "Chromium parses the data of all plugins before the first search can be answered."),
        new("start", "start", "command line start, `--version`", "`codex --version`", Measure.Ratio, 0.5,
            "What is left is the kernel loading the program."),
        new("suite", "", "test suite, `.ci/run`", "before the work on its time", Measure.Ratio, 0.6,
            "The suite measures itself; the time of its steps is in its own report."),
    ];
}
