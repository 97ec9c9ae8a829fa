using System.Management.Automation;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>Makes homes of their deserialized forms again; anything else stays as it is, for another parameter to take.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PluginHomeTransformationAttribute : GuardedTransformationAttribute
{
    private protected override object Read(object? argument)
    {
        var items = PipelineObject.Items(argument).ToArray();
        return items.Length > 0 && Array.TrueForAll(items, item => Home(item) is not null)
            ? Array.ConvertAll(items, item => Home(item)!) : argument!;
    }

    private static PluginHome? Home(object? item)
    {
        if (PipelineObject.Unwrap(item) is PluginHome home)
        {
            return home;
        }

        return item is PSObject source && PipelineObject.Is(source, typeof(PluginHome).FullName!)
            && PipelineObject.Text(source, nameof(PluginHome.UserName)) is { } user
            && PipelineObject.Text(source, nameof(PluginHome.HomePath)) is { } path
            && PipelineObject.Text(source, nameof(PluginHome.CodexHome)) is { } codexHome
            && PipelineObject.Text(source, nameof(PluginHome.ComputerName)) is { } computer
            ? new PluginHome { UserName = user, HomePath = path, CodexHome = codexHome, ComputerName = computer } : null;
    }
}
