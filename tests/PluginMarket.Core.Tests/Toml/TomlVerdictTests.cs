using PluginMarket.TestKit;
using PluginMarket.Toml;
using Xunit;

namespace PluginMarket.Core.Tests.Toml;

/// <summary>The borders of the grammar: what Codex refuses we refuse, what it takes we take, and nothing but our
/// own failure leaves the parser.</summary>
[Trait("Category", "Fast")]
public sealed class TomlVerdictTests
{
    /// <summary>What the parser cannot read although Codex does: nothing is lost by it, since a file
    /// that is refused is not changed.</summary>
    private static readonly string[] RefusedHere = ["x = {a\\n=1}\\n", "x = {a=\\n1}\\n"];

    [Fact]
    public void We_take_and_refuse_what_Codex_takes_and_refuses()
    {
        var differences = TomlVerdict.ReadAll()
            .Where(verdict => Takes(verdict.Bytes, out _) != (verdict.IsTaken && !RefusedHere.Contains(verdict.Written)))
            .Select(verdict => (verdict.IsTaken ? "+ " : "- ") + verdict.Written).ToList();

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Fact]
    public void A_refusal_names_file_line_and_column()
    {
        foreach (var verdict in TomlVerdict.ReadAll().Where(verdict => !verdict.IsTaken))
        {
            _ = Takes(verdict.Bytes, out var failure);
            Assert.True(failure is { Code: MarketErrorCode.ConfigInvalid, File: "config.toml", Line: > 0, Column: > 0 }, verdict.Written);
        }
    }

    [Fact]
    public void A_text_that_is_cut_anywhere_is_taken_or_refused()
    {
        foreach (var verdict in TomlVerdict.ReadAll())
        {
            for (var length = 0; length < Math.Min(verdict.Bytes.Length, 60); length++)
            {
                _ = Takes(verdict.Bytes[..length], out _);
            }
        }
    }

    private static bool Takes(byte[] bytes, out PluginMarketException? failure)
    {
        try
        {
            _ = TomlFile.Parse(bytes, "config.toml");
            failure = null;
        }
        catch (PluginMarketException problem)
        {
            failure = problem;
        }

        return failure is null;
    }
}
