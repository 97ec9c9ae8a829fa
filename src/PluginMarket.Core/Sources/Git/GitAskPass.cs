using System.Text;
using PluginMarket.Files;

namespace PluginMarket.Sources.Git;

/// <summary>Answers git's question for one host's credential from variables of that one child; holds no
/// secret itself (threat H3, H7).</summary>
/// <remarks>As a credential helper where the user name may be a secret: git puts it into the question for the password,
/// which every process list shows.</remarks>
internal sealed class GitAskPass
{
    // Git asks "Username for 'https://host': " and "Password for 'https://user@host': "; a proxy or another host gets no answer.
    private const string Script = """
        #!/bin/sh
        case "$1" in
        "Username for '$PLUGINMARKET_ASK_SITE'"*|"Username for '$PLUGINMARKET_ASK_SITE/"*) printf '%s\n' "$PLUGINMARKET_ASK_USER" ;;
        "Password for '$PLUGINMARKET_ASK_USERSITE'"*|"Password for '$PLUGINMARKET_ASK_USERSITE/"*) printf '%s\n' "$PLUGINMARKET_ASK_SECRET" ;;
        get)
            site= host=
            while IFS= read -r line && [ -n "$line" ]; do
                case "$line" in
                protocol=*) site="${line#protocol=}" ;;
                host=*) host="${line#host=}" ;;
                esac
            done
            [ "$site://$host" != "$PLUGINMARKET_ASK_SITE" ] || printf 'username=%s\npassword=%s\n' "$PLUGINMARKET_ASK_USER" "$PLUGINMARKET_ASK_SECRET" ;;
        store|erase) while IFS= read -r line && [ -n "$line" ]; do :; done ;;
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
        if (credential.HidesUserName)
        {
            // An empty one first: no helper of the user is asked, nor told to store the credential.
            GitVariables.Configure(variables, "credential.helper", "");
            GitVariables.Configure(variables, "credential.helper", "!\"$PLUGINMARKET_ASK_PROGRAM\"");
            variables["PLUGINMARKET_ASK_PROGRAM"] = _path;
            variables["GIT_ASKPASS"] = "";
        }
        else
        {
            variables["GIT_ASKPASS"] = _path;
        }

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
                _files.WriteNew(_path, Encoding.ASCII.GetBytes(Script.ReplaceLineEndings("\n")),
                    FileOps.PrivateFile | UnixFileMode.UserExecute);
                _written = true;
            }
        }
    }
}
