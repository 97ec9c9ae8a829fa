using PluginMarket.Policies;

namespace PluginMarket.Core.Tests.Policies;

/// <summary>A shop with plugins, and policies of every layer that are read from real files.</summary>
internal sealed class PolicyScene : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    internal PolicyScene()
    {
        Shop = new TestShop().Listing("tool", "other").Plugin("tool").Plugin("other");
        Directory.CreateDirectory(MachineFolder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(MachineFolder, (UnixFileMode)Convert.ToInt32("755", 8));
        }
    }

    internal TestShop Shop { get; }

    internal string MachineFolder => Shop.Scratch["machine"];

    /// <summary>The shop's home with the policies that were written.</summary>
    internal MarketEnvironment Environment => Shop.Environment with
    {
        MachinePolicy = new MachinePolicy(MachineFolder, Shop.Environment.Files.User, MachineFolder),
        PolicyPaths = Paths,
        Time = new FixedTime(Now),
    };

    internal List<string> Paths { get; } = [];

    /// <summary>Writes a policy of the command.</summary>
    internal PolicyScene Command(string text, string name = "policy.json")
    {
        Shop.Scratch.Write(name, text);
        Paths.Add(Shop.Scratch[name]);
        return this;
    }

    internal PolicyScene Machine(string text, string name = "policy.json")
    {
        Shop.Scratch.Write("machine/" + name, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Shop.Scratch["machine/" + name], (UnixFileMode)Convert.ToInt32("644", 8));
        }

        return this;
    }

    internal static string Document(string rules, string mode = "enforce", string more = "") =>
        "{\"format\":1,\"id\":\"corp\",\"revision\":\"1\",\"mode\":\"" + mode + "\"" + more + ",\"rules\":[" + rules + "]}";

    internal const string DenyTool = "{\"id\":\"PLG-TOOL\",\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[{\"plugin\":\"tool@*\"}]}";

    public void Dispose() => Shop.Dispose();

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
