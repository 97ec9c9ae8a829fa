using System.Management.Automation;
using PluginMarket.Authoring;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Policies;

namespace PluginMarket.Cmdlets;

/// <summary><c>New-Plugin</c>: makes a plugin's folder with a working sample of each component asked
/// for, or around a skill that is there.</summary>
[Cmdlet(VerbsCommon.New, "Plugin", DefaultParameterSetName = "Name", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "New-Plugin.md")]
[OutputType(typeof(PluginManifest))]
public sealed class NewPluginCommand : MarketCmdlet
{
    /// <summary>The plugin's name, and its folder's; with -FromSkill the skill's by default.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Name")]
    [Parameter(Position = 0, ParameterSetName = "FromSkill")]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "The name of the skill, with -FromSkill")]
    public string? Name { get; set; }

    /// <summary>The folder in which the plugin's own folder is made; by default <c>plugins</c> of the
    /// marketplace, else this location.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "The folder plugins of the marketplace, else the current folder")]
    public string? Path { get; set; }

    /// <summary>What the plugin is for; with -FromSkill the skill's description by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "The description of the skill, with -FromSkill")]
    public string? Description { get; set; }

    /// <summary>Who makes it: a name, or <c>name &lt;mail address&gt;</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Author { get; set; }

    /// <summary>Kinds of component to make a sample of; a skill by default.</summary>
    [Parameter]
    [ValidateSet("Skill", "App", "McpServer", "Hook")]
    [PSDefaultValue(Help = "Skill")]
    public string[] Component { get; set; } = [];

    /// <summary>The manifest's format: <c>Codex</c> (the default), in which hooks and apps work, or <c>Agent</c>, a
    /// plugin.json in the plugin's folder.</summary>
    [Parameter]
    public PluginFormat Format { get; set; }

    /// <summary>A folder with a skill, whose files are copied into the plugin; links are left out.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "FromSkill")]
    [ValidateNotNullOrEmpty]
    public string? FromSkill { get; set; }

    /// <summary>The root folder of a local marketplace that gets an entry.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MarketplacePath { get; set; }

    /// <summary>The category, free text, of the plugin and its entry.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CategoryCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Category { get; set; }

    /// <summary>Whether the entry may be installed; needs -MarketplacePath.</summary>
    [Parameter]
    [InstallationPolicyTransformation(Single = true)]
    public InstallationPolicy Installation { get; set; }

    /// <summary>When the plugin's apps ask to sign in; needs -MarketplacePath.</summary>
    [Parameter]
    [AuthenticationPolicyTransformation(Single = true)]
    public AuthenticationPolicy Authentication { get; set; }

    /// <summary>Writes over files of a new plugin, and an entry, that are there; other files stay.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        var request = new NewPluginRequest
        {
            Name = Name,
            Path = Resolve(Path),
            Description = Description,
            Author = Author,
            Components = [.. Component.Select(kind =>
                Array.Find(["Skill", "App", "McpServer", "Hook"], known => known.Equals(kind, StringComparison.OrdinalIgnoreCase))!)],
            Format = Format,
            FromSkill = Resolve(FromSkill),
            MarketplacePath = Resolve(MarketplacePath),
            Entry = new CatalogEntryChange
            {
                Installation = Policy(nameof(Installation), PolicySpelling.ToFormat(Installation)),
                Authentication = Policy(nameof(Authentication), PolicySpelling.ToFormat(Authentication)),
                Category = Category,
            },
            Force = Force,
        };
        var preview = new CreatePlugin(Market).Preview(request);
        if (Approve(DisplayText.Escape(Name ?? request.FromSkill!), "Make a plugin"))
        {
            WriteObject(Run(_ => Task.FromResult(new CreatePlugin(Market).Create(request))));
        }
        else if (IsWhatIf)
        {
            WritePreview(preview);
        }
    }

    private string? Resolve(string? path) => path is null ? null : PathInput.Resolve(this, path);

    private string? Policy(string parameter, string value)
    {
        if (!MyInvocation.BoundParameters.ContainsKey(parameter))
        {
            return null;
        }

        return MarketplacePath is not null ? value : throw new PluginMarketException(MarketErrorCode.SourceInvalid,
            $"-{parameter} belongs to the entry of a marketplace. {Remedy.Do($"Use -MarketplacePath to name one.")}", parameter);
    }
}
