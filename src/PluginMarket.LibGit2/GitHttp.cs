using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PluginMarket.Sources.Git;

namespace PluginMarket;

/// <summary>Speaks http with git servers: certificates and proxies of the system and of git's settings, never a redirect, a credential
/// only where one is asked for.</summary>
internal sealed class GitHttp : IDisposable
{
    private const int ShownBody = 4 << 10;
    private readonly MarketEnvironment _environment;
    private readonly UserGitConfiguration _configuration;
    private readonly StoredCredentials _stored;
    private readonly ConcurrentDictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Place, GitCredential? Given), GitCredential> _accepted = new();

    internal GitHttp(MarketEnvironment environment, UserGitConfiguration configuration, string folder)
    {
        _environment = environment;
        _configuration = configuration;
        _stored = new StoredCredentials(environment, configuration, folder);
    }

    /// <summary>Asks a server; the answer is one of success, its body not read yet.</summary>
    /// <exception cref="GitCommandFailure">Any other answer, or none.</exception>
    internal async Task<Stream> AskAsync(GitRemote remote, GitHttpQuestion question, CancellationToken cancellationToken)
    {
        _environment.Log.Command($"libgit2: {(question.Body is null ? "GET" : "POST")} {GitUrl.Redact(AddressOf(remote, question))}");
        var place = ($"{remote.Asked.Scheme}://{remote.Asked.Authority}", remote.Credential);
        var credential = _accepted.GetValueOrDefault(place);
        var response = await SendAsync(remote, question, credential, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Unauthorized && credential is null)
        {
            credential = remote.Credential ?? await _stored.FindAsync(remote.Asked, cancellationToken).ConfigureAwait(false);
            if (credential is not null)
            {
                response.Dispose();
                response = await SendAsync(remote, question, credential, cancellationToken).ConfigureAwait(false);
            }
        }

        if (response.IsSuccessStatusCode)
        {
            if (credential is not null)
            {
                _accepted[place] = credential;
            }

            return await BodyOfAsync(response, remote, question, cancellationToken).ConfigureAwait(false);
        }

        using (response)
        {
            throw Failure(remote, await DescribeAsync(remote, response, cancellationToken).ConfigureAwait(false), credential);
        }
    }

    /// <summary>What a server's first answer tells of it, asked without credentials.</summary>
    internal async Task<ServerSign> ProbeAsync(GitRemote remote, GitHttpQuestion question, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(remote, question, null, cancellationToken, isBare: true).ConfigureAwait(false);
        return new ServerSign((int)response.StatusCode, response.Headers.Location?.OriginalString,
            response.Content.Headers.ContentType?.MediaType);
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    /// <summary>A failure told in git's words, which name it and its remedy the same way whatever engine met it.</summary>
    internal static GitCommandFailure Failure(GitRemote remote, string text, GitCredential? credential) =>
        new(text, GitFailures.Explain(remote.Address, text, remote.Mask.With(credential), "answer", "The exchange ended with:",
            remote.Withheld));

    private static string AddressOf(GitRemote remote, GitHttpQuestion question) => remote.Asked.Value.TrimEnd('/') + question.Path;

    private async Task<HttpResponseMessage> SendAsync(GitRemote remote, GitHttpQuestion question, GitCredential? credential,
        CancellationToken cancellationToken, bool isBare = false)
    {
        using var request = new HttpRequestMessage(question.Body is null ? HttpMethod.Get : HttpMethod.Post, AddressOf(remote, question));
        request.Headers.TryAddWithoutValidation("User-Agent", "git/2.0 (libgit2)");
        request.Headers.TryAddWithoutValidation("Accept", question.Accepted);
        request.Headers.TryAddWithoutValidation("Git-Protocol", "version=2");
        if (question.Body is { } body)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-git-upload-pack-request");
        }

        if (!isBare)
        {
            AddSecrets(request, remote, credential);
        }

        // Once an answer has begun, its body says for itself whether it stands still.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_environment.Limits.GitTime);
        try
        {
            return await _clients.GetOrAdd(remote.Asked.Authority, _ => MakeClient(remote.Asked))
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure(remote, "fatal: Operation timed out", credential);
        }
        catch (HttpRequestException e)
        {
            throw Failure(remote, Describe(remote, e), credential);
        }
    }

    private void AddSecrets(HttpRequestMessage request, GitRemote remote, GitCredential? credential)
    {
        foreach (var header in _configuration.All("http", "extraheader", remote.Asked))
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                request.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim());
            }
        }

        if (credential is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.UserName}:{credential.Secret}")));
        }
    }

    private static async Task<Stream> BodyOfAsync(HttpResponseMessage response, GitRemote remote, GitHttpQuestion question,
        CancellationToken cancellationToken)
    {
        if (!string.Equals(response.Content.Headers.ContentType?.MediaType, question.Accepted, StringComparison.OrdinalIgnoreCase))
        {
            using var body = new PatientStream(response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
            await body.ReadAtLeastAsync(new byte[ShownBody], ShownBody, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            throw Failure(remote, $"fatal: {remote.Asked}{question.Path} not valid: is this a git repository?", null);
        }

        return new PatientStream(response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
    }

    private HttpClient MakeClient(GitUrl url)
    {
        var authorities = AuthoritiesOf(url);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = new GitProxy(_environment.Variables, _configuration.All("http", "proxy", url) is [.., var proxy] ? proxy : null),
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => errors == SslPolicyErrors.None
                    || (errors == SslPolicyErrors.RemoteCertificateChainErrors && authorities is not null
                        && IsSignedBy(authorities, certificate, chain)),
            },
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private string? AuthoritiesFileOf(GitUrl url) =>
        _environment.Variables.GetValueOrDefault("GIT_SSL_CAINFO") is { Length: > 0 } file ? file
        : _configuration.All("http", "sslcainfo", url) is [.., var configured] ? configured
        : _environment.Variables.GetValueOrDefault("SSL_CERT_FILE") is { Length: > 0 } common ? common : null;

    private X509Certificate2Collection? AuthoritiesOf(GitUrl url)
    {
        if (AuthoritiesFileOf(url) is not { } file || !Path.IsPathFullyQualified(file)
            || _environment.Files.TryReadAllBytes(file, 16 << 20, followLink: true) is not { } bytes)
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(Encoding.UTF8.GetString(bytes));
        return authorities;
    }

    private static bool IsSignedBy(X509Certificate2Collection authorities, X509Certificate? certificate, X509Chain? sent)
    {
        if (certificate is not X509Certificate2 own)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        return chain.Build(own);
    }

    private static async Task<string> DescribeAsync(GitRemote remote, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var said = new StringBuilder();
        if (response.Content.Headers.ContentType?.MediaType == "text/plain" && (int)response.StatusCode >= 400)
        {
            var start = new byte[ShownBody];
            using var body = new PatientStream(response,
                await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
            var length = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            foreach (var line in Encoding.UTF8.GetString(start, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                said.Append("remote: ").Append(line.TrimEnd('\r')).Append('\n');
            }
        }

        return said.Append(response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => $"fatal: Authentication failed for '{remote.Asked}'",
            HttpStatusCode.NotFound => $"fatal: repository '{remote.Asked}' not found",
            var status => $"fatal: unable to access '{remote.Asked}': The requested URL returned error: {(int)status}",
        }).ToString();
    }

    private static string Describe(GitRemote remote, HttpRequestException failure)
    {
        var said = failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => $"Could not resolve host: {remote.Asked.Host}",
            HttpRequestError.ProxyTunnelError when failure.StatusCode == HttpStatusCode.ProxyAuthenticationRequired =>
                "The requested URL returned error: 407",
            HttpRequestError.ResponseEnded => "Empty reply from server",
            HttpRequestError.SecureConnectionError when failure.InnerException is AuthenticationException untrusted =>
                $"SSL certificate problem: {untrusted.Message}",
            _ => $"Failed to connect to {remote.Asked.Authority}: {failure.Message}",
        };
        return $"fatal: unable to access '{remote.Asked}': {said}";
    }
}

/// <summary>What is asked of a repository's server.</summary>
/// <param name="Path">What follows the repository's address.</param>
/// <param name="Accepted">The only kind of answer wanted.</param>
/// <param name="Body">What is sent along; null for a plain question.</param>
internal sealed record GitHttpQuestion(string Path, string Accepted, byte[]? Body = null);
