namespace PluginMarket.TestKit;

/// <summary>Says how a test that makes or serves git repositories deals with the two engines, where it is not run once with each.</summary>
/// <param name="how">One sentence: why one engine is enough, or how both take part in each test.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class EnginesAttribute(string how) : Attribute
{
    public string How { get; } = how;
}
