using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>Who chose the agent's home, and whether a command may create it where it is missing.</summary>
/// <param name="NamedBy">What names it, <c>-CodexHome</c> or <c>CODEX_HOME</c>; null for the default, which counts as an empty home where
/// it is missing, as Codex has it.</param>
/// <param name="Written">The path as it was written; null for the default.</param>
/// <param name="MayBeCreated">Whether this command creates it.</param>
internal sealed record HomeChoice(string? NamedBy, string? Written, bool MayBeCreated)
{
    /// <summary>The parameter's name, as messages of the core have it.</summary>
    internal const string Parameter = "-CodexHome";

    /// <summary>The variable's name.</summary>
    internal const string Variable = "CODEX_HOME";

    /// <summary>Nobody named a home.</summary>
    public static HomeChoice Default { get; } = new(null, null, MayBeCreated: true);

    /// <summary>The choice of a parameter, else of the variable, else the default.</summary>
    /// <param name="parameter">What the parameter says, or null.</param>
    /// <param name="variable">What the variable says, or null.</param>
    /// <param name="creates">Whether the command installs, and so may create a home.</param>
    internal static HomeChoice Of(string? parameter, string? variable, bool creates) => (parameter, variable) switch
    {
        // A '~' that is still there was expanded by nobody: a folder of that name is never meant.
        ({ Length: > 0 } path, _) => new(Parameter, path, creates && path[0] != '~'),

        // A job that forgot to make its folder must not get an empty home wherever it happens to run.
        (_, { Length: > 0 } path) => new(Variable, path, creates && Path.IsPathFullyQualified(path)),
        _ => Default,
    };

    /// <summary>The failure of a home that cannot be used.</summary>
    /// <param name="path">The home, absolute, or null where not even that can be told.</param>
    /// <param name="problem">Why: what follows the path in a sentence.</param>
    internal PluginMarketException Unusable(string? path, string problem)
    {
        var shown = path ?? Written ?? "";
        var written = path is null || path == Written ? "" : $" (written as '{Written}')";
        var remedy = NamedBy == Variable ? Remedy.Do($"Use a CODEX_HOME that exists, or remove the variable to use the default home.")
            : Remedy.Do($"Use a folder that exists for {OperationOption.CodexHome}.");
        var name = NamedBy == Parameter ? (Message)$"{OperationOption.CodexHome}" : $"{NamedBy}";
        return new PluginMarketException(MarketErrorCode.HomeNotFound,
            $"failed to resolve {name}: '{shown}'{written} {problem}. {remedy}", shown);
    }
}
