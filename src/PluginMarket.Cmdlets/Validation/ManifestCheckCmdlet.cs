using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Validation;

namespace PluginMarket.Cmdlets;

/// <summary>What the two checks share: what counts, and how the results leave.</summary>
public abstract class ManifestCheckCmdlet : FetchCmdlet
{
    private readonly PendingFailure _failure = new();
    private readonly List<ValidationResult> _results = [];
    private ValidationRequest _request = new();
    private int _checked;
    private bool _isValid = true;

    /// <summary>Looks through the folders below too.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>With -Recurse, checks what a catalog does not list too.</summary>
    [Parameter]
    public SwitchParameter IncludeUnlisted { get; set; }

    /// <summary>Accepts that there is nothing to check.</summary>
    [Parameter]
    public SwitchParameter AllowEmpty { get; set; }

    /// <summary>A settings file whose baseline is replaced by the findings of this check; made where it is missing.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SaveBaseline { get; set; }

    /// <summary>Makes a result with a warning invalid too.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>The rules to apply, wildcards allowed; all by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RuleCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
    public string[] Rule { get; set; } = [];

    /// <summary>The rules to leave out, wildcards allowed.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RuleCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] ExcludeRule { get; set; } = [];

    /// <summary>Leaves out findings that are less grave.</summary>
    [Parameter]
    public Severity MinimumSeverity { get; set; } = Severity.Information;

    /// <summary>A settings file: severities of rules, rules left out, accepted findings.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Settings { get; set; }

    /// <summary>Fails the pipeline, after all results are out, when one has a finding as grave as this or graver.</summary>
    [Parameter]
    [ValidateSet("Error", "Warning")]
    public string? FailOn { get; set; }

    /// <summary>Gives one true or false instead of results: whether everything was checked and is valid.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>The request without what it is about.</summary>
    private protected ValidationRequest Request => _request;

    private protected Validator Validator => new(Market);

    private protected override void Begin()
    {
        try
        {
            if (Rule.Concat(ExcludeRule).FirstOrDefault(pattern => RuleSet.Find([pattern]).Count == 0) is { } unknown)
            {
                throw RuleSet.NotFound(unknown);
            }

            _request = new ValidationRequest
            {
                Recurse = Recurse,
                IncludeUnlisted = IncludeUnlisted,
                Strict = Strict,
                Rules = Rule,
                ExcludedRules = ExcludeRule,
                MinimumSeverity = MinimumSeverity,
                Settings = Settings is null ? ValidationSettings.None : ValidationSettings.Read(Market, PathInput.Resolve(this, Settings)),
            };
        }
        catch (PluginMarketException failure)
        {
            // Without the settings asked for no result would mean what it says.
            ThrowTerminatingError(ErrorRecords.From(failure, Settings));
        }
    }

    private protected override void End()
    {
        var failing = _failure.End();
        var isEmpty = _checked == 0 && FailureCount == 0 && !AllowEmpty;
        if (SaveBaseline is not null && FailureCount == 0 && !isEmpty)
        {
            BaselineFile.Write(Market, PathInput.Resolve(this, SaveBaseline), _results);
        }

        if (Quiet)
        {
            WriteObject(_isValid && !isEmpty && FailureCount == 0);
        }

        if (isEmpty)
        {
            var nothing = PluginMarket.Validation.Validator.NothingToCheck();
            if (FailOn is not null)
            {
                ThrowTerminatingError(ErrorRecords.From(nothing));
            }

            Report(nothing);
        }

        if (failing > 0)
        {
            ThrowTerminatingError(_failure.ToRecord());
        }
    }

    private protected void Write(ValidationListing listing)
    {
        foreach (var result in listing.Results)
        {
            Write(result);
        }

        Report(listing.Failures);
    }

    private protected void Write(ValidationResult result)
    {
        _failure.Add(result, FailOn switch { "Error" => result.ErrorCount, "Warning" => result.ErrorCount + result.WarningCount, _ => 0 });
        _checked++;
        _isValid &= result.IsValid;
        if (SaveBaseline is not null)
        {
            _results.Add(result);
        }

        if (!Quiet)
        {
            WriteObject(result);
        }
    }
}
