using System.Reflection;
using System.Runtime.CompilerServices;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PluginMarket.TestKit;

/// <summary>Every test that makes or serves a git repository runs once with each engine, or says by <see cref="EnginesAttribute"/> how it deals with them.</summary>
public sealed class EngineRule
{
    /// <summary>What <see cref="Read"/> says of a test that runs once with each engine.</summary>
    public const string Each = "once with each engine";

    /// <summary>What to do about a test that does not say.</summary>
    public const string Advice = "A test of git repositories runs with each engine. Give it [InlineData(GitEngine.Git)] and [InlineData(GitEngine.LibGit2)], derive its class once for each, or say with [Engines(\"…\")] why one engine is enough.";

    private readonly Assembly _tests;
    private readonly ModuleDefinition _code;
    private readonly Dictionary<string, MethodDefinition> _methods = new(StringComparer.Ordinal);

    private EngineRule(Assembly tests, ModuleDefinition code, ModuleDefinition kit)
    {
        _tests = tests;
        _code = code;
        foreach (var method in code.GetTypes().Concat(kit.GetTypes()).SelectMany(type => type.Methods))
        {
            _methods.TryAdd(method.FullName, method);
        }
    }

    /// <summary>Each test of an assembly whose code reaches a repository or a server, with how it deals with the engines; null where it does not say.</summary>
    public static IReadOnlyList<(string Test, string? How)> Read(Assembly tests)
    {
        ArgumentNullException.ThrowIfNull(tests);
        using var code = ModuleDefinition.ReadModule(tests.Location);
        using var kit = ModuleDefinition.ReadModule(typeof(EngineRule).Assembly.Location);
        var rule = new EngineRule(tests, code, kit);
        const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;
        return [.. tests.GetTypes().SelectMany(type => type.GetMethods(Declared)).Where(method => IsTest(method) && rule.ReachesGit(method)).Select(method => ($"{method.DeclaringType!.Name}.{method.Name}", rule.HowOf(method)))];
    }

    private static bool IsTest(MethodInfo method) => method.GetCustomAttributesData().Any(attribute => IsFact(attribute.AttributeType));

    private static bool IsFact(Type? attribute) => attribute is not null && (attribute.Name is "FactAttribute" || IsFact(attribute.BaseType));

    private bool ReachesGit(MethodInfo test)
    {
        var start = Definition(test);
        var seen = new HashSet<MethodDefinition>();
        var pending = new Stack<MethodDefinition>(start.DeclaringType.Methods.Where(method => method.IsConstructor).Append(start));
        while (pending.TryPop(out var method))
        {
            if (method is { IsConstructor: true, IsStatic: false, DeclaringType.Name: nameof(GitRepository) or nameof(GitHttpServer) })
            {
                return true;
            }

            if (seen.Add(method))
            {
                Called(method).ForEach(pending.Push);
            }
        }

        return false;
    }

    private List<MethodDefinition> Called(MethodDefinition method)
    {
        var called = new List<MethodDefinition>();
        foreach (var machine in method.CustomAttributes.Where(attribute => attribute.AttributeType.Name is nameof(AsyncStateMachineAttribute) or nameof(IteratorStateMachineAttribute) or nameof(AsyncIteratorStateMachineAttribute)))
        {
            called.AddRange(((TypeReference)machine.ConstructorArguments[0].Value).Resolve().Methods.Where(part => part.Name == "MoveNext"));
        }

        foreach (var instruction in method.HasBody ? method.Body.Instructions : [])
        {
            if (instruction.Operand is MethodReference reference && _methods.TryGetValue(reference.GetElementMethod().FullName, out var found))
            {
                called.Add(found);
            }
        }

        return called;
    }

    private string? HowOf(MethodInfo test)
    {
        var type = test.DeclaringType!;
        var how = (test.GetCustomAttribute<EnginesAttribute>() ?? type.GetCustomAttribute<EnginesAttribute>())?.How;
        return how ?? (IsBoth(test.GetCustomAttributesData().SelectMany(attribute => attribute.ConstructorArguments).SelectMany(Engines)) || IsBoth(_tests.GetTypes().Where(other => other.BaseType == type).SelectMany(Engines)) ? Each : null);
    }

    private static bool IsBoth(IEnumerable<GitEngine> engines) => engines.ToHashSet().IsSupersetOf([GitEngine.Git, GitEngine.LibGit2]);

    /// <summary>Those among the data of a theory.</summary>
    private static IEnumerable<GitEngine> Engines(CustomAttributeTypedArgument argument) =>
        argument.Value is IEnumerable<CustomAttributeTypedArgument> many ? many.SelectMany(Engines)
        : argument.ArgumentType == typeof(GitEngine) ? [(GitEngine)argument.Value!] : [];

    /// <summary>Those that a derived class hands to its base.</summary>
    private IEnumerable<GitEngine> Engines(Type derived) =>
        derived.GetConstructors().SelectMany(constructor => Definition(constructor).Body.Instructions)
            .Select(instruction => instruction.OpCode == OpCodes.Ldc_I4_1 ? GitEngine.Git : instruction.OpCode == OpCodes.Ldc_I4_2 ? GitEngine.LibGit2 : GitEngine.Auto);

    private MethodDefinition Definition(MethodBase method) => (MethodDefinition)_code.LookupToken(method.MetadataToken);
}
