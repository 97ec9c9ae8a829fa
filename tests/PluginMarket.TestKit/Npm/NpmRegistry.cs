using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PluginMarket.TestKit;

/// <summary>A small npm registry on loopback: the documents of packages and their tarballs, nothing else.</summary>
internal sealed class NpmRegistry : IAsyncDisposable
{
    private readonly LoopbackListener _listener;
    private readonly ConcurrentQueue<NpmRequest> _log = new();
    private readonly ConcurrentDictionary<string, SortedDictionary<string, (byte[] Tarball, string Integrity)>> _packages =
        new(StringComparer.Ordinal);

    public NpmRegistry() => _listener = new LoopbackListener(ServeAsync);

    /// <summary>Why no test with the real npm can run, or null.</summary>
    public static string? MissingNpm { get; } =
        (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(
            folder => Path.IsPathFullyQualified(folder) && File.Exists(Path.Join(folder, OperatingSystem.IsWindows() ? "npm.cmd" : "npm")))
            ? null
            : "There is no npm on the search path, so npm packages were not tried.";

    /// <summary>The address, with a trailing slash.</summary>
    public string Url => $"http://{_listener.Authority}/";

    /// <summary>The token that every request must carry, if any.</summary>
    public string? RequiredToken { get; set; }

    /// <summary>Asked for an answer before the packages are: a status with its text, or null.</summary>
    public Func<NpmRequest, (int Status, string Text)?> Answer { get; set; } = _ => null;

    /// <summary>Writes the body of a tarball instead of its bytes, without a stated length; null for none.</summary>
    public Func<Stream, CancellationToken, Task>? TarballBody { get; set; }

    /// <summary>Every request so far.</summary>
    public IReadOnlyList<NpmRequest> Log => [.. _log];

    /// <summary>Offers a version of a package; the one published last is the latest.</summary>
    /// <param name="package">Its name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="tarball">Its tarball.</param>
    /// <param name="integrity">What the registry announces of the tarball; null for the truth.</param>
    public NpmRegistry Publish(string package, string version, byte[] tarball, string? integrity = null)
    {
        var versions = _packages.GetOrAdd(package, _ => new SortedDictionary<string, (byte[], string)>(StringComparer.Ordinal));
        lock (versions)
        {
            versions[version] = (tarball, integrity ?? IntegrityOf(tarball));
        }

        return this;
    }

    public static string IntegrityOf(byte[] tarball) => "sha512-" + Convert.ToBase64String(SHA512.HashData(tarball));

    /// <summary>The lines of an <c>.npmrc</c> that leads npm here, and lets it give up at once.</summary>
    public string Configuration => $"registry={Url}\nfetch-retries=0\n";

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(Stream stream)
    {
        if (await ReadRequestAsync(stream) is { } request)
        {
            _log.Enqueue(request);
            await RespondAsync(stream, request);
        }
    }

    private async Task RespondAsync(Stream stream, NpmRequest request)
    {
        if (Answer(request) is var (status, text))
        {
            await SendAsync(stream, status, "application/json", Encoding.UTF8.GetBytes(text));
        }
        else if (RequiredToken is not null && request.Authorization != "Bearer " + RequiredToken)
        {
            // Some registries say what they were sent.
            await SendAsync(stream, 401, "application/json",
                JsonSerializer.SerializeToUtf8Bytes(new { error = $"refused: {request.Authorization}" }));
        }
        else if (request.IsTarball)
        {
            await SendTarballAsync(stream, request);
        }
        else if (_packages.TryGetValue(request.Path, out var versions))
        {
            await SendAsync(stream, 200, "application/json", Document(request.Path, versions));
        }
        else
        {
            await SendAsync(stream, 404, "application/json", "{\"error\":\"Not found\"}"u8.ToArray());
        }
    }

    private async Task SendTarballAsync(Stream stream, NpmRequest request)
    {
        if (TarballBody is { } body)
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n\r\n"u8.ToArray(),
                _listener.Stopping);
            await body(stream, _listener.Stopping);
            return;
        }

        var parts = request.Path[..^".tgz".Length].Split("/-/");
        var version = parts[1][(parts[0].Split('/')[^1].Length + 1)..];
        await SendAsync(stream, 200, "application/octet-stream", _packages[parts[0]][version].Tarball);
    }

    private byte[] Document(string package, SortedDictionary<string, (byte[] Tarball, string Integrity)> versions)
    {
        lock (versions)
        {
            var list = new JsonObject();
            foreach (var (version, (_, integrity)) in versions)
            {
                list[version] = new JsonObject
                {
                    ["name"] = package,
                    ["version"] = version,
                    ["dist"] = new JsonObject
                    {
                        ["tarball"] = $"{Url}{package}/-/{package.Split('/')[^1]}-{version}.tgz",
                        ["integrity"] = integrity,
                    },
                };
            }

            return Encoding.UTF8.GetBytes(new JsonObject
            {
                ["name"] = package,
                ["dist-tags"] = new JsonObject { ["latest"] = versions.Keys.Last() },
                ["versions"] = list,
            }.ToJsonString());
        }
    }

    private async Task SendAsync(Stream stream, int status, string type, byte[] body)
    {
        var head = string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} Answer\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _listener.Stopping);
        await stream.WriteAsync(body, _listener.Stopping);
        await stream.FlushAsync(_listener.Stopping);
    }

    private async Task<NpmRequest?> ReadRequestAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        if (await reader.ReadLineAsync(_listener.Stopping) is not { } first)
        {
            return null;
        }

        string? authorization = null;
        while (await reader.ReadLineAsync(_listener.Stopping) is { Length: > 0 } line)
        {
            if (line.StartsWith("authorization:", StringComparison.OrdinalIgnoreCase))
            {
                authorization = line["authorization:".Length..].Trim();
            }
        }

        return new NpmRequest(Uri.UnescapeDataString(first.Split(' ')[1].TrimStart('/')), authorization);
    }
}

/// <summary>One request to a registry.</summary>
/// <param name="Path">The package, or its tarball, without a leading slash.</param>
/// <param name="Authorization">What the client gave to be known by.</param>
internal sealed record NpmRequest(string Path, string? Authorization)
{
    /// <summary>Whether a tarball is asked for.</summary>
    public bool IsTarball => Path.EndsWith(".tgz", StringComparison.Ordinal);
}
