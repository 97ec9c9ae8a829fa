using System.Text;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Validation;

/// <summary>Writes the findings of a check into the baseline of a settings file, so that they are accepted from then on.</summary>
internal static class BaselineFile
{
    /// <summary>Replaces the baseline of a settings file and keeps the rest of it; makes the file where there is none.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="path">The file, absolute.</param>
    /// <param name="results">The results whose findings are accepted.</param>
    /// <returns>How many findings are in the baseline.</returns>
    /// <exception cref="PluginMarketException">SettingsInvalid: there is a file that is not a settings file. DiskFull,
    /// HomeNotWritable.</exception>
    public static int Write(MarketEnvironment environment, string path, IEnumerable<ValidationResult> results)
    {
        var fingerprints = results.SelectMany(result => result.Diagnostics).Select(finding => finding.Fingerprint)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var baseline = $"[{string.Join(',', fingerprints.Select(JsonEditor.Quote))}]";
        var file = JsonFile.Parse(Load(environment, path) ?? Encoding.UTF8.GetBytes("{}\n"), path, MarketErrorCode.SettingsInvalid,
            environment.Limits);
        var mode = FileOps.PrivateFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        try
        {
            AtomicFile.Write(environment.Files, path, JsonEditor.Set(file, "/baseline", baseline).Utf8.Span,
                environment.Files.Kind(path) == FileKind.File ? null : mode);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.SettingsInvalid, $"The settings '{path}' cannot be written: "
                + $"{failure} {Remedy.Do($"Check that the folder exists and that you can write to it.")}", path, failure)
            {
                IsAboutWriting = true,
            };
        }

        return fingerprints.Count;
    }

    private static byte[]? Load(MarketEnvironment environment, string path)
    {
        if (environment.Files.Kind(path) == FileKind.Missing)
        {
            return null;
        }

        // Also demands that it is one: another JSON file must not become a settings file.
        _ = ValidationSettings.Read(environment, path);
        return environment.Files.ReadAllBytes(path, environment.Limits.CatalogBytes);
    }
}
