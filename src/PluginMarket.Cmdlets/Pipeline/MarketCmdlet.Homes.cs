using System.Collections;
using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Inventory;
using PluginMarket.Messages;
using PluginMarket.Sources;

namespace PluginMarket.Cmdlets;

/// <content>The homes that a command works in.</content>
/// <remarks>For each home the command runs once more with the same parameters, so that no command keeps anything of one home for the
/// next, and its objects, errors and questions are those of a run in that home alone.</remarks>
public abstract partial class MarketCmdlet
{
    // What a run in one home is not to do a second time: its objects and errors reach the variables of this run.
    private static readonly string[] OfThisRun = [nameof(PluginHome), "OutVariable", "ErrorVariable", "WarningVariable",
        "InformationVariable", "PipelineVariable", "OutBuffer"];

    [ThreadStatic]
    private static HomeVisit? s_next;

    private readonly Dictionary<string, ArrayList> _piped = new(StringComparer.OrdinalIgnoreCase);
    private HashSet<string> _typed = [];
    private HomeVisit? _visit;
    private FindHomes? _found;
    private PluginHome? _first;
    private SharedSources? _shared;
    private bool _hasHomes;
    private bool _isBegun;

    /// <summary>The homes to work in, as Get-PluginHome gives them; by default the one of this call.</summary>
    [Parameter(ValueFromPipeline = true)]
    [PluginHomeTransformation]
    [ValidateNotNull]
    [PSDefaultValue(Help = "The home of this call")]
    public PluginHome[] PluginHome { get; set; } = [];

    /// <summary>Whether the answer is one file, which the answer for another home would replace.</summary>
    private protected virtual bool WritesOneFile => false;

    /// <summary>Whether the command changes the home; one that asks before it acts does, unless it says otherwise.</summary>
    private protected virtual bool ChangesHome => !WritesOneFile
        && GetType().GetCustomAttributes(typeof(CmdletAttribute), inherit: false) is [CmdletAttribute { SupportsShouldProcess: true }];

    /// <summary>Works in homes on its own, where the command compares or joins them; by default each home is a run of its own.</summary>
    /// <returns>Whether it did.</returns>
    private protected virtual bool ProcessHome(PluginHome home) => false;

    /// <summary>The outside world in a home that was given.</summary>
    /// <exception cref="PluginMarketException">HomeNotOwned, ForeignComputer.</exception>
    private protected MarketEnvironment Open(PluginHome home) => (_found ??= new FindHomes(Market)).Open(Market, home, ChangesHome);

    /// <summary>What the runs in all homes fetch together; null where each fetches for itself.</summary>
    private protected virtual SharedSources? ShareSources() => null;

    private void CloseSources()
    {
        if (_shared is { } shared)
        {
            _shared = null;
            Task.Run(() => shared.DisposeAsync().AsTask()).GetAwaiter().GetResult();
        }
    }

    private void BeginHomes()
    {
        (_visit, s_next) = (s_next, null);
        _typed = new HashSet<string>(MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Has the command begin, once.</summary>
    private protected void BeginOwn()
    {
        if (!_isBegun)
        {
            _isBegun = true;
            Attempt(null, Begin);
        }
    }

    private void ProcessHomes()
    {
        _hasHomes = true;
        if (CodexHome is not null || HomePath is not null)
        {
            var parameter = CodexHome is null ? nameof(HomePath) : nameof(CodexHome);
            ThrowTerminatingError(ErrorRecords.From(new PluginMarketException(MarketErrorCode.HomeConflict,
                $"-{parameter} and -{nameof(PluginHome)} both name a home. {Remedy.Do($"Remove one of them.")}"), PluginHome[0]));
        }

        if (!_typed.Contains(nameof(PluginHome)))
        {
            // PowerShell may bind a home to another parameter as well, as a text; that is not what was meant.
            foreach (var home in PluginHome)
            {
                Attempt(home.CodexHome, () => WorkIn(home));
            }

            return;
        }

        foreach (var (name, value) in MyInvocation.BoundParameters.Where(bound => !_typed.Contains(bound.Key)))
        {
            if (!_piped.TryGetValue(name, out var values))
            {
                values = _piped[name] = [];
            }

            values.AddRange(value as ICollection ?? new[] { value });
        }
    }

    /// <summary>Works in the homes that were typed, once all input is known.</summary>
    /// <returns>Whether the command's own end is due.</returns>
    private bool EndHomes()
    {
        // An empty pipeline asks for nothing, which is not the same as for everything.
        if (_typed.Contains(nameof(PluginHome)) && (!MyInvocation.ExpectingInput || _piped.Count > 0))
        {
            foreach (var home in PluginHome)
            {
                Attempt(home.CodexHome, () => WorkIn(home));
            }
        }

        return _isBegun
            || (!_hasHomes && !_typed.Contains(nameof(PluginHome)) && !(MyInvocation.ExpectingInput && TakesOnlyHomes));
    }

    private bool TakesOnlyHomes => MyInvocation.MyCommand.Parameters.Values.All(parameter => parameter.Name == nameof(PluginHome)
        || !parameter.Attributes.OfType<ParameterAttribute>().Any(attribute => attribute.ValueFromPipeline));

    private void WorkIn(PluginHome home)
    {
        _first ??= home;
        if (WritesOneFile && _first != home)
        {
            throw new PluginMarketException(MarketErrorCode.HomeConflict,
                $"What is written for '{home.CodexHome}' would replace what was written for '{_first.CodexHome}'. "
                    + $"{Remedy.Do($"Run the command for each home with a path of its own.")}", home.CodexHome);
        }

        if (ProcessHome(home))
        {
            return;
        }

        try
        {
            RunIn(home);
        }
        catch (CmdletInvocationException end)
        {
            // What ends the run in one home says nothing of the others.
            FailureCount++;
            WriteError(new ErrorRecord(end.ErrorRecord, null));
        }
    }

    private void RunIn(PluginHome home)
    {
        var parameters = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in MyInvocation.BoundParameters)
        {
            if (_typed.Contains(name) && !OfThisRun.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                parameters[name] = value;
            }
        }

        foreach (var (name, values) in _piped)
        {
            parameters[name] = values.ToArray();
        }

        using var run = ScriptBlock.Create("param($command, $parameters) & $command @parameters").GetSteppablePipeline(
            CommandOrigin.Internal, [MyInvocation.MyCommand, parameters]);
        s_next = new HomeVisit(_found ??= new FindHomes(Market), home, Market.Limits.FetchTime) { Shared = _shared ??= ShareSources() };
        try
        {
            run.Begin(expectInput: false, (EngineIntrinsics)SessionState.PSVariable.GetValue("ExecutionContext"));
        }
        finally
        {
            s_next = null;
        }

        run.Process();
        run.End();
    }
}
