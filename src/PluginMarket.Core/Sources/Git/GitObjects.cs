using System.Diagnostics;
using System.Globalization;
using System.Text;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>One long-running <c>git cat-file --batch</c>: blobs of a store by id.</summary>
internal sealed class GitObjects : IGitObjects
{
    private const long LongestCommit = 1 << 20;

    private readonly object _gate = new();
    private readonly ProcessRunner _runner;
    private readonly ProcessRequest _request;
    private Process? _process;
    private bool _disposed;

    internal GitObjects(ProcessRunner runner, ProcessRequest request) => (_runner, _request) = (runner, request);

    public byte[] Read(string id, long cap) => Read(id, "blob", cap);

    public DateTimeOffset? FindCommitTime(string commit)
    {
        try
        {
            return CommitTime.Parse(Read(commit, "commit", LongestCommit));
        }
        catch (Exception unreadable) when (unreadable is IOException or PluginMarketException)
        {
            return null;
        }
    }

    private byte[] Read(string id, string kind, long cap)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _process ??= Start();
            try
            {
                return Ask(_process, id, kind, cap);
            }
            catch (Exception e) when (e is not BlobUnavailable)
            {
                // What is left in the pipe belongs to no question any more.
                Stop();
                throw;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Stop();
        }
    }

    private static byte[] Ask(Process process, string id, string kind, long cap)
    {
        process.StandardInput.BaseStream.Write(Encoding.ASCII.GetBytes(id + "\n"));
        process.StandardInput.BaseStream.Flush();
        var output = process.StandardOutput.BaseStream;
        var header = ReadLine(output);
        var parts = header.Split(' ');
        if (parts.Length != 3 || parts[1] != kind
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            throw parts is [_, "missing"]
                ? new BlobUnavailable($"The object {id} is not in the store.")
                : new IOException($"git said '{DisplayText.Escape(header)}' of the object {id}.");
        }

        if (length > Math.Min(cap, Array.MaxLength))
        {
            throw CappedReader.TooLong(id, cap);
        }

        var content = new byte[length];
        output.ReadExactly(content);
        return output.ReadByte() == '\n' ? content : throw new IOException("git's answer has the wrong length.");
    }

    private static string ReadLine(Stream output)
    {
        var line = new StringBuilder();
        for (var next = output.ReadByte(); next != '\n'; next = output.ReadByte())
        {
            if (next < 0 || line.Length > 4096)
            {
                throw new IOException("git ended while files were read from its store.");
            }

            line.Append((char)next);
        }

        return line.ToString();
    }

    private Process Start()
    {
        var process = _runner.Start(_request);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private void Stop()
    {
        if (_process is not { } process)
        {
            return;
        }

        _process = null;
        try
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(500))
            {
                ProcessTree.Kill(process);
                process.WaitForExit();
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It ended by itself.
        }

        process.Dispose();
    }

    private sealed class BlobUnavailable(string message) : IOException(message);
}
