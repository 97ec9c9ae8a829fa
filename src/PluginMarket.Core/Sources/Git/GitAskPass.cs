using System.Text;

namespace PluginMarket;

/// <summary>Answers git's question for one host's credential from variables of that one child; holds no secret itself (reliability rows H3, H7).</summary>
internal sealed class GitAskPass
{
    // Git asks "Username for 'https://host': " and "Password for 'https://user@host': "; a proxy or another host gets no answer.
    private const string Script = """
        #!/bin/sh
        case "$1" in
        "Username for '$PLUGINMARKET_ASK_SITE'"*|"Username for '$PLUGINMARKET_ASK_SITE/"*) printf '%s\n' "$PLUGINMARKET_ASK_USER" ;;
        "Password for '$PLUGINMARKET_ASK_USERSITE'"*|"Password for '$PLUGINMARKET_ASK_USERSITE/"*) printf '%s\n' "$PLUGINMARKET_ASK_SECRET" ;;
        *) exit 1 ;;
        esac

        """;

    private readonly FileOps _files;
    private readonly string _path;
    private readonly object _gate = new();
    private bool _written;

    internal GitAskPass(FileOps files, string folder)
    {
        _files = files;
        _path = Path.Join(folder, "askpass.sh");
    }

    internal void Supply(Dictionary<string, string> variables, GitRemote remote)
    {
        if (remote.Credential is not { } credential || !credential.IsFor(remote.Asked))
        {
            return;
        }

        Write();
        var (scheme, authority) = (remote.Asked.Scheme, remote.Asked.Authority);
        variables["GIT_ASKPASS"] = _path;
        variables["PLUGINMARKET_ASK_SITE"] = $"{scheme}://{authority}";
        variables["PLUGINMARKET_ASK_USERSITE"] = $"{scheme}://{Uri.EscapeDataString(credential.UserName)}@{authority}";
        variables["PLUGINMARKET_ASK_USER"] = credential.UserName;
        variables["PLUGINMARKET_ASK_SECRET"] = credential.Secret;
    }

    private void Write()
    {
        lock (_gate)
        {
            if (!_written)
            {
                _files.WriteNew(_path, Encoding.ASCII.GetBytes(Script.ReplaceLineEndings("\n")), FileOps.PrivateFile | UnixFileMode.UserExecute);
                _written = true;
            }
        }
    }
}
