namespace PluginMarket.Core.Tests.Sources;

/// <summary>What tests need to run with libgit2.</summary>
internal static class LibGit2
{
    /// <summary>An environment in which an engine is taken by every command.</summary>
    public static MarketEnvironment Take(GitEngine engine, MarketEnvironment environment)
    {
        if (engine == GitEngine.Auto)
        {
            return environment;
        }

        var variables = new Dictionary<string, string>(environment.Variables, StringComparer.Ordinal) { ["PLUGINMARKET_GIT_ENGINE"] = engine.ToString() };
        Prepare(engine, null, variables);
        return environment with { Variables = variables };
    }

    /// <summary>Makes an environment and options use an engine.</summary>
    public static GitOptions Prepare(GitEngine engine, GitOptions? options, Dictionary<string, string> variables)
    {
        options ??= GitOptions.Default;
        return engine == GitEngine.Auto ? options : options with { Engine = engine };
    }
}
