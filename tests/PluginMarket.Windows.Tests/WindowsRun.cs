namespace PluginMarket.Windows.Tests;

/// <summary>One run of everything under Wine, which all tests of this project read.</summary>
internal static class WindowsRun
{
    private static readonly Lazy<Task<WindowsHost>> Host = new(WindowsHost.PublishAsync);
    private static readonly Lazy<Task<IReadOnlyList<WindowsResult>>> PesterResults = new(
        async () => await PesterRun.RunAsync(await Host.Value));

    private static readonly Lazy<Task<IReadOnlyList<CoreClassResult>>> CoreResults = new(
        async () => await CoreRun.RunAsync(await Host.Value));

    public static Task<IReadOnlyList<WindowsResult>> PesterAsync() => PesterResults.Value;

    public static Task<IReadOnlyList<CoreClassResult>> CoreAsync() => CoreResults.Value;
}
