using System.Management.Automation;
using PluginMarket.Cmdlets.Fleet;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Fleet.Reports;
using PluginMarket.Messages;
using PluginMarket.Validation;
using PluginMarket.Validation.Reports;

namespace PluginMarket.Cmdlets;

/// <summary><c>ConvertTo-PluginReport</c>: one report of all results that come through the pipeline.</summary>
[Cmdlet(VerbsData.ConvertTo, "PluginReport",
    HelpUri = OnlineHelp.Pages + "ConvertTo-PluginReport.md")]
[OutputType(typeof(string))]
public sealed class ConvertToPluginReportCommand : MarketCmdlet
{
    private readonly List<ValidationResult> _results = [];
    private readonly List<ReviewedCapability> _reviewed = [];
    private readonly List<ReportedItem> _items = [];
    private readonly PipedHomes _homes = new();
    private readonly List<PluginInventory> _inventories = [];
    private readonly List<PluginDrift> _drifts = [];
    private PendingFailure? _failure;

    /// <summary>What <c>Test-PluginManifest</c>, <c>Test-PluginMarketplace</c>, <c>Test-PluginIntegrity</c>, <c>Test-PluginEnvironment</c>,
    /// <c>Get-PluginUpdate</c>, <c>Get-PluginInventory</c> and <c>Get-PluginDrift</c> give, also from another computer; for Markdown also
    /// what <c>Get-PluginCapability</c> and <c>Compare-Plugin</c> give.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The form: <c>Text</c>, <c>Json</c>, <c>Sarif</c>, <c>JUnit</c>, <c>GitHub</c>, <c>Markdown</c>, <c>Csv</c>,
    /// <c>Line</c>, <c>Html</c> or <c>CycloneDx</c>.</summary>
    [Parameter(Position = 0)]
    public ReportFormat Format { get; set; }

    /// <summary>The folder that files are named from, by default the current one; a whole path is taken in the spelling of the
    /// computer the results come from.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "The current folder")]
    public string? BasePath { get; set; }

    /// <summary>What the run is called: in SARIF the category of an upload, else a heading.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RunName { get; set; }

    /// <summary>Accepts that there is nothing to report.</summary>
    [Parameter]
    public SwitchParameter AllowEmpty { get; set; }

    private protected override void Process()
    {
        foreach (var input in InputObject)
        {
            Attempt(input, () => Take(input));
        }
    }

    private protected override void End()
    {
        // A document that leaves out what was refused would say that all is well with it.
        if (FailureCount > 0)
        {
            return;
        }

        _inventories.AddRange(_homes.Joined());
        _items.AddRange(_inventories.SelectMany(ReportedResults.Of));
        if (_results.Count + _reviewed.Count + _items.Count == 0 && !AllowEmpty)
        {
            Report(new PluginMarketException(MarketErrorCode.NothingToCheck,
                $"There is no result to report. {Remedy.Use(OperationOption.AllowEmpty, $"write an empty report")}"));
            return;
        }

        WriteObject(Format is ReportFormat.Html or ReportFormat.CycloneDx ? WriteFleet() : ReportWriter.Write(new ReportRequest
        {
            Results = _results,
            Reviewed = _reviewed,
            Items = _items,
            Format = Format,
            Rules = RuleSet.All,
            BasePath = BasePath is null ? Market.WorkingDirectory : IsWhole(BasePath) ? BasePath : PathInput.Resolve(this, BasePath),
            RunName = RunName,
        }));
        if (_failure is not null)
        {
            ThrowTerminatingError(_failure.ToRecord());
        }
    }

    // These two are of homes, and of nothing else.
    private string WriteFleet()
    {
        if (_results.Count + _reviewed.Count > 0 || _items.Exists(item => item.Kind is not ("Inventory" or "Drift"))
            || (Format == ReportFormat.CycloneDx && _drifts.Count > 0))
        {
            throw ReportWriter.NotIn(Format, "These results");
        }

        var now = Market.Time.GetUtcNow();
        return Format == ReportFormat.CycloneDx ? CycloneDxReport.Write(_inventories, RunName, now)
            : System.Text.Encoding.UTF8.GetString(new FleetPage(RunName, now).Write(_inventories, _drifts).Span);
    }

    private void Take(PSObject input)
    {
        if (ReportedResultInput.Update(input) is { } update && Format != ReportFormat.Markdown)
        {
            _items.Add(ReportedResults.Of(update));
        }
        else if (ReviewedCapabilityInput.TryReadAll(input) is { } reviewed)
        {
            _reviewed.AddRange(reviewed);
        }
        else if (ReportedResultInput.Drift(input) is { } drift)
        {
            _drifts.Add(drift);
            _items.Add(ReportedResults.Of(drift));
        }
        else if (ReportedResultInput.Integrity(input) is { } integrity)
        {
            _items.Add(ReportedResults.Of(integrity));
        }
        else if (ReportedResultInput.Environment(input) is { } check)
        {
            _items.Add(ReportedResults.Of(check));
        }
        else if (InventoryInput.Read(input) is not null || InventoryInput.ReadInstalled(input) is not null)
        {
            _inventories.AddRange(_homes.Take(input) is { } inventory ? [inventory] : []);
        }
        else
        {
            var result = ValidationResultInput.Read(input);
            _failure = PendingFailure.TakeOver(result) ?? _failure;
            _results.Add(result);
        }
    }

    // Results may come from a computer where the path makes sense, as it does not here.
    private static bool IsWhole(string path) => path.StartsWith('/') || path.StartsWith("\\\\", StringComparison.Ordinal)
        || path is [>= 'A' and <= 'Z' or >= 'a' and <= 'z', ':', '\\' or '/', ..];
}
