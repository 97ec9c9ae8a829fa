namespace PluginMarket;

/// <summary>How git is reached. <see cref="GitStore"/> decides what is asked.</summary>
internal interface IGitEngine
{
}
