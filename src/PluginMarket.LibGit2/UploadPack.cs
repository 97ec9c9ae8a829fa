using System.Globalization;
using System.Text;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket;

/// <summary>Asks a server for references and packs by git's protocol over http, in both versions: one commit without its history, and of
/// that only the blobs that are wanted.</summary>
/// <remarks>LibGit2Sharp fetches whole histories; this takes no more than the git command does.</remarks>
internal sealed class UploadPack(GitHttp http, GitRemote remote)
{
    private const long ReferenceBytes = 64L << 20;
    private const string Service = "/git-upload-pack";
    private const string Result = "application/x-git-upload-pack-result";

    private Advertisement? _advertisement;

    /// <summary>The question by which everything begins, and whose answer may be a redirect.</summary>
    internal static GitHttpQuestion Beginning { get; } = new("/info/refs?service=git-upload-pack",
        "application/x-git-upload-pack-advertisement");

    /// <summary>References by name, those of annotated tags also peeled; at least those that begin with one of the names.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> ListAsync(IEnumerable<string> beginnings, CancellationToken cancellationToken)
    {
        var server = await BeginAsync(cancellationToken).ConfigureAwait(false);
        if (!server.IsVersion2)
        {
            return server.References;
        }

        var question = new Packets();
        question.Add("command=ls-refs");
        StateFormat(question, server);
        question.Delimit();
        question.Add("peel");
        foreach (var beginning in beginnings)
        {
            question.Add("ref-prefix " + beginning);
        }

        question.Flush();
        using var answer = await http.AskAsync(remote, new GitHttpQuestion(Service, Result, question.ToArray()), cancellationToken)
            .ConfigureAwait(false);
        return await ReadReferencesAsync(new PacketReader(new BufferedStream(answer)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a pack's bytes to a receiver.</summary>
    internal async Task FetchAsync(GitFetch fetch, Action<ReadOnlyMemory<byte>> receive, CancellationToken cancellationToken)
    {
        var server = await BeginAsync(cancellationToken).ConfigureAwait(false);
        var wants = fetch.Wants;
        if (wants.Count == 0)
        {
            var all = await ListAsync(["refs/heads/", "refs/tags/"], cancellationToken).ConfigureAwait(false);
            wants = [.. all.Where(reference => !reference.Key.EndsWith("^{}", StringComparison.Ordinal) && (reference.Key.StartsWith(
                "refs/heads/", StringComparison.Ordinal) || reference.Key.StartsWith("refs/tags/", StringComparison.Ordinal)))
                .Select(reference => reference.Value).Distinct(StringComparer.Ordinal)];
        }
        else if (!server.GivesAnyObject
            && wants.Except(server.References.Values, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } unnamed)
        {
            throw GitHttp.Failure(remote, $"error: Server does not allow request for unadvertised object {unnamed}", null);
        }

        var isCut = fetch is { Wants.Count: > 0, AreBlobs: false, WithHistory: false };
        if (isCut && !server.CutsHistory)
        {
            throw GitHttp.Failure(remote, "fatal: the server does not support shallow requests", null);
        }

        var filter = server.LeavesOut ? fetch.Filter : null;
        var question = server.IsVersion2 ? AskVersion2(server, wants, isCut, filter) : AskVersion0(wants, isCut, filter);
        using var answer = await http.AskAsync(remote, new GitHttpQuestion(Service, Result, question.ToArray()), cancellationToken)
            .ConfigureAwait(false);
        await ReadPackAsync(new PacketReader(new BufferedStream(answer, 128 << 10)), receive, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Advertisement> BeginAsync(CancellationToken cancellationToken)
    {
        if (_advertisement is null)
        {
            using var answer = await http.AskAsync(remote, Beginning, cancellationToken).ConfigureAwait(false);
            _advertisement = await Advertisement.ReadAsync(new PacketReader(new BufferedStream(answer)), ReferenceBytes, cancellationToken)
                .ConfigureAwait(false);
        }

        return _advertisement.ObjectFormat == "sha1"
            ? _advertisement : throw LibGit2Engine.NotSupported(remote.Address, "names its objects by another hash than SHA-1");
    }

    private static void StateFormat(Packets question, Advertisement server)
    {
        if (server.StatesObjectFormat)
        {
            question.Add("object-format=" + server.ObjectFormat);
        }
    }

    private static Packets AskVersion2(Advertisement server, IReadOnlyList<string> wants, bool isCut, string? filter)
    {
        var question = new Packets();
        question.Add("command=fetch");
        StateFormat(question, server);
        question.Delimit();
        question.Add("no-progress");
        question.Add("ofs-delta");
        AddWants(question, wants, "");
        AddCuts(question, isCut, filter);
        question.Add("done");
        question.Flush();
        return question;
    }

    private static Packets AskVersion0(IReadOnlyList<string> wants, bool isCut, string? filter)
    {
        var question = new Packets();
        AddWants(question, wants, " side-band-64k ofs-delta no-progress" + (filter is null ? "" : " filter"));
        AddCuts(question, isCut, filter);
        question.Flush();
        question.Add("done");
        return question;
    }

    private static void AddWants(Packets question, IReadOnlyList<string> wants, string capabilities)
    {
        foreach (var want in wants)
        {
            question.Add($"want {want}{capabilities}");
            capabilities = "";
        }
    }

    private static void AddCuts(Packets question, bool isCut, string? filter)
    {
        if (isCut)
        {
            question.Add("deepen 1");
        }

        if (filter is not null)
        {
            question.Add("filter " + filter);
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> ReadReferencesAsync(PacketReader reader, CancellationToken cancellationToken)
    {
        var references = new Dictionary<string, string>(StringComparer.Ordinal);
        long total = 0;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) == PacketKind.Data)
        {
            total += reader.Payload.Length;
            DemandSmall(total);
            var line = reader.Line;
            DemandNoError(line);
            var parts = line.Split(' ');
            if (parts.Length >= 2 && GitReference.IsFullId(parts[0]))
            {
                references[parts[1]] = parts[0];
                if (parts.FirstOrDefault(part => part.StartsWith("peeled:", StringComparison.Ordinal)) is { } peeled)
                {
                    references[parts[1] + "^{}"] = peeled["peeled:".Length..];
                }
            }
        }

        return references;
    }

    /// <summary>Both versions say something before the pack, which comes on one of three channels.</summary>
    private async Task ReadPackAsync(PacketReader reader, Action<ReadOnlyMemory<byte>> receive, CancellationToken cancellationToken)
    {
        var hasBegun = false;
        while (true)
        {
            var kind = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (kind == PacketKind.End)
            {
                throw new EndOfStreamException();
            }

            if (kind != PacketKind.Data || reader.Payload.Length == 0)
            {
                if (hasBegun)
                {
                    return;
                }

                continue;
            }

            switch (reader.Payload.Span[0])
            {
                case 1:
                    hasBegun = true;
                    receive(reader.Payload[1..]);
                    break;
                case 2:
                    break;
                case 3:
                    throw GitHttp.Failure(remote, "fatal: remote error: " + reader.Line[1..], remote.Credential);
                default:
                    DemandNoError(reader.Line);
                    break;
            }
        }
    }

    private void DemandSmall(long total)
    {
        if (total > ReferenceBytes)
        {
            throw new PluginMarketException(MarketErrorCode.LimitExceeded,
                $"{remote.Address} answers with more than is allowed. {Remedy.Do($"Check the address.")}", remote.Address.ToString());
        }
    }

    private void DemandNoError(string line)
    {
        if (line.StartsWith("ERR ", StringComparison.Ordinal))
        {
            throw GitHttp.Failure(remote, "fatal: remote error: " + line[4..], remote.Credential);
        }
    }

    /// <summary>A message of packets.</summary>
    private sealed class Packets
    {
        private readonly List<byte> _bytes = [];

        internal void Add(string line)
        {
            var bytes = Encoding.UTF8.GetBytes(line + "\n");
            Write((bytes.Length + 4).ToString("x4", CultureInfo.InvariantCulture));
            _bytes.AddRange(bytes);
        }

        internal void Delimit() => Write("0001");

        internal void Flush() => Write("0000");

        internal byte[] ToArray() => [.. _bytes];

        private void Write(string digits) => _bytes.AddRange(Encoding.ASCII.GetBytes(digits));
    }
}
