namespace PluginMarket;

/// <summary>What checking one plugin or one marketplace found.</summary>
public sealed class ValidationResult
{
    /// <summary><c>Plugin</c> or <c>Marketplace</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The plugin's or marketplace's name as its file states it, escaped; null where none can be read.</summary>
    public string? Name { get; init; }

    /// <summary>The folder that was checked, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>Whether no error was found, and under <c>-Strict</c> no warning either.</summary>
    public required bool IsValid { get; init; }

    /// <summary>How many findings are errors; accepted ones do not count.</summary>
    public int ErrorCount => Count("Error");

    /// <summary>How many findings are warnings; accepted ones do not count.</summary>
    public int WarningCount => Count("Warning");

    /// <summary>The findings, by file, line, column and rule.</summary>
    public required Diagnostic[] Diagnostics { get; init; }

    /// <summary>The computer it was checked on.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The path.</summary>
    public override string ToString() => Path;

    private int Count(string severity) => Diagnostics.Count(finding => finding.Severity == severity && !finding.IsAccepted);
}
