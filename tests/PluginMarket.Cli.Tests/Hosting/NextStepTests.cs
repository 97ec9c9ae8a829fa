using System.Text.RegularExpressions;
using PluginMarket.Cli.Hosting;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Cli.Tests;

[Trait("Category", "Fast")]
public sealed partial class NextStepTests
{
    [Theory]
    [InlineData("Use Resume-PluginUpdate to release it.", "Use `pluginmarket release` to release it.")]
    [InlineData("(pin it with Set-PluginMarketplace -Sha, or use Export-PluginMarketplace)", "(pin it with Set-PluginMarketplace -Sha (in PowerShell), or use Export-PluginMarketplace (in PowerShell))")]
    [InlineData("PLUGINMARKET_GIT_TOKEN or -Credential supply it", "PLUGINMARKET_GIT_TOKEN or -Credential (in PowerShell) supply it")]
    [InlineData("name one with -Ref.", "name one with --ref.")]
    [InlineData("--ref main (-Ref in PowerShell).", "--ref main (-Ref in PowerShell).")]
    [InlineData("Install-Plugin a@b -Reinstall -CacheVersion Manifest", "`pluginmarket add a@b --reinstall --cache-version manifest`")]
    [InlineData("with Install-Plugin -Default.", "with Install-Plugin -Default (in PowerShell).")]
    [InlineData("git said: ssh -Force my-Ref X-Plugin", "git said: ssh -Force (in PowerShell) my-Ref X-Plugin")]
    public void Cmdlets_and_parameters_are_said_as_verbs_and_options_or_where_they_are(string message, string said)
    {
        Assert.Equal(said, NextStep.Say(message));
        Assert.Equal(said, NextStep.Say(NextStep.Say(message)));
    }

    [Fact]
    public void Every_text_of_the_core_that_names_a_cmdlet_or_a_parameter_can_be_said_here()
    {
        var cmdlets = Cmdlet().Matches(File.ReadAllText(Path.Join(RepositoryRoot.Path, "PluginMarket.psd1"))).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        var texts = Directory.GetFiles(Path.Join(RepositoryRoot.Path, "src", "PluginMarket.Core"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(File.ReadLines)
            .Select(line => line.Trim())

            // Comments are no texts, and what is a pipeline is said by a cmdlet alone.
            .Where(line => !line.StartsWith("//", StringComparison.Ordinal) && !line.Contains(" | Where-Object ", StringComparison.Ordinal))
            .Where(line => line.Contains('"', StringComparison.Ordinal) && Names(line, cmdlets).Any())
            .ToList();

        Assert.Contains(texts, text => text.Contains("Set-PluginMarketplace -Sha", StringComparison.Ordinal));
        Assert.DoesNotContain(texts.Select(NextStep.Say), said => Names(said!, cmdlets).Any());
    }

    // What is left that a user of this program would look for in vain.
    private static IEnumerable<string> Names(string text, HashSet<string> cmdlets) =>
        Advice().Matches(text).Select(match => match.Groups["name"].Value).Where(name => name[0] == '-' || cmdlets.Contains(name));

    [GeneratedRegex("'(?<name>[A-Z][a-z]+-[A-Za-z]+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Cmdlet();

    [GeneratedRegex(@"(?<![\w-])(?>(?<name>[A-Z][a-z]+-[A-Z][A-Za-z]+)( -[A-Z][A-Za-z]+)*|(?<name>-[A-Z][A-Za-z]+))(?! \(?in PowerShell)", RegexOptions.ExplicitCapture)]
    private static partial Regex Advice();
}
