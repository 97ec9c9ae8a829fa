using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>What <c>IGitEngine</c> promises, asked of each engine through the store that is its only user. A file for each kind of promise;
/// what has nothing to do with the engine is tested with the git command alone, elsewhere.</summary>
public abstract partial class GitEngineContract(GitEngine engine, SshOfContract ssh) : IAsyncDisposable
{
    private readonly GitEngine _engine = engine;
    private readonly SshOfContract _ssh = ssh;
    private readonly GitFixture _git = new(engine);

    private TlsAuthority Tls => field ??= new TlsAuthority(_git.Scratch);

    public async ValueTask DisposeAsync()
    {
        Tls.Dispose();
        await _git.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The git command keeps the contract.</summary>
[Trait("Category", "Slow")]
public sealed class GitCommandContractTests(SshOfContract ssh) : GitEngineContract(GitEngine.Git, ssh), IClassFixture<SshOfContract>;

/// <summary>libgit2 keeps it, without a git command.</summary>
[Trait("Category", "Slow")]
public sealed class LibGit2ContractTests(SshOfContract ssh) : GitEngineContract(GitEngine.LibGit2, ssh), IClassFixture<SshOfContract>;

/// <summary>One ssh server for all tests of an engine.</summary>
public sealed class SshOfContract : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly SshServer? _server;
    private readonly string _problem;

    public SshOfContract() => _server = SshServer.TryStart(_scratch, out _problem);

    internal SshServer Demand()
    {
        Assert.SkipWhen(_server is null, _problem);
        return _server;
    }

    public void Dispose()
    {
        _server?.Dispose();
        _scratch.Dispose();
    }
}
