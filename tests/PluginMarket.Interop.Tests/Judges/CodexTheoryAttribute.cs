using System.Runtime.CompilerServices;
using Xunit.v3;

namespace PluginMarket.Interop.Tests;

/// <summary>A theory that runs once with each version of Codex; <see cref="Judge.Current"/> is the one at hand.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(CodexTheoryDiscoverer))]
public sealed class CodexTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber);
