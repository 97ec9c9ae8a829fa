using PluginMarket.Files;

namespace PluginMarket.Sources.Npm;

/// <summary>A package as a registry gave it.</summary>
/// <param name="Files">What is in its folder <c>package</c>; readable for as long as its store.</param>
/// <param name="Version">The package's own version.</param>
/// <param name="Integrity"><c>sha512-</c> and the digest of its tarball in base 64, as npm writes it.</param>
internal sealed record NpmPackage(FileTree Files, string Version, string Integrity);
