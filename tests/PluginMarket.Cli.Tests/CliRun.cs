using System.Text.Json;
using PluginMarket.Cli.Hosting;
using PluginMarket.Home;
using PluginMarket.TestKit;

namespace PluginMarket.Cli.Tests;

/// <summary>The program with two scratch homes, run as a user would and read as a script would.</summary>
internal sealed class CliRun : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public CliRun()
    {
        CodexHome = _scratch.MakeFolder("home/.codex");
        Home = _scratch.MakeFolder("home");
    }

    public string CodexHome { get; }

    public string Home { get; }

    public string Folder => _scratch.Path;

    public (int ExitCode, string Output, string Error) Run(params string[] arguments) => RunIn(_scratch.Path, arguments);

    public (int ExitCode, string Output, string Error) RunIn(string folder, params string[] arguments) =>
        RunOn(CodexHome, folder, arguments);

    /// <summary>Runs the program on another home of Codex.</summary>
    public (int ExitCode, string Output, string Error) RunOn(string codexHome, string folder, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(output, error, folder, Colour: false);
        var code = CommandTree.RunAsync([.. arguments, "--codex-home", codexHome, "--home", Home], terminal, CancellationToken.None)
            .GetAwaiter().GetResult();
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Runs the program on a computer with these accounts, in the home of none.</summary>
    public (int ExitCode, string Output, string Error) RunOn(AccountSource accounts, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(output, error, _scratch.Path, Colour: false) { Accounts = accounts };
        var code = CommandTree.RunAsync(arguments, terminal, CancellationToken.None).GetAwaiter().GetResult();
        return (code, output.ToString(), error.ToString());
    }

    public JsonElement Json(params string[] arguments)
    {
        var (_, output, _) = Run([.. arguments, "--json"]);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    /// <summary>Writes a marketplace with one plugin a name given and returns its root.</summary>
    public string Marketplace(string name, params string[] plugins)
    {
        var root = _scratch.MakeFolder(name);
        var entries = plugins.Select(plugin => $$"""{ "name": "{{plugin}}", "source": "./{{plugin}}", "category": "Tools" }""");
        Write($"{name}/.agents/plugins/marketplace.json", $$"""{ "name": "{{name}}", "plugins": [{{string.Join(',', entries)}}] }""");
        foreach (var plugin in plugins)
        {
            Write($"{name}/{plugin}/.codex-plugin/plugin.json", $$"""{ "name": "{{plugin}}", "version": "1.0.0" }""");
        }

        return root;
    }

    public void Write(string path, string text) => _scratch.Write(path, text);

    public void Dispose() => _scratch.Dispose();
}
