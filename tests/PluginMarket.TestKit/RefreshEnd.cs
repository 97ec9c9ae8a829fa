using System.Text;

namespace PluginMarket.TestKit;

/// <summary>A marketplace, configured while this object lives, whose one plugin cannot be refreshed: the app-server says so
/// when it has seen to all others.</summary>
internal sealed class RefreshEnd : IDisposable
{
    private const string Marketplace = "zzz-refresh-end";

    private readonly ScratchFolder _scratch = new();
    private readonly StringBuilder _errors = new();
    private readonly string _configuration;
    private readonly byte[]? _before;
    private readonly byte[] _during;
    private volatile bool _reached;

    public RefreshEnd(string codexHome)
    {
        _scratch.Write(".agents/plugins/marketplace.json", $$"""{"name":"{{Marketplace}}","plugins":[{"name":"end","source":"./end"}]}""");
        _scratch.Write("end/.codex-plugin/plugin.json", """{"name":"not-end"}""");
        _configuration = Path.Join(codexHome, "config.toml");
        _before = File.Exists(_configuration) ? File.ReadAllBytes(_configuration) : null;
        _during = [.. _before ?? [], .. Encoding.UTF8.GetBytes($"\n[marketplaces.{Marketplace}]\nsource_type = \"local\"\nsource = "
            + $"'{_scratch.Path}'\n\n[plugins.\"end@{Marketplace}\"]\nenabled = true\n")];
        File.WriteAllBytes(_configuration, _during);
    }

    public bool IsReached => _reached;

    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public void Notice(string? line)
    {
        lock (_errors)
        {
            _errors.AppendLine(line);
        }

        _reached |= line?.Contains("end@" + Marketplace, StringComparison.Ordinal) == true;
    }

    /// <summary>Puts the configuration back.</summary>
    /// <exception cref="InvalidOperationException">Something else was written to it in the meantime, which putting it back would
    /// lose.</exception>
    public void Dispose()
    {
        _scratch.Dispose();
        if (!File.ReadAllBytes(_configuration).AsSpan().SequenceEqual(_during))
        {
            throw new InvalidOperationException($"{_configuration} was changed during the refresh.");
        }

        if (_before is null)
        {
            File.Delete(_configuration);
        }
        else
        {
            File.WriteAllBytes(_configuration, _before);
        }
    }
}
