using System.Reflection;
using PluginMarket.Messages;

namespace PluginMarket.Identity;

/// <summary>Who made an object or a record: carried by everything that belongs to a home.</summary>
internal static class Origin
{
    /// <summary>This computer's name.</summary>
    public static string ComputerName { get; } = DisplayText.Escape(Environment.MachineName);

    /// <summary>The account this process runs under.</summary>
    public static string UserName { get; } = DisplayText.Escape(Environment.UserName);

    /// <summary>The version of this tool.</summary>
    public static string ToolVersion { get; } =
        typeof(Origin).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
