using System.Management.Automation;
using System.Reflection;

namespace PluginMarket.Cmdlets;

/// <summary>Lets scripts name the module's types, as in <c>[PluginMarket.Plugin]</c>, for as long as it is imported: its own
/// load context hides them otherwise.</summary>
public sealed class TypeNames : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly Type Accelerators = typeof(PSObject).Assembly.GetType("System.Management.Automation.TypeAccelerators",
        throwOnError: true)!;

    /// <inheritdoc/>
    public void OnImport()
    {
        foreach (var type in Named())
        {
            Invoke("Add", type.FullName!, type);
        }
    }

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        foreach (var type in Named())
        {
            Invoke("Remove", type.FullName!);
        }
    }

    private static IEnumerable<Type> Named() => typeof(Plugin).Assembly.GetExportedTypes()
        .Where(type => type is { IsNested: false, IsGenericType: false, Namespace: "PluginMarket" });

    private static void Invoke(string method, params object[] arguments) => Accelerators.InvokeMember(
        method,
        BindingFlags.Public | BindingFlags.Static | BindingFlags.InvokeMethod,
        binder: null,
        target: null,
        arguments,
        System.Globalization.CultureInfo.InvariantCulture);
}
