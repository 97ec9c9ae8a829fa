using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Inventory;

namespace PluginMarket.Cmdlets;

/// <summary><c>Test-PluginIntegrity</c>: whether installed plugins hold the bytes that were recorded, or that a lock file
/// demands.</summary>
[Cmdlet(VerbsDiagnostic.Test, "PluginIntegrity", DefaultParameterSetName = "Name",
    HelpUri = OnlineHelp.Pages + "Test-PluginIntegrity.md")]
[OutputType(typeof(IntegrityResult), typeof(bool))]
public sealed class TestPluginIntegrityCommand : MarketCmdlet
{
    private readonly Dictionary<MarketEnvironment, List<string>> _names = new(ReferenceEqualityComparer.Instance);
    private bool _isIntact = true;
    private bool _hasAnswered;
    private int _checked;

    /// <summary>Names of plugins, <c>plugin</c> or <c>plugin@marketplace</c>, wildcards allowed; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = "Name")]
    [ArgumentCompleter(typeof(InstalledPluginCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
    public string[] Name { get; set; } = [];

    /// <summary>Plugins: what Get-InstalledPlugin gives, objects with Name and Marketplace or with Id, or
    /// texts <c>plugin@marketplace</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [PluginReferenceTransformation]
    public PluginInput[] InputObject { get; set; } = [];

    /// <summary>A lock file whose plugins are checked, instead of what is installed against its receipts.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LockFile { get; set; }

    /// <summary>Compares the home with the lock file in both directions: what is installed and not locked, turned off, or without its
    /// marketplace is not intact either.</summary>
    [Parameter]
    public SwitchParameter Exact { get; set; }

    /// <summary>Accepts that there is nothing to check.</summary>
    [Parameter]
    public SwitchParameter AllowEmpty { get; set; }

    /// <summary>Gives true or false: whether there are plugins and all of them are intact.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override void Process()
    {
        if (ParameterSetName == "Name")
        {
            NamesOf(Market).AddRange(Name);
            return;
        }

        foreach (var input in InputObject.Where(input => !PipelineObject.IsBlankLine(input.Source)))
        {
            Attempt(input.Source, () =>
            {
                var reference = input.Reference ?? throw input.Failure(MarketErrorCode.InputNotAPlugin);
                NamesOf(HomeOf(reference.Id, reference.CodexHome, reference.ComputerName)).Add(reference.Id);
            });
        }
    }

    private protected override void End()
    {
        foreach (var (market, names) in _names)
        {
            Attempt(market.CodexHome, () => Check(market, names));
        }

        // An exact comparison is of two lists, of which both may be empty.
        var isEmpty = _checked == 0 && FailureCount == 0 && !AllowEmpty && !Exact;
        if (Quiet)
        {
            Answer(_isIntact && !isEmpty && FailureCount == 0);
        }

        if (isEmpty)
        {
            Report(IntegrityQuery.NothingToCheck());
        }
    }

    private void Answer(bool isIntact)
    {
        if (!_hasAnswered)
        {
            _hasAnswered = true;
            WriteObject(isIntact);
        }
    }

    private List<string> NamesOf(MarketEnvironment market)
    {
        if (!_names.TryGetValue(market, out var names))
        {
            names = _names[market] = [];
        }

        return names;
    }

    private void Check(MarketEnvironment market, List<string> names)
    {
        // Whatever ends this call early has not been found intact.
        var wasIntact = _isIntact;
        _isIntact = false;
        var request = new IntegrityRequest
        {
            Names = names,
            LockFile = LockFile is null ? null : PluginLockFile.Read(market, PathInput.Resolve(this, LockFile)),
            Exact = Exact,
        };
        IntegrityListing listing;
        try
        {
            listing = Run(token => Task.FromResult(new IntegrityQuery(market).Check(request, token)));
        }
        catch (PluginMarketException failure) when (Quiet && ErrorRecords.EndsEverything(failure.Code))
        {
            // The error ends the pipeline, and whoever asks for true or false gets no other answer.
            Answer(false);
            throw;
        }

        _checked += listing.Results.Count;
        _isIntact = wasIntact && listing.Failures.Count == 0 && listing.Results.All(result => result.IsIntact);
        if (!Quiet)
        {
            WriteObject(listing.Results, enumerateCollection: true);
        }

        Report(listing.Failures);
    }
}
