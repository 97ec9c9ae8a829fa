using System.Text.Json;

namespace PluginMarket.Windows.Tests;

/// <summary>What a run of xUnit wrote with its JSON reporter, a message on each line, until its end or its crash.</summary>
/// <param name="Finished">The classes that came to their end.</param>
/// <param name="Unfinished">The class that began last, where it did not come to its end.</param>
/// <param name="Current">The test that began last.</param>
/// <param name="Errors">What went wrong outside of tests.</param>
/// <param name="Rest">The lines that are not messages.</param>
internal sealed record XunitOutput(IReadOnlyList<CoreClassResult> Finished, string? Unfinished, string? Current,
    IReadOnlyList<string> Errors, string Rest)
{
    public static XunitOutput Read(string output)
    {
        var classes = new Dictionary<string, (string Name, List<string> Failures, int Passed)>(StringComparer.Ordinal);
        var tests = new Dictionary<string, string>(StringComparer.Ordinal);
        var finished = new List<CoreClassResult>();
        var errors = new List<string>();
        var rest = new List<string>();
        string? unfinished = null, current = null;
        foreach (var line in output.Split('\n'))
        {
            if (!line.StartsWith("{\"$type\":", StringComparison.Ordinal))
            {
                rest.Add(line);
                continue;
            }

            using var message = JsonDocument.Parse(line);
            var values = message.RootElement;
            string Text(string key) => values.GetProperty(key).GetString()!;
            string ClassId() => Text("TestClassUniqueID");
            switch (Text("$type"))
            {
                case "test-class-starting":
                    unfinished = Text("TestClassName")[CoreClasses.Root.Length..];
                    classes[ClassId()] = (unfinished, [], 0);
                    break;
                case "test-starting":
                    tests[Text("TestUniqueID")] = current = Text("TestDisplayName");
                    break;
                case "test-passed":
                    classes[ClassId()] = classes[ClassId()] with { Passed = classes[ClassId()].Passed + 1 };
                    break;
                case "test-failed":
                    var test = tests.GetValueOrDefault(Text("TestUniqueID"));
                    classes[ClassId()].Failures.Add($"{test}: {Joined(values, "Messages")}\n{Joined(values, "StackTraces")}");
                    break;
                case var type when type == "error-message" || type.EndsWith("cleanup-failure", StringComparison.Ordinal):
                    errors.Add($"{Joined(values, "Messages")}\n{Joined(values, "StackTraces")}");
                    break;
                case "test-class-finished":
                    var (name, failures, passed) = classes[ClassId()];
                    finished.Add(new CoreClassResult(name, passed, failures));
                    unfinished = null;
                    break;
                default:
                    break;
            }
        }

        return new XunitOutput(finished, unfinished, current, errors, string.Join('\n', rest));
    }

    private static string Joined(JsonElement message, string key) =>
        message.TryGetProperty(key, out var values) && values.ValueKind == JsonValueKind.Array
            ? string.Join('\n', values.EnumerateArray().Select(value => value.GetString()))
            : "";
}
