using System.Runtime.InteropServices;

namespace PluginMarket;

/// <summary>Takes a pack as it comes and makes it readable in a store. LibGit2Sharp leaves this part of the library out.</summary>
internal sealed unsafe class PackIndexer : IDisposable
{
    /// <summary>More than the library's record of its progress needs.</summary>
    private const int ProgressBytes = 128;

    private readonly nint _library;
    private readonly nint _progress;
    private nint _indexer;

    /// <exception cref="InvalidDataException">The library cannot write there.</exception>
    internal PackIndexer(nint library, string folder)
    {
        _library = library;
        _progress = (nint)NativeMemory.AllocZeroed(ProgressBytes);
        var path = Marshal.StringToCoTaskMemUTF8(folder);
        try
        {
            nint indexer;
            Demand(((delegate* unmanaged[Cdecl]<nint*, nint, uint, nint, nint, int>)Export("git_indexer_new"))(&indexer, path, 0, 0, 0));
            _indexer = indexer;
        }
        catch
        {
            NativeMemory.Free((void*)_progress);
            throw;
        }
        finally
        {
            Marshal.FreeCoTaskMem(path);
        }
    }

    /// <exception cref="InvalidDataException">It is not a pack, or a broken one.</exception>
    internal void Append(ReadOnlySpan<byte> part)
    {
        fixed (byte* start = part)
        {
            Demand(((delegate* unmanaged[Cdecl]<nint, byte*, nuint, nint, int>)Export("git_indexer_append"))(_indexer,
                start, (nuint)part.Length, _progress));
        }
    }

    /// <exception cref="InvalidDataException">It is not a pack, or not a whole one.</exception>
    internal void Finish() =>
        Demand(((delegate* unmanaged[Cdecl]<nint, nint, int>)Export("git_indexer_commit"))(_indexer, _progress));

    public void Dispose()
    {
        if (_indexer != 0)
        {
            ((delegate* unmanaged[Cdecl]<nint, void>)Export("git_indexer_free"))(_indexer);
            _indexer = 0;
            NativeMemory.Free((void*)_progress);
        }
    }

    private void Demand(int result)
    {
        if (result < 0)
        {
            var error = ((delegate* unmanaged[Cdecl]<nint*>)Export("git_error_last"))();
            throw new InvalidDataException(error is null ? "the pack cannot be read" : Marshal.PtrToStringUTF8(*error));
        }
    }

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);
}
