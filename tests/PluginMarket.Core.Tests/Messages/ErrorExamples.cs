using PluginMarket.Authoring;
using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.Home;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Records;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Npm;
using PluginMarket.Toml;
using PluginMarket.Validation;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>One way to each error, as a user meets it.</summary>
internal static class ErrorExamples
{
    private const string Kit = "kit@shop";
    private const string KitEntry = """{"name":"kit","source":"./kit"}""";

    /// <summary>Codes whose example is in tests/module, because only a cmdlet gives them.</summary>
    internal static IReadOnlyList<MarketErrorCode> OfCmdlets { get; } =
    [
        MarketErrorCode.ConfirmationRequired, MarketErrorCode.DriftFound, MarketErrorCode.InputNotAMarketplace,
        MarketErrorCode.InputNotAPlugin,
        MarketErrorCode.InputNotAResult, MarketErrorCode.ValidationFailed,
    ];

    /// <summary>Codes of policies and fleets, which their own tests cause.</summary>
    internal static IReadOnlyList<MarketErrorCode> OfPoliciesAndFleets { get; } =
    [
        MarketErrorCode.HomeNotOwned, MarketErrorCode.InventoryUnreadable, MarketErrorCode.PolicyDenied,
        MarketErrorCode.PolicyNotExpressible, MarketErrorCode.PolicyUnreadable, MarketErrorCode.RemovalLimitExceeded,
        MarketErrorCode.ReportNotDelivered, MarketErrorCode.StateFileConflict, MarketErrorCode.StateFileUnreadable,
    ];

    /// <summary>Codes that take a slow or a second program to meet: their texts are held by the test of every site.</summary>
    internal static IReadOnlyList<MarketErrorCode> OfOtherPrograms { get; } =
    [
        MarketErrorCode.HostNotAllowed, MarketErrorCode.NpmPackageInvalid, MarketErrorCode.NpmTimeout, MarketErrorCode.SourceChanged,
        MarketErrorCode.StateLocked,
    ];

