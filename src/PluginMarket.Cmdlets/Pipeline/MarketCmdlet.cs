using System.Management.Automation;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary>What all cmdlets share: the home, the streams, the way errors surface, the questions, and a body that can be stopped.</summary>
/// <remarks>Parameters come from base classes alone, and there is one line of descent of at most four: what is no
/// parameter is not a class of it.</remarks>
public abstract partial class MarketCmdlet : PSCmdlet, IDisposable
{
    /// <summary>The parameter set of names typed as arguments.</summary>
    private protected const string ByName = "Name";

    /// <summary>The parameter set of what comes through the pipeline.</summary>
    private protected const string ByInputObject = "InputObject";

    private static readonly StringComparison PathComparison = OperatingSystem.IsWindows()
        ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private readonly Dictionary<string, MarketEnvironment> _homes = new(StringComparer.FromComparison(PathComparison));
    // A catalog that cannot be read is the reason of each of its plugins, and is said once.
    private readonly HashSet<(MarketErrorCode Code, string Message)> _causes = [];
    private PipelinePump? _pump;
    private CmdletActivityLog? _log;
    private MarketEnvironment? _market;

    /// <summary>The agent's home; by default <c>CODEX_HOME</c>, else <c>~/.codex</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "CODEX_HOME, else ~/.codex")]
    public string? CodexHome { get; set; }

    /// <summary>The folder whose <c>.agents/plugins</c> is the personal catalog; by default <c>HOME</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "HOME")]
    public string? HomePath { get; set; }

    /// <summary>The outside world as this call's parameters describe it.</summary>
    private protected MarketEnvironment Market => _market ??= MarketOf(CodexHome is null ? null : PathInput.Resolve(this, CodexHome));

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        CloseSources();
        _pump?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing()
    {
        _pump = new PipelinePump();
        _log = new CmdletActivityLog(this, _pump, MyInvocation.MyCommand.Name);
        BeginHomes();

        // What comes through the pipeline says which home is meant.
        if (!MyInvocation.ExpectingInput && PluginHome.Length == 0)
        {
            BeginOwn();
        }
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        if (PluginHome.Length > 0)
        {
            ProcessHomes();
            return;
        }

        BeginOwn();
        Attempt(null, Process);
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        if (EndHomes())
        {
            BeginOwn();
            Attempt(null, End);
        }
    }

    /// <inheritdoc/>
    protected sealed override void StopProcessing() => _pump?.Stop();

    /// <summary>Runs once, before input.</summary>
    private protected virtual void Begin()
    {
    }

    /// <summary>Runs once per input object, or once without a pipeline.</summary>
    private protected virtual void Process()
    {
    }

    /// <summary>Runs once, after all input.</summary>
    private protected virtual void End()
    {
    }

    /// <summary>Returns what was kept for the whole pipeline; also runs where that was stopped.</summary>
    private protected virtual void Release()
    {
    }

    /// <summary>The outside world with another home.</summary>
    /// <param name="codexHome">The home, absolute, or null for the default.</param>
    private protected MarketEnvironment MarketOf(string? codexHome)
    {
        var location = SessionState.Path.CurrentLocation;
        var market = Limited(MarketEnvironment.FromProcess(
            codexHome,
            HomePath is null ? null : PathInput.Resolve(this, HomePath),
            location.Provider.Name == PathInput.FileSystem ? location.ProviderPath : null,
            _log!,
            CreatesHome) with
        {
            PolicyPaths = [.. Policies.Select(path => PathInput.Resolve(this, path))],
        });
        return codexHome is null && _visit is { } visit ? visit.Open(market, ChangesHome) : market;
    }

    /// <summary>The outside world with the limits that the call sets.</summary>
    private protected virtual MarketEnvironment Limited(MarketEnvironment market) => market;

    /// <summary>The policy files that the call names in addition to those of the computer.</summary>
    private protected virtual IReadOnlyList<string> Policies => [];

    /// <summary>Whether the command installs something, and so may create a home that is named and missing.</summary>
    private protected virtual bool CreatesHome => false;

