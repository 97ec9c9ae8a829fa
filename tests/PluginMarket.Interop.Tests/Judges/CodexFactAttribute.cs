using System.Runtime.CompilerServices;
using Xunit.v3;

namespace PluginMarket.Interop.Tests;

/// <summary>A test that runs once with each version of Codex; <see cref="Judge.Current"/> is the one at hand.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(CodexFactDiscoverer))]
public sealed class CodexFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : FactAttribute(sourceFilePath, sourceLineNumber);
