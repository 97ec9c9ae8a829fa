using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>What the command line says to plausible mistakes: <c>mistakes.md</c>, which a person reads before it is committed. Each message
/// says what happened, to which thing, why, and what to do next.</summary>
[Trait("Category", "Fast")]
public sealed partial class MistakesTests : IDisposable
{
    /// <summary>In one home, in which <c>notes@corp</c> is installed and held, and <c>deploy@corp</c> has a hook more at its source.</summary>
    private static readonly string[] Mistakes =
    [
        "add", "add notes", "add notes@", "add @corp", "add nots@corp", "add notes@crop", "add 'no tes@corp'", "add *@corp",
        "add notes@corp --marketplace other", "add notes@corp --ref main", "add notes@corp --sha abc", "add notes@corp --version 9.9.9",
        "add notes@corp --cache-version latest", "add mail@corp", "add broken@corp", "add deploy@corp", "add notes@corp --no-such",
        "add notes@corp extra",
        "install notes@corp", "search notes", "rm notes", "updtae",
        "remove", "remove mail@corp", "remove nots", "enable mail@corp", "enable nots --marketplace corp", "disable mail@corp",
        "hold", "hold mail", "hold nots", "release mail", "rollback notes", "rollback notes --version 9.9.9", "rollback mail",
        "repair mail", "repair nots",
        "update notes", "update nots", "update deploy", "update deploy --accept-capability Hok", "update --keep-version x",
        "update --approval-file ./none.json", "update --approval-file ./corp",
        "outdated nots", "outdated --refersh",
        "list --available", "list --json --format x",
        "marketplace", "marketplace add", "marketplace add ./none", "marketplace add ./empty", "marketplace add ./corp/notes",
        "marketplace add ftp://example.com/x.git", "marketplace add ./corp --ref main", "marketplace add ./corp --name other",
        "marketplace add ./same", "marketplace add https://user:secret@example.com/o/r.git", "marketplace add http://example.com/o/r.git",
        "marketplace remove", "marketplace remove crop", "marketplace upgrade crop", "marketplace upgrade corp", "marketplace set corp",
        "marketplace set crop --ref main", "marketplace set corp --ref main", "marketplace set corp --source ./none", "marketplace update",
        "validate", "validate ./none", "validate ./empty", "validate ./corp --settings ./none.json", "validate ./corp --settings ./bad.json",
        "validate ./corp --format xml", "validate @acme",
        "lock --lock-file ./none/plugins.lock.json", "restore", "restore --lock-file ./none.json", "restore --lock-file ./bad.json",
        "verify nots", "verify --lock-file ./none.json", "verify --exact",
        "capabilities", "capabilities nots", "capabilities ./none", "manifest ./empty", "diff notes", "diff notes ./none", "diff nots",
        "save", "save nots@corp", "save notes@crop", "save notes@corp --path ./full", "save notes@corp --ref main", "save mail@corp",
        "history nots", "history --after yesterday",
        "apply", "apply --file ./none.json", "apply --file ./bad.json", "apply --file ./corp", "apply --file ./bad.json --max-removal x", "drift", "drift --against ./none.json",
        "state", "state export nots", "inventory --out ./none/here/x.json", "policy test", "policy test nots@corp", "policy show --policy ./none.json",
        "policy show --policy ./bad.json", "policy new ./full", "completion fish",
        "list --timeout 0", "list --timeout soon", "list --git-engine svn",
        "add notes@corp --credential me",
    ];

    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Each_mistake_gets_the_message_of_the_page()
    {
        var root = _cli.Marketplace("corp", "notes", "deploy", "mail");
        _cli.Write("corp/.agents/plugins/marketplace.json", """
            { "name": "corp", "plugins": [
              { "name": "notes", "source": "./notes" }, { "name": "deploy", "source": "./deploy" },
              { "name": "mail", "source": "./mail", "policy": { "installation": "NOT_AVAILABLE" } },
              { "name": "broken", "source": "../outside" } ] }
            """);
        _cli.Write("same/.agents/plugins/marketplace.json", """{ "name": "corp", "plugins": [] }""");
        _cli.Write("full/notes/mine.txt", "mine");
        _cli.Write("empty/.keep", "");
        _cli.Write("bad.json", "{ \"no\": ");
        _cli.Run("marketplace", "add", root);
        _cli.Run("add", "notes@corp");
        _cli.Run("add", "deploy@corp");
        _cli.Run("hold", "notes", "--note", "CHG-7");
        _cli.Write("corp/deploy/hooks/hooks.json", """{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"echo hi"}]}]}}""");

        var page = new StringBuilder("# Mistakes on the command line\n\nWhat each says, and its exit code. A test writes and compares this page; "
            + "a person reads it: what happened, to which thing, why, and what to do next.\n");
        foreach (var mistake in Mistakes)
        {
            var (code, output, error) = _cli.Run(Words().Split(mistake).Select(word => word.Trim('\'')).ToArray());
            page.Append(CultureInfo.InvariantCulture, $"\n`$ pluginmarket {mistake}` ({code})\n\n");
            foreach (var line in (output + error).Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(6))
            {
                page.Append(CultureInfo.InvariantCulture, $"> {Shown(line)}\n");
            }

            Assert.False(error.Contains("did not expect", StringComparison.Ordinal), $"{mistake}: {error}");
        }

        ApprovedPage.Demand("tests/PluginMarket.Cli.Tests/Hosting/mistakes.md", page.ToString(), nameof(MistakesTests));
    }

    private string Shown(string line) => Digest().Replace(line.Replace(_cli.Folder, "~", StringComparison.Ordinal), "$1…");

    [GeneratedRegex(@" (?=(?:[^']*'[^']*')*[^']*$)")]
    private static partial Regex Words();

    [GeneratedRegex("(sha256:[0-9a-f]{6}|pluginmarket-)[0-9a-f]{20,}")]
    private static partial Regex Digest();
}
