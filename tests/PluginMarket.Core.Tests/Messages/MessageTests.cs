using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using PluginMarket.Messages;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed partial class MessageTests
{
    [Theory]
    [InlineData("\u001b]0;owned\u0007", "\\u{001B}]0;owned\\u{0007}")]
    [InlineData("abc\u202ecba", "abc\\u{202E}cba")]
    [InlineData("a\u200bb", "a\\u{200B}b")]
    [InlineData("a\rb", "a\\u{000D}b")]
    [InlineData("https://bob:canary@host/x", "https://***@host/x")]
    [InlineData("https://host/x?token=canary", "https://host/x?***")]
    public void A_hole_is_escaped_and_masked_whatever_its_type(string hostile, string shown)
    {
        Message message = $"before {hostile} after";
        Message nested = $"<{message}>";
        Message ofException = $"<{new IOException(hostile)}>";
        Message ofObject = $"<{new Named(hostile)}>";
        Message list = $"<{string.Join(", ", hostile, hostile)}>";

        Assert.Equal($"before {shown} after", message.ToString());
        Assert.Equal($"<before {shown} after>", nested.ToString());
        Assert.Equal($"<{shown}>", ofException.ToString());
        Assert.Equal($"<{shown}>", ofObject.ToString());
        Assert.DoesNotContain("canary", list.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', list.ToString());

        var failure = new PluginMarketException(MarketErrorCode.SourceInvalid, message, hostile) { File = hostile };
        Assert.Equal((message.ToString(), shown, shown), (failure.Message, failure.Target, failure.File));
        Assert.Equal(shown, new Diagnostic($"{hostile}", $"{hostile}")
        {
            Severity = "Error",
            RuleId = "x",
            File = "x",
            HelpUri = "x",
            Fingerprint = "x",
        }.Message);
    }

    [Fact]
    public void Numbers_and_dates_are_written_without_the_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Message message = $"{1234.5} {new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc):yyyy-MM-dd} {12.5:0.0} {true}";

            Assert.Equal("1234.5 2026-01-02 12.5 True", message.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void What_helps_comes_last_in_the_words_of_each_face()
    {
        var inner = new PluginMarketException(
            MarketErrorCode.SourceUnreachable,
            $"The snapshot is missing. {Remedy.Run(Operation.UpdateMarketplace.On("corp"), $"fetch it")}"
                + $"{Remedy.Use(OperationOption.TrustMarketplace, $"trust it")}");
        Message outer = $"'kit' cannot be installed: {inner}";

        Assert.Equal("'kit' cannot be installed: The snapshot is missing. Run Update-PluginMarketplace corp to fetch it. "
            + "Use -TrustMarketplace to trust it.", outer.In(Face.PowerShell));
        Assert.Equal("'kit' cannot be installed: The snapshot is missing. Run `pluginmarket marketplace upgrade corp` to fetch it.",
            outer.In(Face.CommandLine));
        Assert.Equal("'kit' cannot be installed: The snapshot is missing.", outer.StatementIn(Face.PowerShell));
        Assert.Equal("Run Update-PluginMarketplace corp to fetch it. Use -TrustMarketplace to trust it.", outer.AdviceIn(Face.PowerShell));
    }

    [Theory]
    [InlineData("kit@corp", "kit@corp", "kit@corp")]
    [InlineData("a b", "'a b'", "'a b'")]
    [InlineData("it's", "'it''s'", @"'it'\''s'")]
    [InlineData("a\u2019; Remove-Item x", "'a\u2019\u2019; Remove-Item x'", "'a\u2019; Remove-Item x'")]
    [InlineData("$(rm -r .)", "'$(rm -r .)'", "'$(rm -r .)'")]
    [InlineData("-Force", "'-Force'", "'-Force'")]
    [InlineData("", "''", "''")]
    [InlineData("a\u001bb", "'a\\u{001B}b'", "'a\\u{001B}b'")]
    public void A_name_is_quoted_as_the_face_reads_it(string name, string powerShell, string shell)
    {
        Assert.Equal($"Install-Plugin {powerShell} -Reinstall",
            Operation.InstallPlugin.On(name).With(OperationOption.Reinstall).In(Face.PowerShell));
        Assert.Equal($"`pluginmarket add {shell} --reinstall`",
            Operation.InstallPlugin.On(name).With(OperationOption.Reinstall).In(Face.CommandLine));
    }

    [Fact]
    public void A_face_says_nothing_of_what_it_does_not_have()
    {
        Assert.Null(Remedy.Use(OperationOption.TrustMarketplace, $"trust it").In(Face.CommandLine));
        Assert.Null(Remedy.Run(Operation.ListRules).In(Face.CommandLine));
        Assert.Null(Remedy.Do($"Remove {OperationOption.NoClobber}.").In(Face.CommandLine));
        Assert.Equal("Use the PluginMarket module for PowerShell to list them.",
            Remedy.Run(Operation.ListRules, $"list them").In(Face.CommandLine));
    }

    [Fact]
    public void A_full_stop_is_said_once()
    {
        Message quoted = $"It failed: {new IOException("The disk is gone.")}. {Remedy.Do($"Use another one.")}";
        Message open = $"It failed: {new IOException("no")}{Remedy.Do($"Use another one.")}";

        Assert.Equal("It failed: The disk is gone. Use another one.", quoted.ToString());
        Assert.Equal("It failed: no. Use another one.", open.ToString());
    }

    [Fact]
    public void No_public_way_makes_a_message_of_a_plain_string()
    {
        // The compiler calls AppendLiteral with constants, which the attribute holds; whoever calls it otherwise breaks the build.
        var literal = typeof(Message).GetMethod(nameof(Message.AppendLiteral))!;
        Assert.Contains(literal.GetParameters()[0].GetCustomAttributes(),
            attribute => attribute.GetType().Name == "ConstantExpectedAttribute");

        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
        Assert.DoesNotContain(typeof(Message).GetConstructors(All),
            made => made.GetParameters().Any(parameter => parameter.ParameterType == typeof(string)));
        Assert.DoesNotContain(
            typeof(Message).Assembly.GetTypes().SelectMany(type => type.GetMethods(All)),
            method => method.ReturnType == typeof(Message) && method.Name is "op_Implicit" or "op_Explicit");

        var texts = new[] { typeof(PluginMarketException), typeof(Diagnostic), typeof(IActivityLog) }
            .SelectMany(type => type.GetMembers())
            .SelectMany(member => member switch
            {
                ConstructorInfo made => made.GetParameters(),
                MethodInfo { IsSpecialName: false } method => method.GetParameters(),
                _ => [],
            })
            .Where(parameter => parameter.Name is "message" or "suggestion");
        Assert.All(texts, parameter => Assert.Equal(typeof(Message), parameter.ParameterType));
        Assert.All(
            new[] { typeof(PluginOperationResult), typeof(PluginUpdate), typeof(IntegrityResult), typeof(MarketplaceUpdateResult),
                typeof(Plugin) },
            type => Assert.Null(type.GetProperty("Reason")!.SetMethod));
    }

    [Fact]
    public void Only_a_hole_makes_text_of_a_message_in_the_source()
    {
        var offenders = SourceFiles()
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}Messages{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => ByHand().IsMatch(File.ReadAllText(file)));

        HouseRule.AssertKept("A message is made by an interpolated string alone: put the text into a hole of $\"...\".", offenders);
    }

    [Fact]
    public void No_text_of_the_core_names_a_cmdlet_a_parameter_or_a_verb()
    {
        // The rules are documentation of both faces, and the page of a marketplace shows the commands of all three programs.
        string[] apart = ["Messages", "Rules", "Showcase"];
        var cmdlets = Cmdlet().Matches(File.ReadAllText(Path.Join(RepositoryRoot.Path, "PluginMarket.psd1")))
            .Select(match => match.Groups["name"].Value);
        var named = new Regex($@"\b({string.Join('|', cmdlets)})\b|(?<=[ (])-({string.Join('|',
            OperationOption.All.Select(option => option.NameIn(Face.PowerShell)![1..].Split(' ')[0]))})\b|\bpluginmarket [a-z]");
        var offenders = SourceFiles()
            .Where(file => file.Contains("PluginMarket.Core", StringComparison.Ordinal))
            .Where(file => !apart.Any(
                folder => file.Contains($"{Path.DirectorySeparatorChar}{folder}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
            .SelectMany(file => File.ReadLines(file).Select((line, at) => (Place: $"{Path.GetFileName(file)}:{at + 1}", Line: line.Trim())))
            .Where(line => !line.Line.StartsWith("//", StringComparison.Ordinal))
            .Where(line => Literal().Matches(line.Line).Any(text => named.IsMatch(text.Value)))
            .Select(line => $"{line.Place}: {line.Line}");

        HouseRule.AssertKept(
            "The core does not name cmdlets and parameters: use Remedy, Operation and OperationOption, which each face words.", offenders);
    }

    private static IEnumerable<string> SourceFiles() =>
        Directory.GetFiles(Path.Join(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private sealed record Named(string Text)
    {
        public override string ToString() => Text;
    }

    [GeneratedRegex(@"\.AppendLiteral\(|\.AppendFormatted\(|new Message\(")]
    private static partial Regex ByHand();

    [GeneratedRegex("'(?<name>[A-Z][A-Za-z]+-[A-Za-z]+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Cmdlet();

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Literal();
}
