using System.Collections.Frozen;
using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets.Pipeline;

/// <summary>Turns the core's failures into PowerShell's: the error id is the code's name, the category is here, once.</summary>
internal static class ErrorRecords
{
    private static readonly FrozenDictionary<MarketErrorCode, ErrorCategory> Categories = new Dictionary<MarketErrorCode, ErrorCategory>
    {
        [MarketErrorCode.MarketplaceNotFound] = ErrorCategory.ObjectNotFound,
        [MarketErrorCode.PluginNotFound] = ErrorCategory.ObjectNotFound,
        [MarketErrorCode.PluginNotInstalled] = ErrorCategory.ObjectNotFound,
        [MarketErrorCode.VersionNotFound] = ErrorCategory.ObjectNotFound,
        [MarketErrorCode.GitRefNotFound] = ErrorCategory.ObjectNotFound,
        [MarketErrorCode.RepositoryNotFound] = ErrorCategory.ObjectNotFound,
        [MarketErrorCode.NpmPackageNotFound] = ErrorCategory.ObjectNotFound,
        [MarketErrorCode.MarketplaceAlreadyExists] = ErrorCategory.ResourceExists,
        [MarketErrorCode.PluginAlreadyExists] = ErrorCategory.ResourceExists,
        [MarketErrorCode.FileAlreadyExists] = ErrorCategory.ResourceExists,
        [MarketErrorCode.MarketplaceNameMismatch] = ErrorCategory.InvalidArgument,
        [MarketErrorCode.PluginNameAmbiguous] = ErrorCategory.InvalidArgument,
        [MarketErrorCode.NameInvalid] = ErrorCategory.InvalidArgument,
        [MarketErrorCode.InputNotAPlugin] = ErrorCategory.InvalidArgument,
        [MarketErrorCode.InputNotAMarketplace] = ErrorCategory.InvalidArgument,
        [MarketErrorCode.InputNotAResult] = ErrorCategory.InvalidArgument,
        [MarketErrorCode.HomeConflict] = ErrorCategory.InvalidArgument,
        [MarketErrorCode.SourceInvalid] = ErrorCategory.InvalidArgument,
        [MarketErrorCode.NameReserved] = ErrorCategory.PermissionDenied,
        [MarketErrorCode.PluginNotAvailable] = ErrorCategory.PermissionDenied,
        [MarketErrorCode.PolicyDenied] = ErrorCategory.PermissionDenied,
        [MarketErrorCode.HomeNotOwned] = ErrorCategory.PermissionDenied,
        [MarketErrorCode.ManagedByAdministrator] = ErrorCategory.PermissionDenied,
        [MarketErrorCode.CatalogUnreadable] = ErrorCategory.ParserError,
        [MarketErrorCode.ApprovalFileUnreadable] = ErrorCategory.ParserError,
        [MarketErrorCode.ConfigInvalid] = ErrorCategory.ParserError,
        [MarketErrorCode.ConfigFormUnsupported] = ErrorCategory.NotImplemented,
        [MarketErrorCode.SourceNotSupported] = ErrorCategory.NotImplemented,
        [MarketErrorCode.ManifestInvalid] = ErrorCategory.InvalidData,
        [MarketErrorCode.ManifestNameMismatch] = ErrorCategory.InvalidData,
        [MarketErrorCode.NpmPackageInvalid] = ErrorCategory.InvalidData,
        [MarketErrorCode.StateCorrupt] = ErrorCategory.InvalidData,
        [MarketErrorCode.PathEscapesRoot] = ErrorCategory.SecurityError,
        [MarketErrorCode.MarketplaceNotTrusted] = ErrorCategory.SecurityError,
        [MarketErrorCode.IntegrityMismatch] = ErrorCategory.SecurityError,
        [MarketErrorCode.UpdateChangedSinceReview] = ErrorCategory.SecurityError,
        [MarketErrorCode.CapabilityNotAccepted] = ErrorCategory.SecurityError,
        [MarketErrorCode.GitCommitMismatch] = ErrorCategory.SecurityError,
        [MarketErrorCode.CredentialInUrl] = ErrorCategory.SecurityError,
        [MarketErrorCode.HttpNotAllowed] = ErrorCategory.SecurityError,
        [MarketErrorCode.HostNotAllowed] = ErrorCategory.SecurityError,
        [MarketErrorCode.RedirectRefused] = ErrorCategory.SecurityError,
        [MarketErrorCode.ForeignComputer] = ErrorCategory.SecurityError,
        [MarketErrorCode.PolicyUnreadable] = ErrorCategory.SecurityError,
        [MarketErrorCode.PolicyNotExpressible] = ErrorCategory.InvalidOperation,
        [MarketErrorCode.HomeWritableByOthers] = ErrorCategory.SecurityError,
        [MarketErrorCode.LockFileMismatch] = ErrorCategory.InvalidResult,
        [MarketErrorCode.ProvenanceUnknown] = ErrorCategory.InvalidOperation,
        [MarketErrorCode.DowngradeRefused] = ErrorCategory.InvalidOperation,
        [MarketErrorCode.ConfirmationRequired] = ErrorCategory.InvalidOperation,
        [MarketErrorCode.PluginHeld] = ErrorCategory.InvalidOperation,
        [MarketErrorCode.SourceUnreachable] = ErrorCategory.ConnectionError,
        [MarketErrorCode.GitTimeout] = ErrorCategory.OperationTimeout,
        [MarketErrorCode.GitAuthenticationFailed] = ErrorCategory.AuthenticationError,
        [MarketErrorCode.SshHostKeyUnknown] = ErrorCategory.AuthenticationError,
        [MarketErrorCode.SshKeyRefused] = ErrorCategory.AuthenticationError,
        [MarketErrorCode.TlsUntrusted] = ErrorCategory.AuthenticationError,
        [MarketErrorCode.SsoRequired] = ErrorCategory.AuthenticationError,
        [MarketErrorCode.GitFailed] = ErrorCategory.ConnectionError,
        [MarketErrorCode.GitNotFound] = ErrorCategory.NotInstalled,
        [MarketErrorCode.NpmAuthenticationFailed] = ErrorCategory.AuthenticationError,
        [MarketErrorCode.NpmFailed] = ErrorCategory.ConnectionError,
        [MarketErrorCode.NpmNotFound] = ErrorCategory.NotInstalled,
        [MarketErrorCode.NpmTimeout] = ErrorCategory.OperationTimeout,
        [MarketErrorCode.StateLocked] = ErrorCategory.ResourceBusy,
        [MarketErrorCode.SourceChanged] = ErrorCategory.ResourceBusy,
        [MarketErrorCode.PluginInUse] = ErrorCategory.ResourceBusy,
        [MarketErrorCode.LimitExceeded] = ErrorCategory.LimitsExceeded,
        [MarketErrorCode.ValidationFailed] = ErrorCategory.InvalidResult,
        [MarketErrorCode.SettingsInvalid] = ErrorCategory.ParserError,
        [MarketErrorCode.StateFileUnreadable] = ErrorCategory.ParserError,
        [MarketErrorCode.StateFileConflict] = ErrorCategory.InvalidArgument,
        [MarketErrorCode.RemovalLimitExceeded] = ErrorCategory.LimitsExceeded,
        [MarketErrorCode.InventoryUnreadable] = ErrorCategory.ParserError,
        [MarketErrorCode.ReportNotDelivered] = ErrorCategory.ConnectionError,
        [MarketErrorCode.DriftFound] = ErrorCategory.InvalidResult,
        [MarketErrorCode.NothingToCheck] = ErrorCategory.ObjectNotFound,
        [MarketErrorCode.DiskFull] = ErrorCategory.WriteError,
        [MarketErrorCode.HomeNotWritable] = ErrorCategory.WriteError,
        [MarketErrorCode.HomeNotFound] = ErrorCategory.ObjectNotFound,
        [MarketErrorCode.InternalError] = ErrorCategory.InvalidResult,
    }.ToFrozenDictionary();

