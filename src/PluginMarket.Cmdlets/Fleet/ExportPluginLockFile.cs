using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Fleet;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary><c>Export-PluginLockFile</c>: writes the exact bytes of installed plugins down, so that any
/// machine can fetch and recognise them.</summary>
[Cmdlet(VerbsData.Export, "PluginLockFile", DefaultParameterSetName = "All", SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Export-PluginLockFile.md")]
[OutputType(typeof(PluginLockFile))]
public sealed class ExportPluginLockFileCommand : MarketCmdlet
{
    private readonly List<string> _names = [];
    private MarketEnvironment? _home;
    private bool _isAsked;
    private bool _hasFailed;

    /// <summary>The lock file; one that is there is written over.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Does not overwrite a file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>The plugins to lock, of one home: what Get-InstalledPlugin gives, or texts <c>plugin@marketplace</c>;
    /// everything installed by default.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [PluginReferenceTransformation]
    [PSDefaultValue(Help = "All installed plugins")]
    public PluginInput[] InputObject { get; set; } = [];

    /// <summary>Policy files that count in addition to those of the computer; what they refuse is locked, and marked.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    private protected override IReadOnlyList<string> Policies => PolicyPath;
    private protected override bool WritesOneFile => true;

    private protected override void Process()
    {
        // A list of nothing but comments asks for nothing either.
        var inputs = InputObject.Where(input => !PipelineObject.IsBlankLine(input.Source)).ToList();
        _isAsked |= ParameterSetName != "InputObject" || inputs.Count > 0;
        foreach (var input in inputs)
        {
            var isTaken = false;
            Attempt(input.Source, () =>
            {
                var reference = input.Reference ?? throw input.Failure(MarketErrorCode.InputNotAPlugin);
                var home = HomeOf(reference.Id, reference.CodexHome, reference.ComputerName);
                if (!ReferenceEquals(_home ??= home, home))
                {
                    throw new PluginMarketException(MarketErrorCode.HomeConflict, $"{reference.Id} comes from another home than the "
                        + $"plugins before it. {Remedy.Do($"Use the plugins of one home for a lock file.")}", reference.Id);
                }

                _names.Add(reference.Id);
                isTaken = true;
            });
            _hasFailed |= !isTaken;
        }
    }

    private protected override void End()
    {
        // An empty pipeline asks for nothing, which is not the same as for all.
        if (!_isAsked || _hasFailed)
        {
            return;
        }

        var market = _home ?? Market;
        var draft = Run(token => Task.FromResult(new LockFileMaker(market).Make(OutputPath(Path, NoClobber), _names, token)));
        Report(draft.Failures);
        if (draft.Failures.Count > 0)
        {
            return;
        }

        draft.File.DemandWritable(market);
        if (Approve(draft.File.Path, $"Write lock file of {draft.File.Plugins} plugins"))
        {
            draft.File.Write(market);
            WriteObject(draft.File);
        }
        else if (IsWhatIf)
        {
            draft.File.Status = "WhatIf";
            WriteObject(draft.File);
        }
    }
}
