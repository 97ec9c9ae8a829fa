namespace PluginMarket;

/// <summary>One file whose mechanical faults were repaired, or would be.</summary>
public sealed class ManifestRepair
{
    /// <summary>The file, absolute, escaped.</summary>
    public required string Path { get; init; }

    /// <summary><c>Repaired</c>, or <c>WhatIf</c> where nothing was written.</summary>
    public required string Status { get; init; }

    /// <summary>What was changed, in the order of the file.</summary>
    public required ManifestEdit[] Edits { get; init; }

    /// <summary>The computer it was repaired on.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
