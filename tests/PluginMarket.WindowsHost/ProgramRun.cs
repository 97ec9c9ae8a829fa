using System.Reflection;
using System.Runtime.Loader;

namespace PluginMarket.WindowsHost;

/// <summary>Runs a .NET program that was built for no system in particular, with its own libraries, as
/// <c>dotnet program.dll</c> does.</summary>
internal static class ProgramRun
{
    internal static int Run(string program, string[] arguments)
    {
        var libraries = new AssemblyDependencyResolver(program);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            libraries.ResolveAssemblyToPath(name) is { } path ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            libraries.ResolveUnmanagedDllToPath(name) is { } path ? System.Runtime.InteropServices.NativeLibrary.Load(path) : 0;
        var assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(program);
        Assembly.SetEntryAssembly(assembly);
        var entry = assembly.EntryPoint!;
        var result = entry.Invoke(null, BindingFlags.DoNotWrapExceptions, null, entry.GetParameters().Length == 0 ? [] : [arguments], null);
        return result switch
        {
            int code => code,
            Task<int> running => running.GetAwaiter().GetResult(),
            _ => 0,
        };
    }
}
