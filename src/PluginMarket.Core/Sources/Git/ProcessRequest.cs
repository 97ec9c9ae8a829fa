namespace PluginMarket.Sources.Git;

/// <summary>One run of a program.</summary>
/// <param name="FileName">The program, absolute.</param>
/// <param name="Arguments">Passed one by one, never through a shell.</param>
/// <param name="WorkingDirectory">An absolute folder.</param>
/// <param name="Variables">The whole environment of the child; nothing is inherited.</param>
internal sealed record ProcessRequest(string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory,
    IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>What the child reads; its input is closed behind it.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>How long it may stand still: it writes nothing, and <see cref="Progress"/> says the same.</summary>
    public required TimeSpan IdleLimit { get; init; }

    /// <summary>How long all of it may take; null for no limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Asked now and then while the child runs: a number that changes as long as it gets on.</summary>
    public Func<long>? Progress { get; init; }

    /// <summary>The most bytes of output taken.</summary>
    public long OutputLimit { get; init; } = 1 << 20;

    /// <summary>Asked now and then while the child runs; true ends it.</summary>
    public Func<bool>? HasOvergrown { get; init; }
}

/// <summary>How a run ended.</summary>
internal enum ProcessEnd
{
    /// <summary>By itself.</summary>
    Exited,
    /// <summary>It was killed because it stood still.</summary>
    StoodStill,
    /// <summary>It was killed at the limit of all its time.</summary>
    TimedOut,
    /// <summary>It was killed for what it wrote, to its output or to the disk.</summary>
    Overgrown,
}

/// <summary>What a run gave.</summary>
/// <param name="End">How it ended.</param>
/// <param name="ExitCode">The exit code where it ended by itself.</param>
/// <param name="Output">What it wrote to its output.</param>
/// <param name="ErrorText">The end of what it wrote to its error output, as it is: escape before showing.</param>
internal sealed record ProcessResult(ProcessEnd End, int ExitCode, byte[] Output, string ErrorText)
{
    public bool Succeeded => End == ProcessEnd.Exited && ExitCode == 0;
}
