using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PluginMarket.TestKit;

/// <summary>A real sshd on loopback with keys of its own, run as an ordinary child.</summary>
internal sealed class SshServer : IDisposable
{
    private static readonly (string Program, string Package)[] Parts = [("sshd", "openssh-server"), ("ssh", "openssh-client"),
        ("ssh-keygen", "openssh-client")];

    /// <summary>Where servers are although they are on nobody's PATH.</summary>
    private static readonly string[] ServerFolders = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"];
    private readonly Process _process;
    private readonly string _folder;

    private SshServer(string folder, int port, Process process)
    {
        _folder = folder;
        Port = port;
        _process = process;
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary><c>ssh://USER@127.0.0.1:PORT</c>, to which an absolute path is appended.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"ssh://{Environment.UserName}@127.0.0.1:{Port}");

    /// <summary>The private key that is let in.</summary>
    public string UserKey => Path.Join(_folder, "user");

    /// <summary>A private key that is not.</summary>
    public string StrangerKey => Path.Join(_folder, "stranger");

    /// <summary>A known_hosts file with the server's key.</summary>
    public string KnownHosts => Path.Join(_folder, "known");

    /// <summary>Starts a server, or says why this machine cannot.</summary>
    /// <param name="scratch">Where keys and configuration go.</param>
    /// <param name="problem">Why not; fit for a skipped test.</param>
    public static SshServer? TryStart(ScratchFolder scratch, out string problem)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        string[] missing = [.. Parts.Where(part => Find(part.Program) is null)
            .Select(part => $"{part.Program} (Debian package {part.Package})")];
        if (missing.Length > 0)
        {
            problem = $"Git over SSH was not tested. This machine has no {string.Join(", no ", missing)}.";
            return null;
        }

        var program = Find("sshd")!;
        if (Environment.UserName == "root" && !Directory.Exists("/run/sshd"))
        {
            try
            {
                Directory.CreateDirectory("/run/sshd");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problem = "sshd needs /run/sshd, which cannot be made.";
                return null;
            }
        }

        var folder = scratch.MakeFolder("ssh");
        foreach (var key in new[] { "host", "user", "stranger" })
        {
            Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", Path.Join(folder, key));
        }

        File.Copy(Path.Join(folder, "user.pub"), Path.Join(folder, "allowed"));
        for (var attempt = 0; ; attempt++)
        {
            var port = FreePort();
            File.WriteAllText(Path.Join(folder, "known"),
                string.Create(CultureInfo.InvariantCulture, $"[127.0.0.1]:{port} {File.ReadAllText(Path.Join(folder, "host.pub"))}"));
            if (StartOn(program, folder, port) is { } process)
            {
                problem = "";
                return new SshServer(folder, port, process);
            }

            if (attempt == 3)
            {
                problem = "sshd does not start on this machine.";
                return null;
            }
        }
    }

    /// <summary>An ssh command that reads none of the user's files.</summary>
    /// <param name="key">The private key to offer.</param>
    /// <param name="knownHosts">The file of known hosts; null for an empty one.</param>
    public string Command(string key, string? knownHosts = null) =>
        $"ssh -F none -i {key} -o IdentitiesOnly=yes -o IdentityAgent=none -o GlobalKnownHostsFile=none -o "
            + $"UserKnownHostsFile={knownHosts ?? Path.Join(_folder, "nobody")}";

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static Process? StartOn(string program, string folder, int port)
    {
        var configuration = Path.Join(folder, "config");
        File.WriteAllText(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {folder}/host
            AuthorizedKeysFile {folder}/allowed
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            AcceptEnv GIT_PROTOCOL

            """));

        // A server that a killed test leaves behind must not hold the test's own output open: whoever reads that would wait for ever.
        var start =
            new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "-D", "-e", "-f", configuration })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        while (process.StandardError.ReadLine() is { } line)
        {
            if (line.Contains("Server listening", StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync();
                _ = process.StandardOutput.ReadToEndAsync();
                return process;
            }
        }

        process.WaitForExit();
        process.Dispose();
        return null;
    }

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified).Concat(ServerFolders)
            .Select(folder => Path.Join(folder, name)).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Run(string program, params string[] arguments)
    {
        var start =
            new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program}: {errors}");
        }
    }
}
