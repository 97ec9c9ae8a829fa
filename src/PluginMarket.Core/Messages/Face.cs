namespace PluginMarket.Messages;

/// <summary>Who shows a message: each face names an operation or an option in its own words.</summary>
internal enum Face
{
    /// <summary>The cmdlets.</summary>
    PowerShell,

    /// <summary>The command line <c>pluginmarket</c>.</summary>
    CommandLine,
}
