using PluginMarket.TestKit;
using PluginMarket.Validation;

namespace PluginMarket.Interop.Tests.Validation;

/// <summary>Codex and the check agree on every case of <c>tests/catalogs/broken-cases.txt</c>, in both directions. The samples are run over
/// the same cases by <c>Samples.Tests.ps1</c>.</summary>
public sealed class BrokenCaseTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [CodexFact]
    public void Codex_refuses_what_the_table_says()
    {
        var codex = Judge.Current;
        var side = new CodexSide(codex, _scratch["codex"]);
        var cases = BrokenCase.ReadAll();
        var added = new List<BrokenCase>();
        var wrong = new List<string>();
        foreach (var one in cases)
        {
            one.WriteTo(_scratch[one.Name]);
            var isAdded = side.Run("marketplace", "add", _scratch[one.Name]).ExitCode == 0;
            if (isAdded == (one.Refused == "file"))
            {
                wrong.Add($"{one.Name}: Codex {(isAdded ? "takes" : "refuses")} the catalog, the table says {one.Refused}");
            }
            else if (isAdded)
            {
                added.Add(one);
            }
        }

        // One list for all of them: whoever is added can be listed.
        var listed = side.Run("list", "--available", "--json").Json().GetProperty("available").EnumerateArray()
            .Select(item => item.GetProperty("pluginId").GetString()!).ToLookup(id => id.Split('@')[1]);
        foreach (var one in added)
        {
            var seen = !listed[one.Name].Any() ? (HasEntries(one) ? "entry" : "nothing")
                : listed[one.Name].Any(id => side.Run("add", id).ExitCode != 0) ? "install"
                : LosesPart(codex, side, one) ? one.Refused : "nothing";
            if (seen != one.Refused)
            {
                wrong.Add($"{one.Name}: Codex refuses {seen}, the table says {one.Refused}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(cases.Count >= 50);
    }

    [Fact]
    public async Task The_check_says_what_the_table_says_and_agrees_with_Codex()
    {
        var environment = _scratch.Environment();
        var wrong = new List<string>();
        foreach (var one in BrokenCase.ReadAll())
        {
            var root = _scratch[one.Name];
            one.WriteTo(root);
            var request = new ValidationRequest { Paths = [root], Recurse = true, LeavesMissingToCatalog = true };
            var marketplaces = await new Validator(environment).CheckMarketplacesAsync(request);
            var results = marketplaces.Results.Concat(new Validator(environment).CheckPlugins(request).Results).ToList();
            var isValid = results.TrueForAll(result => result.IsValid);
            var rules = results.SelectMany(result => result.Diagnostics)
                .Where(finding => finding.Severity == (isValid ? "Warning" : "Error")).Select(finding => finding.RuleId)
                .Where(id => id != "PM1011").Distinct().Order(StringComparer.Ordinal);
            var said = string.Join(' ', rules.Prepend(isValid ? "fine" : "error"));
            if (results.Count == 0 || said != one.Says)
            {
                wrong.Add($"{one.Name}: the check says '{said}', the table '{one.Says}'");
            }

            if (isValid != (one.Refused == "nothing") && one.Reason.Length == 0)
            {
                wrong.Add($"{one.Name}: the check says '{said}', Codex refuses {one.Refused}, and no reason is given");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private bool LosesPart(CodexCli codex, CodexSide side, BrokenCase one)
    {
        if (!one.Refused.StartsWith("part ", StringComparison.Ordinal))
        {
            return false;
        }

        var plugin = codex.ReadPlugins(side.CodexHome, side.Home, _scratch[$"{one.Name}/.agents/plugins/marketplace.json"], ["kit"])["kit"];
        return plugin.GetProperty(one.Refused["part ".Length..]).GetArrayLength() == 0;
    }

    private static bool HasEntries(BrokenCase one) => !one.Files.Values.Any(text => text.Contains("\"plugins\":[]", StringComparison.Ordinal));
}
