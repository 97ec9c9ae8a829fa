using System.Text;
using Mono.Cecil;

namespace PluginMarket.TestKit;

/// <summary>The types and members of an assembly that everybody can name, one a line, beside the file that records them.</summary>
internal static class PublicSurface
{
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["Boolean"] = "bool",
        ["Byte"] = "byte",
        ["Int32"] = "int",
        ["Int64"] = "long",
        ["Object"] = "object",
        ["String"] = "string",
        ["Void"] = "void",
    };

    /// <summary>Compares the surface of an assembly with its file, or writes the file where <c>PLUGINMARKET_WRITE_PAGES</c> is 1.</summary>
    /// <returns>What differs and how to record it; null where nothing does.</returns>
    public static string? Compare(string assembly, string project, string tests)
    {
        var file = Path.Join(RepositoryRoot.Path, "src", project, "PublicSurface.txt");
        var lines = Read(assembly);
        if (Environment.GetEnvironmentVariable("PLUGINMARKET_WRITE_PAGES") == "1")
        {
            File.WriteAllText(file, string.Join('\n', lines) + "\n");
        }

        var recorded = File.Exists(file) ? File.ReadAllLines(file) : [];
        var changes = lines.Except(recorded).Select(line => "+ " + line).Concat(recorded.Except(lines).Select(line => "- " + line));
        return lines.SequenceEqual(recorded)
            ? null
            : $"The public surface of {project} is not what src/{project}/PublicSurface.txt records. "
                + "Make internal what no user of the module has to name. Where the change is meant, run:\n"
                + $"PLUGINMARKET_WRITE_PAGES=1 dotnet test tests/{tests} --filter PublicSurfaceTests\n  {string.Join("\n  ", changes)}\n";
    }

    /// <summary>The lines, in order.</summary>
    public static IReadOnlyList<string> Read(string assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        return [.. module.GetTypes().Where(IsPublic).SelectMany(Lines).Order(StringComparer.Ordinal)];
    }

    private static bool IsPublic(TypeDefinition type) =>
        type.IsNested ? type.IsNestedPublic && IsPublic(type.DeclaringType) : type.IsPublic;

    private static IEnumerable<string> Lines(TypeDefinition type)
    {
        var name = Name(type);
        IEnumerable<TypeReference> bases = type.BaseType is { Name: not ("Object" or "ValueType" or "Enum") } above ? [above] : [];
        var inherited = string.Join(", ", bases.Concat(type.Interfaces.Select(i => i.InterfaceType).Where(IsShown)).Select(Name));
        yield return $"{name} ({Kind(type)}{(inherited.Length == 0 ? "" : " : " + inherited)})";
        foreach (var property in type.Properties.Where(property => IsReached(property.GetMethod) && property.Name != "EqualityContract"))
        {
            var setter = !IsReached(property.SetMethod) ? "" : IsInit(property.SetMethod) ? " init;" : " set;";
            yield return $"{name}.{property.Name} {{ get;{setter} }} : {Name(property.PropertyType)}";
        }

        foreach (var field in type.Fields.Where(field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName))
        {
            yield return $"{name}.{field.Name}{(type.IsEnum ? $" = {field.Constant}" : $" : {Name(field.FieldType)}")}";
        }

        foreach (var method in type.Methods.Where(IsReached).Where(method => !method.IsGetter && !method.IsSetter && !IsGenerated(method)))
        {
            var parameters = string.Join(", ", method.Parameters.Select(parameter => Name(parameter.ParameterType)));
            yield return method.IsConstructor ? $"{name}({parameters})" : $"{name}.{method.Name}({parameters}) : {Name(method.ReturnType)}";
        }
    }

    private static bool IsReached(MethodDefinition? method) =>
        method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static bool IsInit(MethodDefinition setter) =>
        setter.ReturnType is RequiredModifierType { ModifierType.Name: "IsExternalInit" };

    // Every record can be compared with its kind.
    private static bool IsShown(TypeReference type) =>
        type is not TypeDefinition { IsPublic: false } && !type.Name.StartsWith("IEquatable", StringComparison.Ordinal);

    // What the compiler writes for every record says nothing.
    private static bool IsGenerated(MethodDefinition method) =>
        method.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "CompilerGeneratedAttribute");

    private static string Kind(TypeDefinition type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        _ => "class",
    };

    private static string Name(TypeReference type)
    {
        switch (type)
        {
            case ArrayType array:
                return Name(array.ElementType) + "[]";
            case ByReferenceType reference:
                return "ref " + Name(reference.ElementType);
            case GenericInstanceType { ElementType.Name: "Nullable`1" } nullable:
                return Name(nullable.GenericArguments[0]) + "?";
            case GenericInstanceType generic:
                return $"{generic.ElementType.Name.Split('`')[0]}<{string.Join(", ", generic.GenericArguments.Select(Name))}>";
            case TypeSpecification other:
                return Name(other.ElementType);
        }

        var keyword = type.Namespace == "System" ? Keywords.GetValueOrDefault(type.Name) : null;
        var name = new StringBuilder(keyword ?? type.Name.Split('`')[0]);
        for (var outer = type.DeclaringType; outer is not null; outer = outer.DeclaringType)
        {
            name.Insert(0, outer.Name + ".");
        }

        return name.ToString();
    }
}
