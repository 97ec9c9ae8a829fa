using System.CommandLine;
using PluginMarket.Installation;

namespace PluginMarket.Cli.Installation;

/// <summary>Which state of a plugin's source is wanted, as options of a verb.</summary>
internal sealed class RevisionOptions
{
    public Option<string?> Ref { get; } = new("--ref")
    {
        Description = "The branch, tag or commit to take instead of the entry's; git sources only",
        HelpName = "REF",
    };

    public Option<string?> Sha { get; } = new("--sha")
    {
        Description = "The full commit to take instead of the entry's; git sources only",
        HelpName = "COMMIT",
    };

    public Option<string?> Version { get; } = new("--version")
    {
        Description = "The version that the manifest at the source must have",
        HelpName = "VERSION",
    };

    /// <summary>The intent with what was typed.</summary>
    public InstallIntent.Install Into(ParseResult arguments, InstallIntent.Install intent) => intent with
    {
        Ref = arguments.GetValue(Ref),
        Sha = arguments.GetValue(Sha),
        Version = arguments.GetValue(Version) is { } wanted ? PluginVersion.Parse(wanted) : null,
    };
}
