using PluginMarket.TestKit;
using Xunit.Sdk;
using Xunit.v3;

namespace PluginMarket.Interop.Tests;

/// <summary>Makes of one test a case for each version of Codex.</summary>
internal sealed class CodexFactDiscoverer : FactDiscoverer
{
    public override async ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(ITestFrameworkDiscoveryOptions discoveryOptions,
        IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
            CodexCases.OfEach(await base.Discover(discoveryOptions, testMethod, factAttribute));
}

/// <summary>Makes of every row of a theory a case for each version of Codex.</summary>
internal sealed class CodexTheoryDiscoverer : TheoryDiscoverer
{
    public override async ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(ITestFrameworkDiscoveryOptions discoveryOptions,
        IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
            CodexCases.OfEach(await base.Discover(discoveryOptions, testMethod, factAttribute));
}

/// <summary>Copies of a test case, each with the trait that names its version of Codex.</summary>
internal static class CodexCases
{
    public static IReadOnlyCollection<IXunitTestCase> OfEach(IReadOnlyCollection<IXunitTestCase> cases) =>
        [.. CodexVersions.Asked.SelectMany(version => cases.Select(one => With(version, one)))];

    private static XunitTestCase With(string version, IXunitTestCase one)
    {
        var traits = one.Traits.ToDictionary(trait => trait.Key, trait => trait.Value.ToHashSet(StringComparer.OrdinalIgnoreCase),
            StringComparer.OrdinalIgnoreCase);
        traits[Judge.Trait] = [version];
        var (name, id) = ($"{one.TestCaseDisplayName} [Codex {version}]", $"{one.UniqueID}-{version}");
        return one switch
        {
            XunitDelayEnumeratedTheoryTestCase late => new XunitDelayEnumeratedTheoryTestCase(
                late.TestMethod, name, id, late.Explicit, late.SkipTestWithoutData, late.SkipExceptions, late.SkipReason,
                late.SkipType, late.SkipUnless, late.SkipWhen,
                traits, late.SourceFilePath, late.SourceLineNumber, late.Timeout),
            XunitTestCase known => new XunitTestCase(
                known.TestMethod, name, id, known.Explicit, null, false, known.SkipExceptions, known.SkipReason,
                known.SkipType, known.SkipUnless, known.SkipWhen,
                traits, known.TestMethodArguments, known.SourceFilePath, known.SourceLineNumber, known.Timeout),
            _ => throw new NotSupportedException(
                $"{one.TestCaseDisplayName}: {one.GetType()} cannot be run once with each version of Codex."),
        };
    }
}
