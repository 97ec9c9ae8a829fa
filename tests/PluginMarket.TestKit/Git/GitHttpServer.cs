using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net.Security;
using System.Text;

namespace PluginMarket.TestKit;

/// <summary>A small HTTP(S) server on loopback in front of <c>git http-backend</c>, which keeps a log and can misbehave.</summary>
internal sealed class GitHttpServer : IAsyncDisposable
{
    private readonly LoopbackListener _listener;
    private readonly ConcurrentQueue<GitHttpRequest> _log = new();
    private readonly TaskCompletionSource _firstRequest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<(string Method, string Path, string Query, string Protocol, string Body), byte[]> _answers = new();
    private readonly string _root;
    private readonly TlsAuthority? _tls;
    private long _bytesSent;

    /// <summary>Starts the server.</summary>
    /// <param name="root">The folder whose repositories are served: <c>/NAME</c> is the repository in the folder NAME.</param>
    /// <param name="tls">The authority of an https server; null for http.</param>
    public GitHttpServer(string root, TlsAuthority? tls = null)
    {
        _root = root;
        _tls = tls;
        _listener = new LoopbackListener(ServeAsync);
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port => _listener.Port;

    /// <summary><c>127.0.0.1:PORT</c>.</summary>
    public string Authority => _listener.Authority;

    /// <summary>The address of the root, without a trailing slash.</summary>
    public string Url => $"{(_tls is null ? "http" : "https")}://{Authority}";

    /// <summary>Asked for an answer before git is; null leaves it to git.</summary>
    public Func<GitHttpRequest, GitHttpAnswer?> Answer { get; set; } = _ => null;

    /// <summary>Waited for before anything is answered.</summary>
    public Func<GitHttpRequest, Task> Delay { get; set; } = _ => Task.CompletedTask;

    /// <summary>Whether an answer of git is given again to the same request, so that the server costs next to nothing.</summary>
    public bool RemembersAnswers { get; set; }

    /// <summary>The token every request must carry, if any.</summary>
    public string? RequiredToken { get; set; }

    /// <summary>Whether the newer protocol, in which every object can be wanted by its id, is spoken.</summary>
    public bool SpeaksVersion2 { get; set; } = true;

    /// <summary>Every request so far.</summary>
    public IReadOnlyList<GitHttpRequest> Log => [.. _log];

    /// <summary>Ends with the first request. Wait for it together with the run that is to make it: one that fails before never
    /// asks.</summary>
    public Task FirstRequest => _firstRequest.Task;

    /// <summary>How many packs were asked for.</summary>
    public int Fetches => _log.Count(request => request.IsFetch);

    /// <summary>How many times references were asked for.</summary>
    public int Listings => _log.Count(request => request.IsListing);

    /// <summary>How many bytes git's answers had so far, with their heads.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(Stream connection)
    {
        var stream = connection;
        if (_tls is not null)
        {
            var secured = new SslStream(connection);
            await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _tls.ServerCertificate },
                _listener.Stopping);
            stream = secured;
        }

