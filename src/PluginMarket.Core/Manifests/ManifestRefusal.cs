namespace PluginMarket;

/// <summary>Carries a <see cref="ManifestProblem"/> out of the depth of reading; never leaves the reader.</summary>
internal sealed class ManifestRefusal(ManifestProblem problem) : Exception(problem.Message)
{
    internal ManifestProblem Problem { get; } = problem;
}
