using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PluginMarket.Marketplaces;

namespace PluginMarket.Fleet;

/// <summary>What a condition of a state can ask of a machine.</summary>
/// <param name="Os"><c>Linux</c>, <c>MacOS</c> or <c>Windows</c>; null where it is not known.</param>
/// <param name="ComputerName">Its name.</param>
/// <param name="UserName">The account.</param>
/// <param name="MachineId">Its salted id; null where it is not known.</param>
internal sealed record MachineFacts(string? Os, string ComputerName, string UserName, string? MachineId)
{
    /// <summary>The facts of the machine that an inventory tells of.</summary>
    internal static MachineFacts Of(PluginInventory inventory) =>
        new(inventory.Os, inventory.ComputerName, inventory.UserName, inventory.MachineId);
}

/// <summary>Where a variant of a plugin counts: on machines that fit all that is said.</summary>
internal sealed record StateCondition
{
    private const string Any = "";

    /// <summary>Systems, one of which it must be; empty for any.</summary>
    public IReadOnlyList<string> Os { get; init; } = [];

    /// <summary>Wildcard patterns on the computer's name; empty for any.</summary>
    public IReadOnlyList<string> Computer { get; init; } = [];

    /// <summary>Wildcard patterns on the account's name; empty for any.</summary>
    public IReadOnlyList<string> User { get; init; } = [];

    /// <summary>The share of machines, or null for all.</summary>
    public int? Percent { get; init; }

    /// <summary>Whether a machine fits. What is not known of it fits nothing.</summary>
    internal bool Fits(MachineFacts machine, string stateId, PluginId plugin) =>
        (Os.Count == 0 || Os.Contains(machine.Os ?? Any, StringComparer.Ordinal))
        && NamePattern.MatchesAny(NamePattern.ReadAll(Computer), machine.ComputerName)
        && NamePattern.MatchesAny(NamePattern.ReadAll(User), machine.UserName)
        && (Percent is not { } percent || (machine.MachineId is { } id && Bucket(stateId, plugin.ToString(), id) < percent));

    /// <summary>The place of a machine among a hundred, the same in every run: raising a share keeps the machines that are in it.</summary>
    internal static int Bucket(string stateId, string plugin, string machineId) =>
        (int)(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{stateId}\n{plugin}\n{machineId}"))) % 100);
}