    internal static IReadOnlyDictionary<MarketErrorCode, Func<TestShop, Task<PluginMarketException>>> All { get; } =
        new Dictionary<MarketErrorCode, Func<TestShop, Task<PluginMarketException>>>
        {
            [MarketErrorCode.ApprovalFileUnreadable] = shop => Thrown(() => ApprovalFile.Read(shop.Environment, "/missing/approvals.json")),
            [MarketErrorCode.CapabilityNotAccepted] = async shop =>
            {
                await shop.Listing("kit").Plugin("kit").InstallAsync(Kit);
                return (await shop.Plugin("kit", "1.1.0").Hook("kit", "echo hi").UpdateAsync(Kit)).GetFailure()!;
            },
            [MarketErrorCode.CatalogUnreadable] = shop =>
                Thrown(() => new MarketplaceCatalogReader(shop.Environment).Read(shop.Catalog("{").Root, false)),
            [MarketErrorCode.ConfigFormUnsupported] = shop => Thrown(
                () => TomlFile.Parse("[[plugins]]\n"u8.ToArray(), "/home/.codex/config.toml", shop.Environment.Limits)
                    .SetTable(["plugins", Kit], [new("enabled", true)])),
            [MarketErrorCode.ConfigInvalid] = shop =>
            {
                shop.WriteConfig("x =\n");
                return Thrown(() => ConfigurationLayers.Read(shop.Environment));
            },
            [MarketErrorCode.CredentialInUrl] = _ => Thrown(() => GitUrl.Parse("https://bob:canary@git.example/o/r.git")),
            [MarketErrorCode.DiskFull] = _ => Made(Git("fatal: cannot write: No space left on device")),
            [MarketErrorCode.DowngradeRefused] = async shop =>
            {
                await shop.Listing("kit").Plugin("kit", "2.0.0").InstallAsync(Kit);
                return (await shop.Plugin("kit").UpdateAsync(Kit)).GetFailure()!;
            },
            [MarketErrorCode.ForeignComputer] = shop => Thrown(
                () => ReferenceCheck.DemandThisHome(PluginReference.Parse(Kit) with { ComputerName = "other-machine" }, shop.Environment)),
            [MarketErrorCode.GitAuthenticationFailed] = _ => Made(Git("fatal: Authentication failed for 'https://git.example/o/r.git/'")),
            [MarketErrorCode.GitCommitMismatch] = shop => Added(shop, new MarketplaceAddRequest { Source = "acme/tools", Sha = "0123abc" }),
            [MarketErrorCode.GitFailed] = _ => Made(Git("fatal: something else")),
            [MarketErrorCode.GitNotFound] = shop =>
                Thrown(() => GitProgram.Find(shop.Environment with { Variables = new Dictionary<string, string>() })),
            [MarketErrorCode.GitRefNotFound] = _ => Made(Git("fatal: couldn't find remote ref v9")),
            [MarketErrorCode.GitTimeout] = _ => Made(Git("fatal: Operation too slow")),
            [MarketErrorCode.HomeConflict] = shop => Thrown(
                () => ReferenceCheck.DemandThisHome(PluginReference.Parse(Kit) with { CodexHome = "/other/.codex" }, shop.Environment)),
            [MarketErrorCode.HomeNotFound] = _ =>
                Made(HomeChoice.Of("/missing", null, creates: false).Unusable("/missing", "does not exist")),
            [MarketErrorCode.HomeNotWritable] = _ =>
                Made((PluginMarketException)DiskError.Writing("Writing", "/home/.codex/config.toml", 13)),
            [MarketErrorCode.HomeWritableByOthers] = shop =>
            {
                var open = shop.Scratch.MakeFolder("open");
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(open, (UnixFileMode)0b111_111_111);
                }

                return Thrown(() => SharedFolder.Refuse(shop.Environment, open));
            },
            [MarketErrorCode.HttpNotAllowed] = shop => Added(shop, new MarketplaceAddRequest { Source = "http://git.example/o/r.git" }),
            [MarketErrorCode.IntegrityMismatch] = _ => Made(Npm("EINTEGRITY")),
            [MarketErrorCode.InternalError] = _ => Made(InternalFault.From(new InvalidOperationException("canary"))),
            [MarketErrorCode.LimitExceeded] = _ => Made(CappedReader.TooLong("/shop/.agents/plugins/marketplace.json", 10)),
            [MarketErrorCode.LockFileMismatch] = async shop =>
            {
                await shop.Listing("kit").Plugin("kit").InstallAsync(Kit);
                var lockFile = new LockFileMaker(shop.Environment).Make(shop.Scratch["plugins.lock.json"], []).File;
                await shop.UninstallAsync(Kit);
                shop.Plugin("kit", text: "changed");
                return (await shop.InstallAllAsync(
                    new InstallRequest { Intent = new InstallIntent.RestoreLock { Entries = lockFile.Entries } }))[0].GetFailure()!;
            },
            [MarketErrorCode.ManagedByAdministrator] = shop =>
            {
                shop.Scratch.Write("etc/managed_config.toml", "[plugins.\"kit@shop\"]\nenabled = false\n");
                return Installed(shop.Listing("kit").Plugin("kit"));
            },
            [MarketErrorCode.ManifestInvalid] = shop =>
            {
                shop.Listing("kit").Scratch.Write("shop/kit/.codex-plugin/plugin.json", "{ \"name\": 3 }");
                return Installed(shop);
            },
            [MarketErrorCode.ManifestNameMismatch] = shop =>
                Installed(shop.Catalog("""{"name":"kit","source":"./other"}""").Plugin("other")),
            [MarketErrorCode.MarketplaceAlreadyExists] = shop => Thrown(() =>
                new EditMarketplace(shop.Listing("kit").Environment).Create(new NewMarketplaceRequest { Path = shop.Root, Name = "shop" })),
            [MarketErrorCode.MarketplaceNameMismatch] = shop =>
                Added(shop.Listing("kit"), new MarketplaceAddRequest { Source = shop.Root, Name = "other" }),
            [MarketErrorCode.MarketplaceNotFound] = _ => Made(MarketplaceRegistry.NotFound("corp", [])),
            [MarketErrorCode.MarketplaceNotTrusted] = async shop =>
            {
                shop.WriteConfig("");
                return (await shop.Listing("kit").Plugin("kit").InstallAsync(PluginReference.Parse(Kit) with
                {
                    CatalogPath = Path.Join(shop.Root, ".agents/plugins/marketplace.json"),
                })).GetFailure()!;
            },
            [MarketErrorCode.FileAlreadyExists] = shop => Thrown(() => PluginMarket.Files.AtomicFile.DemandNew(shop.Environment.Files,
                Path.Join(shop.Listing("kit").Plugin("kit").Root, ".agents/plugins/marketplace.json"))),
            [MarketErrorCode.NameInvalid] = _ => Thrown(() => PluginName.Parse("a b")),
            [MarketErrorCode.NameReserved] = shop => Thrown(() => new EditMarketplace(shop.Environment).Create(
                new NewMarketplaceRequest { Path = shop.Scratch["new"], Name = "openai-curated" })),
            [MarketErrorCode.NothingToCheck] = _ => Made(Validator.NothingToCheck()),
            [MarketErrorCode.NpmAuthenticationFailed] = _ => Made(Npm("E401")),
            [MarketErrorCode.NpmFailed] = _ => Made(Npm("EOTHER")),
            [MarketErrorCode.NpmNotFound] = shop =>
                Thrown(() => NpmProgram.Find(shop.Environment with { Variables = new Dictionary<string, string>() })),
            [MarketErrorCode.NpmPackageNotFound] = _ => Made(Npm("E404")),
            [MarketErrorCode.PathEscapesRoot] = _ => Thrown(() => RelativePath.Parse("../x")),
            [MarketErrorCode.PluginAlreadyExists] = shop =>
                Thrown(() => new EditMarketplace(shop.Listing("kit").Plugin("kit").Environment).AddEntryAsync(new CatalogEntryRequest
                {
                    Path = shop.Root,
                    Name = "kit",
                    Change = new CatalogEntryChange { Source = SourceText.OfPath("./kit") },
                }).GetAwaiter().GetResult()),
            [MarketErrorCode.PluginHeld] = _ => Made(ReplacementGate.Held(new Hold(PluginId.Parse(Kit), "CHG-7", null, null))),
            [MarketErrorCode.PluginInUse] = _ =>
                Made((PluginMarketException)DiskError.Writing("Replacing", "/home/.codex/plugins/cache/shop/kit", 16)),
            [MarketErrorCode.PluginNameAmbiguous] = shop => Installed(shop.Catalog(KitEntry, KitEntry).Plugin("kit")),
            [MarketErrorCode.PluginNotAvailable] = shop =>
                Installed(shop.Catalog("""{"name":"kit","source":"./kit","policy":{"installation":"NOT_AVAILABLE"}}""").Plugin("kit")),
            [MarketErrorCode.PluginNotFound] = shop => Installed(shop.Listing("zebra").Plugin("zebra")),
            [MarketErrorCode.PluginNotInstalled] = shop => Made(Assert.Single(
                new InstalledPluginQuery(shop.Listing("zebra").Environment).List(new InstalledPluginRequest { Names = [Kit] }).Failures)),
            [MarketErrorCode.ProvenanceUnknown] = async shop =>
            {
                await shop.Listing("kit").Plugin("kit").InstallAsync(Kit);
                shop.Environment.Home.Receipts.Remove(PluginId.Parse(Kit));
                return Assert.Single(new LockFileMaker(shop.Environment).Make(shop.Scratch["plugins.lock.json"], []).Failures);
            },
            [MarketErrorCode.RedirectRefused] = _ =>
                Made(GitAccess.Refused(GitUrl.Parse("https://git.example/o/r.git"), "https://elsewhere.example/o/r.git")),
            [MarketErrorCode.RepositoryNotFound] = _ => Made(Git("fatal: repository 'https://git.example/o/r.git/' not found")),
            [MarketErrorCode.SettingsInvalid] = _ => Made(RuleSet.NotFound("XX1234")),
            [MarketErrorCode.SourceInvalid] = shop => Added(shop, new MarketplaceAddRequest { Source = "a/b/c" }),
            [MarketErrorCode.SourceNotSupported] = shop =>
                Installed(shop.Catalog("""{"name":"kit","source":{"source":"svn","url":"x"}}""")),
            [MarketErrorCode.SourceUnreachable] = _ => Made(Git("fatal: unable to access: Could not resolve host: git.example")),
            [MarketErrorCode.SshHostKeyUnknown] = _ => Made(Git("Host key verification failed.")),
            [MarketErrorCode.SshKeyRefused] = _ => Made(Git("git@git.example: Permission denied (publickey).")),
            [MarketErrorCode.SsoRequired] = _ => Made(Git("remote: The organization has enabled SAML SSO.")),
            [MarketErrorCode.StateCorrupt] = shop =>
            {
                shop.Scratch.Write("home/.codex/plugins/.pluginmarket/receipts/shop/kit.json", "{");
                return Thrown(() => shop.Environment.Home.Receipts.Find(PluginId.Parse(Kit)));
            },
            [MarketErrorCode.TlsUntrusted] = _ => Made(Git("fatal: unable to access: SSL certificate problem: self-signed certificate")),
            [MarketErrorCode.UpdateChangedSinceReview] = async shop =>
            {
                await shop.Listing("kit").Plugin("kit").InstallAsync(Kit);
                return (await shop.Plugin("kit", "1.1.0")
                    .UpdateAsync(PluginReference.Parse(Kit) with { TreeHash = "sha256:" + new string('0', 64) })).GetFailure()!;
            },
            [MarketErrorCode.VersionNotFound] = shop => Installed(shop.Listing("kit").Plugin("kit"),
                request => request with { Intent = new InstallIntent.Install { Version = PluginVersion.Parse("2.0.0") } }),
        };

    private static PluginMarketException Git(string text) =>
        GitFailures.Explain(GitUrl.Parse("https://git.example/o/r.git"), text, SecretMask.None, "fetch");

    private static PluginMarketException Npm(string code) =>
        NpmFailures.Explain(NpmGrammar.Read("kit", "1.0.0", null), $"npm error code {code}", SecretMask.None);

    private static Task<PluginMarketException> Made(PluginMarketException failure) => Task.FromResult(failure);

    private static Task<PluginMarketException> Thrown(Action action) => Task.FromResult(Assert.Throws<PluginMarketException>(action));

    private static async Task<PluginMarketException> Installed(TestShop shop, Func<InstallRequest, InstallRequest>? change = null) =>
        (await shop.InstallAsync(Kit, change)).GetFailure()!;

    private static Task<PluginMarketException> Added(TestShop shop, MarketplaceAddRequest request) =>
        Assert.ThrowsAsync<PluginMarketException>(
            () => new MarketplaceRegistry(shop.Environment).AddAsync(request, CancellationToken.None));
}