    // What their category says of a file's text, or of a connection, is wrong where the file is missing.
    private static readonly FrozenSet<MarketErrorCode> Mislead = new[]
    {
        MarketErrorCode.SourceUnreachable, MarketErrorCode.CatalogUnreadable, MarketErrorCode.ApprovalFileUnreadable,
        MarketErrorCode.SettingsInvalid, MarketErrorCode.StateFileUnreadable, MarketErrorCode.InventoryUnreadable,
    }.ToFrozenSet();

    /// <summary>The category of a failure.</summary>
    public static ErrorCategory CategoryOf(MarketErrorCode code) => Categories[code];

    // The same failure of a path of this computer has other causes than that of a connection, and trying again helps with none of them.
    private static ErrorCategory CategoryFor(PluginMarketException exception)
    {
        Exception? cause = exception;
        while (cause is PluginMarketException failure)
        {
            cause = failure.InnerException;
        }

        return exception.IsAboutWriting ? ErrorCategory.WriteError
            : !Mislead.Contains(exception.Code) ? CategoryOf(exception.Code)
            : cause switch
            {
                FileNotFoundException or DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
                UnauthorizedAccessException => ErrorCategory.PermissionDenied,
                _ => CategoryOf(exception.Code),
            };
    }

    /// <summary>Whether no further input of the same call can succeed after this failure.</summary>
    public static bool EndsEverything(MarketErrorCode code) =>
        code is MarketErrorCode.ConfigInvalid or MarketErrorCode.HomeNotWritable or MarketErrorCode.HomeNotFound
            or MarketErrorCode.PolicyUnreadable;

    /// <summary>The error record of a failure.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="target">The thing at fault where the failure names none.</param>
    public static ErrorRecord From(PluginMarketException exception, object? target = null)
    {
        var record = new ErrorRecord(exception, exception.Code.ToString(), CategoryFor(exception), exception.Target ?? Shown(target));
        if (exception.Said.AdviceIn(Face.PowerShell) is { Length: > 0 } advice)
        {
            // The text has the advice too, for scripts that write "$_" into their log.
            record.ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = advice };
        }

        return record;
    }

    // PowerShell shows a text as it is, in the error's category line.
    private static object? Shown(object? target) => PipelineObject.Unwrap(target) is string text ? DisplayText.Escape(text) : target;
}
