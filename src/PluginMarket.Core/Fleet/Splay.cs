using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PluginMarket.Files;

namespace PluginMarket.Fleet;

/// <summary>Spreads machines that are started at the same moment over a span of time: each waits a share of its own, the same in every
/// run, so that the time between two runs of a machine stays the same.</summary>
internal static class Splay
{
    /// <summary>How long a machine waits.</summary>
    internal static TimeSpan Of(TimeSpan span, string machineId) =>
        span * (BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"splay\n{machineId}"))) / 4294967296.0);

    /// <summary>Waits for this machine's turn.</summary>
    internal static Task WaitAsync(MarketEnvironment environment, TimeSpan span, CancellationToken cancellation)
    {
        var wait = Of(span, MachineIdentity.Read(environment.Files));
        if (wait > TimeSpan.Zero)
        {
            environment.Log.Detail($"Waiting {wait.TotalSeconds:0} seconds before the run.");
        }

        return Task.Delay(wait, environment.Time, cancellation);
    }
}
