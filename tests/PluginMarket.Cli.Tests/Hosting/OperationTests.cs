using System.Text.RegularExpressions;
using PluginMarket.Messages;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>What messages name is there: every verb and option of the table, and every pair that the source puts together.</summary>
[Trait("Category", "Fast")]
public sealed partial class OperationTests : IDisposable
{
    private readonly CliRun _cli = new();

    [Fact]
    public void Every_verb_of_the_table_is_a_verb_of_the_program()
    {
        Assert.All(Operation.All.Where(operation => operation.NameIn(Face.CommandLine) is not null), operation =>
        {
            var verb = operation.NameIn(Face.CommandLine)!;
            Assert.Matches($@"Usage:\s+\S+ {verb}\s", Help(verb));
        });
    }

    [Fact]
    public void Every_option_of_the_table_is_an_option_of_a_verb()
    {
        var help = string.Join('\n', Operation.All.Select(operation => operation.NameIn(Face.CommandLine)).OfType<string>().Distinct()
            .Append("restore").Append("marketplace set").Append("policy export").Select(Help));

        Assert.All(
            OperationOption.All.Select(option => option.NameIn(Face.CommandLine)).OfType<string>().Select(name => name.Split(' ')[0]),
            name => Assert.Matches($@"{name}(?![\w-])", help));
    }

    [Fact]
    public void Every_option_that_a_message_gives_an_operation_is_one_of_that_verb()
    {
        var pairs = Pairs().ToList();
        Assert.Contains(("InstallPlugin", "Reinstall"), pairs);
        Assert.All(pairs, pair =>
        {
            var operation = (Operation)typeof(Operation).GetProperty(pair.Operation)!.GetValue(null)!;
            var option = (OperationOption)typeof(OperationOption).GetProperty(pair.Option)!.GetValue(null)!;
            if (operation.With(option).IsIn(Face.CommandLine))
            {
                Assert.Matches($@"{option.NameIn(Face.CommandLine)!.Split(' ')[0]}(?![\w-])", Help(operation.NameIn(Face.CommandLine)!));
            }
        });
    }

    public void Dispose() => _cli.Dispose();

    private string Help(string verb)
    {
        var (code, output, error) = _cli.Run([.. verb.Split(' '), "--help"]);
        Assert.True(code == 0, $"{verb}: {error}");
        return output;
    }

    private static IEnumerable<(string Operation, string Option)> Pairs() =>
        Directory.GetFiles(Path.Join(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Use().Matches(File.ReadAllText(file)))
            .SelectMany(use => use.Groups["option"].Captures.Select(option => (use.Groups["operation"].Value, option.Value)))
            .Distinct();

    [GeneratedRegex(@"Operation\.(?<operation>[A-Z]\w+)(?:\.On\((?:[^()]|"
        + @"\([^()]*\))*\))*(?:\s*\.With\(OperationOption\.(?<option>\w+)(?:\.Of\((?:[^()]|\([^()]*\))*\))?\))+",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Use();
}
