namespace PluginMarket.Messages;

/// <summary>A part of a message that each face words differently.</summary>
internal interface IWording
{
    /// <summary>Whether the face has it.</summary>
    bool IsIn(Face face);

    /// <summary>The words, escaped.</summary>
    string In(Face face);
}
