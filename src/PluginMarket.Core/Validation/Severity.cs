namespace PluginMarket;

/// <summary>What a finding means to the agent, from the least to the gravest.</summary>
public enum Severity
{
    /// <summary>Advice; the agent loads the file as its author means it.</summary>
    Information,

    /// <summary>The agent loads it, but not as its author means it: a field is ignored, a default is used.</summary>
    Warning,

    /// <summary>The agent refuses or drops it.</summary>
    Error,
}
