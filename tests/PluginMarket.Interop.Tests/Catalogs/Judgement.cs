namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>What a generated entry is meant to show. Only the kinds after <see cref="Same"/> may differ from Codex, and
/// each names its row of the table.</summary>
public enum Judgement
{
    /// <summary>Both tools agree, whatever Codex does.</summary>
    Same,

    /// <summary>Codex refuses the whole file; ours skips this entry and treats the others as Codex treats the file without it.</summary>
    FileRefusedByCodex,

    /// <summary>An older Codex refuses the whole file; ours reads it as the newest does.</summary>
    FileRefusedByOlderCodex,

    /// <summary>Codex lists the entry; ours skips it and treats the others as Codex treats the file without it.</summary>
    SkippedByUs,

    /// <summary>Both list the entry; ours refuses to install it.</summary>
    NotInstalledByUs,
}