    /// <summary>The home an object came from; the call's own where the object names none.</summary>
    /// <param name="id">The object, for messages.</param>
    /// <param name="codexHome">Its home.</param>
    /// <param name="computerName">Its computer.</param>
    /// <exception cref="PluginMarketException">ForeignComputer or HomeConflict.</exception>
    private protected MarketEnvironment HomeOf(string id, string? codexHome, string? computerName)
    {
        if (computerName is not null && !computerName.Equals(Origin.ComputerName, StringComparison.OrdinalIgnoreCase))
        {
            throw new PluginMarketException(MarketErrorCode.ForeignComputer, $"{id} comes from the computer {computerName}. "
                + $"{Remedy.Do($"Run the command there, or use the id as a string to act on this computer.")}", id);
        }

        if (codexHome is null)
        {
            return Market;
        }

        var home = Path.TrimEndingDirectorySeparator(codexHome);
        if (AgentHome.Open(Market).IsAt(home))
        {
            return Market;
        }

        if (CodexHome is not null || _visit is not null)
        {
            var parameter = CodexHome is null ? nameof(PluginHome) : nameof(CodexHome);
            throw new PluginMarketException(MarketErrorCode.HomeConflict, $"{id} comes from {home}, but -{parameter} is "
                + $"{Market.CodexHome}. {Remedy.Do($"Remove -{parameter}, or query the home you mean.")}", id);
        }

        if (!_homes.TryGetValue(home, out var market))
        {
            market = _homes[home] = MarketOf(home);
        }

        return market;
    }

    /// <summary>The name of a marketplace that was given as an object or a text.</summary>
    /// <param name="input">What was given.</param>
    /// <param name="takesPlugins">Whether a plugin stands for its marketplace.</param>
    /// <exception cref="PluginMarketException">InputNotAMarketplace.</exception>
    private protected static string Demand(MarketplaceInput input, bool takesPlugins = true) => input switch
    {
        { Refusal: not null } => throw input.Failure(),
        { IsOfPlugin: true } when !takesPlugins => throw new PluginMarketException(MarketErrorCode.InputNotAMarketplace,
            $"'{input.Source}' is a plugin, not a marketplace. "
                + $"{Remedy.Do($"Pipe marketplaces here, or plugins to {Operation.UninstallPlugin}.")}"),
        _ => input.Name!.Value,
    };

    /// <summary>Runs a body on the pool until it has ended or cleaned up.</summary>
    private protected T Run<T>(Func<CancellationToken, Task<T>> body)
    {
        try
        {
            return _pump!.Run(body);
        }
        finally
        {
            _log!.Complete();
        }
    }

    /// <summary>Has an action carried out on the pipeline thread while <see cref="Run"/> waits.</summary>
    private protected void Post(Action action) => _pump!.Post(action);

    /// <summary>Runs one item's work and reports its failure.</summary>
    /// <param name="target">The item, for failures that name no target.</param>
    /// <param name="work">The work.</param>
    private protected void Attempt(object? target, Action work)
    {
        try
        {
            work();
        }
        catch (PluginMarketException exception)
        {
            Report(exception, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What the core reads for a caller (a folder named by path) may be missing or closed to this account.
            Report(new PluginMarketException(MarketErrorCode.SourceUnreachable,
                $"{exception} {Remedy.Do($"Check that the path exists and that you can read it.")}", target?.ToString(), exception));
        }
        catch (Exception exception) when (Unexpected.Is(exception))
        {
            Report(Unexpected.Failure(exception), target);
        }
    }

    /// <summary>The path of a file that is to be written, absolute.</summary>
    /// <param name="path">The path as it was typed.</param>
    /// <param name="noClobber">Whether a file that exists is refused.</param>
    /// <exception cref="PluginMarketException">SourceInvalid, FileAlreadyExists.</exception>
    private protected string OutputPath(string path, bool noClobber)
    {
        var file = PathInput.Resolve(this, path);
        if (noClobber)
        {
            AtomicFile.DemandNew(Market.Files, file);
        }

        return file;
    }

    /// <summary>Writes failures.</summary>
    private protected void Report(IEnumerable<PluginMarketException> failures)
    {
        foreach (var failure in failures)
        {
            Report(failure);
        }
    }

    /// <summary>How many failures were written.</summary>
    private protected int FailureCount { get; private set; }

    /// <summary>Writes a failure, and ends the pipeline where no further input can succeed.</summary>
    private protected void Report(PluginMarketException exception, object? target = null)
    {
        FailureCount++;
        if (exception.Target is { } cause && cause != DisplayText.Escape($"{target}") && !_causes.Add((exception.Code, exception.Message)))
        {
            return;
        }

        var record = ErrorRecords.From(exception, target);
        if (ErrorRecords.EndsEverything(exception.Code))
        {
            ThrowTerminatingError(record);
        }

        WriteError(record);
    }
}
