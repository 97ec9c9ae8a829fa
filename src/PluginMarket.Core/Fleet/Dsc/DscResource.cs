using PluginMarket.Fleet.Dsc;
using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>The resources of DSC v3: properties on standard input, the state and what differs on standard output, messages as JSON lines on
/// standard error.</summary>
public static class DscResource
{
    private const int Failed = 1;
    private const int InputInvalid = 2;
    private const int PartlyFailed = 4;

    private static readonly Dictionary<string, DscKind> Kinds = new(StringComparer.Ordinal)
    {
        ["plugin"] = new DscPlugin(),
        ["marketplace"] = new DscMarketplace(),
        ["pluginSet"] = new DscPluginSet(),
        ["policy"] = new DscPolicy(),
    };

    /// <summary>The names of the resources.</summary>
    internal static IReadOnlyCollection<string> Names => Kinds.Keys;

    /// <summary>Runs one operation of one resource.</summary>
    /// <param name="resource"><c>plugin</c>, <c>marketplace</c>, <c>pluginSet</c> or <c>policy</c>.</param>
    /// <param name="operation"><c>get</c>, <c>test</c>, <c>set</c>, <c>export</c> or <c>schema</c>.</param>
    /// <param name="whatIf">Whether <c>set</c> only tells what it would do.</param>
    /// <param name="input">The properties as JSON.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <param name="error">Where messages go.</param>
    /// <returns>The exit code: 0; 1 failed; 2 the input is not valid; 4 some items failed; 5 the home is in use; 6 refused.</returns>
    public static int Run(string resource, string operation, bool whatIf, TextReader input, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var log = new DscLog(error);
        return Run(resource, operation, whatIf, input, output, error, home => MarketEnvironment.FromProcess(home, null,
            null, log, createsHome: operation == "set"), CancellationToken.None);
    }

    /// <summary>The same with surroundings of the caller.</summary>
    internal static int Run(string resource, string operation, bool whatIf, TextReader input, TextWriter output, TextWriter error,
        Func<string?, MarketEnvironment> open, CancellationToken cancellation)
    {
        try
        {
            return Kinds.TryGetValue(resource, out var kind)
                ? Task.Run(() => RunAsync(kind, resource, operation, whatIf, input, output, error, open, cancellation), cancellation)
                    .GetAwaiter().GetResult()
                : Fail(error, $"There is no resource '{resource}'.", InputInvalid);
        }
        catch (PluginMarketException failure)
        {
            return Fail(error, Describe(failure), CodeOf(failure));
        }
        catch (OperationCanceledException)
        {
            return Fail(error, "Interrupted; nothing was left half done.", Failed);
        }
#pragma warning disable CA1031 // The last place where a fault can still be told as one.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return Fail(error, Describe(fault is IOException or UnauthorizedAccessException
                ? new PluginMarketException(MarketErrorCode.SourceUnreachable,
                    $"{fault} {Remedy.Do($"Check that the path exists and that you can read it.")}", null, fault)
                : InternalFault.From(fault)),
                Failed);
        }
    }

    /// <summary>The exit code of a failure.</summary>
    internal static int CodeOf(PluginMarketException failure) => failure.Code switch
    {
        MarketErrorCode.StateLocked or MarketErrorCode.SourceChanged => 5,
        MarketErrorCode.PolicyDenied or MarketErrorCode.PolicyUnreadable => 6,
        _ => Failed,
    };

    private static async Task<int> RunAsync(DscKind kind, string resource, string operation, bool whatIf, TextReader input,
        TextWriter output, TextWriter error, Func<string?, MarketEnvironment> open, CancellationToken cancellation)
    {
        if (operation == "schema")
        {
            await output.WriteAsync(DscManifest.SchemaOf(resource) + "\n").ConfigureAwait(false);
            return 0;
        }

        var answer = default(DscAnswer);
        try
        {
            var properties = DscInput.Read(await input.ReadToEndAsync(cancellation).ConfigureAwait(false), kind.Properties);
            var environment = open(properties.Has("codexHome") ? HomeOf(properties) : null);
            switch (operation)
            {
                case "get":
                    DscText.WriteLine(output, kind.Get(environment, properties, cancellation).State);
                    return 0;
                case "export":
                    foreach (var instance in kind.Export(environment, cancellation))
                    {
                        DscText.WriteLine(output, instance);
                    }

                    return 0;
                case "test":
                    answer = kind.Test(environment, properties, cancellation);
                    break;
                case "set":
                    answer = await kind.SetAsync(environment, properties, whatIf, cancellation).ConfigureAwait(false);
                    break;
                default:
                    return Fail(error, $"There is no operation '{operation}'.", InputInvalid);
            }
        }
        catch (PluginMarketException refused) when (refused.File == "standard input")
        {
            return Fail(error, Describe(refused), InputInvalid);
        }

        foreach (var failure in answer.Failures)
        {
            DscText.Say(error, "error", Describe(failure));
        }

        if (answer.Failures.Count > 0)
        {
            return answer.IsPartial ? PartlyFailed : answer.Failures.Max(CodeOf);
        }

        DscText.WriteLine(output, answer.State);
        DscText.WriteLine(output, new System.Text.Json.Nodes.JsonArray(
            [.. answer.Differing.Select(name => (System.Text.Json.Nodes.JsonNode)name)]));
        return 0;
    }

    private static string? HomeOf(DscInput properties) => properties.Text("codexHome") is not { } home || Path.IsPathFullyQualified(home)
        ? properties.Text("codexHome")
        : throw properties.Failure("codexHome", $"The home '{home}' is not absolute. {Messages.Remedy.Do($"Use an absolute path.")}");

    private static string Describe(PluginMarketException failure) => $"{failure.Code}: {failure.Said.In(Messages.Face.CommandLine)}";

    private static int Fail(TextWriter error, string text, int code)
    {
        DscText.Say(error, "error", text);
        return code;
    }
}
