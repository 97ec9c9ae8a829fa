namespace PluginMarket;

/// <summary>Every disk call goes through this class, so that a test can stop or fail the process before each of them.</summary>
public partial class FileOps
{
    /// <summary>The real disk.</summary>
    public static FileOps Default { get; } = new();
}
