namespace PluginMarket.Json;

/// <summary>A member name that an object has more than once (threat A4).</summary>
/// <param name="Name">The name, unescaped.</param>
/// <param name="Pointer">The JSON pointer of the object that has it.</param>
/// <param name="First">Where the name is first.</param>
/// <param name="Second">Where it is repeated.</param>
internal sealed record JsonDuplicate(string Name, string Pointer, TextPosition First, TextPosition Second);
