using PluginMarket.Json;

namespace PluginMarket.Core.Tests.Validation.Schemas;

/// <summary>One place where a file breaks its schema.</summary>
/// <param name="At">The value at fault; the container where something is missing.</param>
/// <param name="Text">What is wrong, without a full stop; may hold text of the file, unescaped.</param>
internal sealed record SchemaFinding(JsonValue At, string Text);
