using System.Formats.Tar;
using PluginMarket.Files;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Npm;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>Tarballs of packages, as far as no registry is needed.</summary>
[Trait("Category", "Fast")]
public sealed class NpmPackageTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_package_is_the_content_of_its_folder()
    {
        var tarball = NpmTarballBuilder.Plugin("tool", "1.0.0-beta.1", "@team/tool").Add("beside/x", "x").ToTarball();

        var package = Read(tarball, "@team/tool");

        Assert.Equal((NpmRegistry.IntegrityOf(tarball), "1.0.0-beta.1"), (package.Integrity, package.Version));
        Assert.Equal([".codex-plugin/plugin.json", "package.json"], package.Files.Entries.Select(entry => entry.Path));
    }

    [Theory]
    [InlineData("hard link", MarketErrorCode.PathEscapesRoot)]
    [InlineData("device", MarketErrorCode.PathEscapesRoot)]
    [InlineData("absolute", MarketErrorCode.PathEscapesRoot)]
    [InlineData("beside", MarketErrorCode.PathEscapesRoot)]
    [InlineData("many", MarketErrorCode.LimitExceeded)]
    [InlineData("padding", MarketErrorCode.LimitExceeded)]
    [InlineData("name", MarketErrorCode.NpmPackageInvalid)]
    [InlineData("no name", MarketErrorCode.NpmPackageInvalid)]
    [InlineData("no version", MarketErrorCode.NpmPackageInvalid)]
    [InlineData("no json", MarketErrorCode.NpmPackageInvalid)]
    [InlineData("no package.json", MarketErrorCode.NpmPackageInvalid)]
    [InlineData("no folder", MarketErrorCode.NpmPackageInvalid)]
    [InlineData("folder", MarketErrorCode.NpmPackageInvalid)]
    [InlineData("no gzip", MarketErrorCode.NpmPackageInvalid)]
    [InlineData("damaged", MarketErrorCode.NpmPackageInvalid)]
    [InlineData("empty", MarketErrorCode.NpmPackageInvalid)]
    public void A_package_of_another_name_is_refused(string kind, MarketErrorCode code)
    {
        var good = NpmTarballBuilder.Plugin("tool", "1.0.0");
        var tarball = kind switch
        {
            "hard link" => good.Add(TarEntryType.HardLink, "package/l", "package/package.json").ToTarball(),
            "device" => good.Add(TarEntryType.CharacterDevice, "package/l").ToTarball(),
            "absolute" => good.Add("/package/out.txt", "x").ToTarball(),
            "beside" => good.Add(TarEntryType.SymbolicLink, "beside", "package").ToTarball(),
            "many" => Enumerable.Range(0, 401).Aggregate(good, (builder, i) => builder.Add($"package/{i}", "")).ToTarball(),
            "padding" => good.AddRaw(new byte[64 << 20]).ToTarball(),
            "name" => NpmTarballBuilder.Plugin("tool", "1.0.0", "Tool").ToTarball(),
            "no name" => new NpmTarballBuilder().Add("package/package.json", """{"version":"1.0.0"}""").ToTarball(),
            "no version" => NpmTarballBuilder.Plugin("tool", "latest").ToTarball(),
            "no json" => new NpmTarballBuilder().Add("package/package.json", "name: tool").ToTarball(),
            "no package.json" => new NpmTarballBuilder().Add("package/.codex-plugin/plugin.json", """{"name":"tool"}""").ToTarball(),
            "no folder" => new NpmTarballBuilder().Add("tool/package.json", """{"name":"tool","version":"1.0.0"}""").ToTarball(),
            "folder" => new NpmTarballBuilder().Add(TarEntryType.Directory, "package/package.json").ToTarball(),
            "no gzip" => good.ToTar(),
            "damaged" => [.. good.Add("package/x", new byte[9000]).ToTarball()[..^40], .. new byte[40]],
            _ => [],
        };

        Assert.Equal(code, Assert.Throws<PluginMarketException>(() => Read(tarball, "tool")).Code);
    }

    [Theory]
    [InlineData("401 Unauthorized - GET https://user:pw-secret@host/tool?token=q-secret - you sent Bearer b-secret\n401 and again c-secret")]
    [InlineData("Unable to parse //host/:_authToken=a-secret of .npmrc")]
    [InlineData("request to https://user:pw-secret@host/tool failed\nAuthorization: Basic b-secret")]
    public void What_npm_says_is_quoted_without_secrets(string said)
    {
        var text = NpmFailures.Said("npm error code E401\nnpm error " + said.Replace("\n", "\nnpm error ", StringComparison.Ordinal)
            + "\nnpm error A complete log of this run can be found in: /home/x/_logs/1.log\n", SecretMask.None);

        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("_logs", text, StringComparison.Ordinal);
        Assert.Contains("host", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("E404", MarketErrorCode.NpmPackageNotFound)]
    [InlineData("ETARGET", MarketErrorCode.NpmPackageNotFound)]
    [InlineData("E403", MarketErrorCode.NpmAuthenticationFailed)]
    [InlineData("ENEEDAUTH", MarketErrorCode.NpmAuthenticationFailed)]
    [InlineData("EINTEGRITY", MarketErrorCode.IntegrityMismatch)]
    [InlineData("ENOTFOUND", MarketErrorCode.SourceUnreachable)]
    [InlineData("SELF_SIGNED_CERT_IN_CHAIN", MarketErrorCode.TlsUntrusted)]
    [InlineData("UNABLE_TO_VERIFY_LEAF_SIGNATURE", MarketErrorCode.TlsUntrusted)]
    [InlineData("CERT_HAS_EXPIRED", MarketErrorCode.TlsUntrusted)]
    [InlineData("ENOSPC", MarketErrorCode.DiskFull)]
    [InlineData("EUSAGE", MarketErrorCode.NpmFailed)]
    public void The_codes_of_npm_have_ids(string code, MarketErrorCode id) =>
        Assert.Equal(id, NpmFailures.Explain(new NpmSource("tool", null, null),
            $"npm ERR! code {code}\nnpm ERR! words\u001b[31m\n", SecretMask.None).Code);

    [Fact]
    public async Task A_public_catalog_cannot_name_a_registry_of_this_network()
    {
        var store = new NpmStore(_scratch.Environment(), _scratch["npm"], GitOptions.Default);

        var failure = await Assert.ThrowsAsync<PluginMarketException>(() =>
            store.FetchAsync(new NpmSource("tool", null, "https://10.1.2.3/npm/"), SourceOrigin.PublicCatalog, CancellationToken.None));

        Assert.Equal(MarketErrorCode.HostNotAllowed, failure.Code);
        Assert.Contains("-AllowHost 10.1.2.3", failure.Message, StringComparison.Ordinal);
    }

    private NpmPackage Read(byte[] tarball, string package)
    {
        var limits = Limits.Default with { NpmUnpackedBytes = 8 << 20, PluginFiles = 100 };
        var store = new NpmStore(_scratch.Environment(limits: limits), _scratch["npm"], GitOptions.Default);
        return store.Read(new NpmSource(package, null, null), _scratch.Write("package.tgz", tarball),
            _scratch["package.tar"], CancellationToken.None);
    }
}
