using System.Diagnostics.CodeAnalysis;
using PluginMarket.Cache;
using PluginMarket.Files;

namespace PluginMarket.Records;

/// <summary>The receipts of one home: <c>plugins/.pluginmarket/receipts/MARKETPLACE/PLUGIN.json</c>.</summary>
internal sealed class ReceiptStore
{

    private readonly MarketEnvironment _environment;
    private readonly CacheLayout _layout;
    private readonly InstallHistory _history;

    /// <summary>The receipts of an environment's home; nothing is touched.</summary>
    internal ReceiptStore(OpenHome home)
    {
        _environment = home.Environment;
        _layout = home.Cache.Layout;
        _history = home.History;
    }

    /// <summary>The receipt of a plugin, or null where there is none.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.StateCorrupt"/>.</exception>
    public Receipt? Find(PluginId id) => Find(id, out _);

    /// <summary>The receipt of a plugin with the digest of its file, or null where there is none.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="fileHash">The digest of the receipt as it is on the disk; empty where there is none.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.StateCorrupt"/>.</exception>
    internal Receipt? Find(PluginId id, out string fileHash)
    {
        var path = _layout.ReceiptPath(id);
        byte[]? utf8;
        fileHash = "";
        try
        {
            utf8 = _environment.Files.TryReadAllBytes(path, ReceiptText.LongestReceipt);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            throw new PluginMarketException(MarketErrorCode.StateCorrupt,
                $"The receipt '{path}' cannot be read: {problem} {ReceiptText.InstallAgain(id)}", path, problem);
        }

        fileHash = utf8 is null ? "" : TreeDigest.OfBytes(utf8);
        try
        {
            return utf8 is null ? null : ReceiptText.Read(utf8, path, id, _environment.Limits);
        }
        catch (PluginMarketException problem)
        {
            // A person does not edit a receipt: what helps is a new one.
            throw new PluginMarketException(problem.Code, problem.Said.With([ReceiptText.InstallAgain(id)]), problem.Target, problem)
            {
                File = problem.File,
                Line = problem.Line,
                Column = problem.Column,
            };
        }
    }

    /// <summary>The receipt of a plugin; one that cannot be read counts as none.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="receipt">The receipt, where there is a readable one.</param>
    /// <param name="problem">Why there is one that cannot be read, or null.</param>
    public bool TryFind(PluginId id, [NotNullWhen(true)] out Receipt? receipt, out PluginMarketException? problem)
    {
        receipt = null;
        problem = null;
        try
        {
            receipt = Find(id);
        }
        catch (PluginMarketException failure)
        {
            problem = failure;
        }

        return receipt is not null;
    }

    /// <summary>Whether there is a receipt, readable or not.</summary>
    public bool Exists(PluginId id) => _environment.Files.Kind(_layout.ReceiptPath(id)) == FileKind.File;

    /// <summary>Notes the receipt in the home's history, then writes it over an older one, in one step.
    /// The caller holds the home's lock.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="action">What was done, for the history.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotWritable"/>,
    /// <see cref="MarketErrorCode.DiskFull"/>.</exception>
    public void Write(Receipt receipt, string action = "Install")
    {
        ArgumentNullException.ThrowIfNull(receipt);
        var path = _layout.ReceiptPath(receipt.Id);
        var utf8 = ReceiptText.Write(receipt);

        // The history first: a receipt that it does not know was written by somebody else.
        _history.Append(HistoryRecord.Of(receipt, action, TreeDigest.OfBytes(utf8), _environment.Time.GetUtcNow()));
        _environment.Files.CreateDirectory(Path.GetDirectoryName(path)!, FileOps.PrivateFolder);
        AtomicFile.Write(_environment.Files, path, utf8, FileOps.PrivateFile);
    }

    /// <summary>Removes a plugin's receipt, where there is one. The caller holds the home's lock.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotWritable"/>.</exception>
    public void Remove(PluginId id) => _environment.Files.DeleteFile(_layout.ReceiptPath(id));
}
