using System.Text.Json.Nodes;

namespace PluginMarket.Fleet.Dsc;

/// <summary>What an operation answers: the state, and the properties that differ from what was wanted, or that were changed.</summary>
internal sealed record DscAnswer(JsonObject State, IReadOnlyList<string> Differing, IReadOnlyList<PluginMarketException> Failures)
{
    internal DscAnswer(JsonObject state, IReadOnlyList<string> differing)
        : this(state, differing, [])
    {
    }

    /// <summary>Whether something was changed although something else failed.</summary>
    public bool IsPartial { get; init; }
}

/// <summary>One kind of resource.</summary>
internal abstract class DscKind
{
    /// <summary>The properties that may be given; those that are only read are accepted and count for nothing, so that the answer of one
    /// operation can be the input of another.</summary>
    internal abstract IReadOnlyList<string> Properties { get; }

    internal abstract DscAnswer Get(MarketEnvironment environment, DscInput input, CancellationToken cancellation);

    internal abstract DscAnswer Test(MarketEnvironment environment, DscInput input, CancellationToken cancellation);

    internal abstract Task<DscAnswer> SetAsync(MarketEnvironment environment, DscInput input, bool isPreview,
        CancellationToken cancellation);

    internal abstract IEnumerable<JsonObject> Export(MarketEnvironment environment, CancellationToken cancellation);

    /// <summary>The answer with whether it is as it was wanted.</summary>
    internal static DscAnswer Judged(DscAnswer answer)
    {
        answer.State["_inDesiredState"] = answer.Differing.Count == 0;
        return answer;
    }

    /// <summary>The properties that are not equal in two states.</summary>
    internal static IReadOnlyList<string> Changed(JsonObject before, JsonObject after) =>
    [
        .. before.Select(member => member.Key).Union(after.Select(member => member.Key), StringComparer.Ordinal)
            .Where(name => name != "_inDesiredState" && !JsonNode.DeepEquals(before[name], after[name])),
    ];

    /// <summary>Puts what is wanted over what is there.</summary>
    internal static void Overlay(JsonObject state, DscInput input, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (input.Has(name))
            {
                state[name] = input.Copy(name);
            }
        }
    }

    internal static void Put(JsonObject state, string name, JsonNode? value)
    {
        if (value is not null)
        {
            state[name] = value;
        }
    }
}
