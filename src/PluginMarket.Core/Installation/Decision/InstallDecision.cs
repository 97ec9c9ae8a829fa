namespace PluginMarket.Installation.Decision;

/// <summary>What is to be done about one plugin, and what is said of it.</summary>
internal abstract record InstallDecision
{
    private InstallDecision()
    {
    }

    /// <summary>Nothing is done, because of a state that somebody chose or that has to be decided elsewhere.</summary>
    internal sealed record Skip(string ReasonCode) : InstallDecision;

    /// <summary>Nothing is done, and that is a failure.</summary>
    internal sealed record Refuse(MarketErrorCode Error, string ReasonCode) : InstallDecision
    {
        internal Refuse(MarketErrorCode error)
            : this(error, error.ToString())
        {
        }
    }

    /// <summary>The steps lead to what is wanted; where there is none, it is there already.</summary>
    /// <param name="Status"><c>Installed</c>, <c>Updated</c> (installed bytes change) or <c>Unchanged</c>.</param>
    /// <param name="Steps">What is done, in this order.</param>
    internal sealed record Do(string Status, IReadOnlyList<InstallStep> Steps) : InstallDecision
    {
        /// <summary>What is worth knowing of it, the most important first.</summary>
        internal IReadOnlyList<string> ReasonCodes { get; init; } = [];

        /// <summary>Whether the plugin is on afterwards; null where the configuration does not name it.</summary>
        internal bool? Enabled { get; init; }

        /// <summary>Whether what the agent loads changes.</summary>
        internal bool RestartRequired { get; init; }
    }
}

/// <summary>One change of the home.</summary>
internal abstract record InstallStep
{
    private InstallStep()
    {
    }

    /// <summary>Puts the staged tree in place, and takes every other version away.</summary>
    /// <param name="Folder">The version's folder.</param>
    /// <param name="Keep">Whether the replaced version is kept.</param>
    internal sealed record Publish(PluginVersion Folder, bool Keep) : InstallStep;

    /// <summary>Gives the same bytes another folder.</summary>
    internal sealed record MoveFolder(PluginVersion Folder) : InstallStep;

    /// <summary>Takes away versions that a killed run left beside the active one.</summary>
    internal sealed record RemoveOthers : InstallStep;

    /// <summary>Writes down what is installed and where it came from.</summary>
    internal sealed record Record : InstallStep;

    /// <summary>Turns the plugin on or off.</summary>
    internal sealed record Enable(bool On) : InstallStep;
}

/// <summary>The reason codes that are not error ids.</summary>
internal static class ReasonCode
{
    internal const string ChangedOutside = "ChangedOutside";
    internal const string ChangedOutsideReview = "ChangedOutsideReview";
    internal const string CommitMoved = "CommitMoved";
    internal const string Disabled = "Disabled";
    internal const string Enabled = "Enabled";
    internal const string FolderRenamed = "FolderRenamed";
    internal const string Held = "Held";
    internal const string LeftDisabled = "LeftDisabled";
    internal const string MarketplaceRemoved = "MarketplaceRemoved";
    internal const string NoLongerListed = "NoLongerListed";
    internal const string NothingLoaded = "NothingLoaded";
    internal const string NotCached = "NotCached";
    internal const string NotConfigured = "NotConfigured";
    internal const string NotRefreshed = "NotRefreshed";
    internal const string ProvenanceRecorded = "ProvenanceRecorded";
    internal const string Released = "Released";
    internal const string UpdateAvailable = "UpdateAvailable";
}