        await using (stream)
        {
            if (await ReadRequestAsync(stream) is { } request)
            {
                _log.Enqueue(request);
                _firstRequest.TrySetResult();
                await RespondAsync(stream, request);
                if (stream is SslStream secure)
                {
                    await secure.ShutdownAsync();
                }
            }
        }
    }

    private async Task RespondAsync(Stream stream, GitHttpRequest request)
    {
        await Delay(request);
        if (Answer(request) is { } made)
        {
            await SendAsync(stream, made);
        }
        else if (RequiredToken is not null && request.Token != RequiredToken)
        {
            await SendAsync(stream,
                new GitHttpAnswer(401) { Headers = new Dictionary<string, string> { ["WWW-Authenticate"] = "Basic realm=\"tests\"" } });
        }
        else if (RemembersAnswers)
        {
            var key = (request.Method, request.Path, request.Query, request.Headers.GetValueOrDefault("Git-Protocol", ""), request.BodyText);
            if (!_answers.TryGetValue(key, out var answer))
            {
                using var kept = new MemoryStream();
                await RunBackendAsync(kept, request);
                _answers[key] = answer = kept.ToArray();
            }

            await stream.WriteAsync(answer, _listener.Stopping);
            await stream.FlushAsync(_listener.Stopping);
        }
        else
        {
            await RunBackendAsync(stream, request);
        }
    }

    private async Task SendAsync(Stream stream, GitHttpAnswer answer)
    {
        var body = Encoding.Latin1.GetBytes(answer.Body);
        var header = new StringBuilder().Append(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {answer.Status} Made\r\nContent-Type: {answer.ContentType}\r\nConnection: close\r\n");
        foreach (var (name, value) in answer.Headers)
        {
            header.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (!answer.Hangs && answer.Repeated.IsEmpty)
        {
            header.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(header.Append("\r\n").ToString()), _listener.Stopping);
        await stream.WriteAsync(body, _listener.Stopping);
        var repeated = Enlarged(answer.Repeated);
        while (!repeated.IsEmpty)
        {
            // A write that does not wait would keep its thread from everybody else.
            await stream.WriteAsync(repeated, _listener.Stopping);
            await Task.Yield();
        }

        await stream.FlushAsync(_listener.Stopping);
        if (answer.Hangs)
        {
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, _listener.Stopping);
        }
    }

    private static ReadOnlyMemory<byte> Enlarged(ReadOnlyMemory<byte> part) =>
        part.IsEmpty ? part : Enumerable.Repeat(part.ToArray(), Math.Max(1, (64 << 10) / part.Length)).SelectMany(bytes => bytes).ToArray();

    private async Task RunBackendAsync(Stream stream, GitHttpRequest request)
    {
        var start =
            new ProcessStartInfo("git") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("http-backend");
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_COUNT"] = "1";
        start.Environment["GIT_CONFIG_KEY_0"] = "safe.directory";
        start.Environment["GIT_CONFIG_VALUE_0"] = "*";
        start.Environment["HOME"] = _root;
        start.Environment["GIT_PROJECT_ROOT"] = _root;
        start.Environment["GIT_HTTP_EXPORT_ALL"] = "1";
        start.Environment["PATH_INFO"] = request.Path;
        start.Environment["QUERY_STRING"] = request.Query;
        start.Environment["REQUEST_METHOD"] = request.Method;
        start.Environment["CONTENT_TYPE"] = request.Headers.GetValueOrDefault("Content-Type", "");
        start.Environment["CONTENT_LENGTH"] = request.Body.Length.ToString(CultureInfo.InvariantCulture);
        start.Environment["HTTP_CONTENT_ENCODING"] = request.Headers.GetValueOrDefault("Content-Encoding", "");
        if (SpeaksVersion2)
        {
            start.Environment["GIT_PROTOCOL"] = request.Headers.GetValueOrDefault("Git-Protocol", "");
        }

        using var process = Process.Start(start)!;
        try
        {
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var writing = WriteAsync(process, request.Body);
            var output = process.StandardOutput.BaseStream;
            var fields = await ReadFieldsAsync(output);
            var status = fields.GetValueOrDefault("Status", "200 OK");
            var header = new StringBuilder($"HTTP/1.1 {status}\r\nConnection: close\r\n");
            foreach (var (name, value) in fields.Where(field => field.Key != "Status"))
            {
                header.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
            }

            var part = new byte[81920];
            var length = Encoding.ASCII.GetBytes(header.Append("\r\n").ToString(), part);
            while (length > 0)
            {
                Interlocked.Add(ref _bytesSent, length);
                await stream.WriteAsync(part.AsMemory(0, length), _listener.Stopping);
                length = await output.ReadAsync(part, _listener.Stopping);
            }

            await stream.FlushAsync(_listener.Stopping);
            await writing;
            await process.WaitForExitAsync(_listener.Stopping);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task WriteAsync(Process process, byte[] body)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(body);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The backend refused the request before reading it.
        }
    }

    private async Task<GitHttpRequest?> ReadRequestAsync(Stream stream)
    {
        var line = await ReadLineAsync(stream);
        if (line is null)
        {
            return null;
        }

        var parts = line.Split(' ');
        var fields = await ReadFieldsAsync(stream);
        if (fields.TryGetValue("Expect", out var expected) && expected.StartsWith("100", StringComparison.Ordinal))
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _listener.Stopping);
        }

        var body = await ReadBodyAsync(stream, fields);
        var mark = parts[1].IndexOf('?', StringComparison.Ordinal);
        var path = Uri.UnescapeDataString(mark < 0 ? parts[1] : parts[1][..mark]);
        var text = fields.GetValueOrDefault("Content-Encoding") == "gzip" ? Unzip(body) : body;
        return new GitHttpRequest(parts[0], path, mark < 0 ? "" : parts[1][(mark + 1)..], fields, body)
        {
            BodyText = Encoding.Latin1.GetString(text),
        };
    }

    private async Task<byte[]> ReadBodyAsync(Stream stream, Dictionary<string, string> fields)
    {
        if (fields.GetValueOrDefault("Transfer-Encoding") == "chunked")
        {
            using var whole = new MemoryStream();
            while (int.Parse(await ReadLineAsync(stream) ?? "0", NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
            {
                var chunk = new byte[size];
                await stream.ReadExactlyAsync(chunk, _listener.Stopping);
                whole.Write(chunk);
                await ReadLineAsync(stream);
            }

            await ReadLineAsync(stream);
            return whole.ToArray();
        }

        var length = int.Parse(fields.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, _listener.Stopping);
        return body;
    }

    private static byte[] Unzip(byte[] body)
    {
        using var unzipped = new MemoryStream();
        using var zip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        zip.CopyTo(unzipped);
        return unzipped.ToArray();
    }

    private async Task<Dictionary<string, string>> ReadFieldsAsync(Stream stream)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(stream) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            fields[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return fields;
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _listener.Stopping) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return line.Length == 0 ? null : line.ToString();
    }
}
