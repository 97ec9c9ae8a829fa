using System.Reflection;

namespace PluginMarket.TestKit;

/// <summary>Every test class has the trait <c>Category</c>, <c>Fast</c> or <c>Slow</c>: what has neither runs in no loop.</summary>
internal static class CategoryRule
{
    /// <summary>What to do about a class that breaks it.</summary>
    public const string Advice =
        "Each test class has one category. "
        + "Give it [Trait(\"Category\", \"Fast\")] where its tests take less than about three seconds together, "
        + "else [Trait(\"Category\", \"Slow\")].";

    /// <summary>The test classes of an assembly that have no category, or more than one.</summary>
    public static IReadOnlyList<string> Broken(Assembly tests)
    {
        ArgumentNullException.ThrowIfNull(tests);
        var common = Categories(tests.CustomAttributes);
        return [.. tests.GetTypes()
            .Where(type => IsTestClass(type) && common.Concat(Categories(Attributes(type))).Distinct(StringComparer.Ordinal).Count() != 1)
            .Select(type => type.FullName!)];
    }

    private static bool IsTestClass(Type type) =>
        !type.IsAbstract && type.GetMethods().Any(method => method.CustomAttributes.Any(attribute => IsFact(attribute.AttributeType)));

    private static bool IsFact(Type? attribute) =>
        attribute is not null && (attribute.Name == "FactAttribute" || IsFact(attribute.BaseType));

    private static IEnumerable<CustomAttributeData> Attributes(Type? type) =>
        type is null ? [] : type.CustomAttributes.Concat(Attributes(type.BaseType));

    private static List<string> Categories(IEnumerable<CustomAttributeData> attributes) =>
        [.. attributes.Where(attribute => attribute.AttributeType.Name == "TraitAttribute")
            .Select(attribute => attribute.ConstructorArguments.Select(argument => argument.Value as string).ToArray())
            .Where(pair => pair is ["Category", "Fast" or "Slow"])
            .Select(pair => pair[1]!)];
}
