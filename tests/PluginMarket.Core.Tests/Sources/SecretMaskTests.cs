using System.Text;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>A secret does not come back, whichever way it was handed over and however a server or a tool spells it.</summary>
[Trait("Category", "Fast")]
public sealed class SecretMaskTests : IDisposable
{
    private const string Secret = "tok/CANARY+7?x=y";

    private readonly ScratchFolder _scratch = new();

    public static TheoryData<string> Spellings() =>
    [
        Secret,
        Uri.EscapeDataString(Secret),
        Uri.EscapeDataString(Secret).Replace("%2F", "%2f", StringComparison.Ordinal),
        System.Net.WebUtility.UrlEncode(Secret),
        System.Net.WebUtility.HtmlEncode($"<{Secret}>"),
        Base64(Secret),
        Base64($"x-access-token:{Secret}"),
        Base64($"a:{Secret}"),
        Base64($"ab:{Secret}").TrimEnd('='),
        Base64($"user:{Secret}").Replace('+', '-').Replace('/', '_'),
        Base64(Base64($"user:{Secret}")),
        Uri.EscapeDataString(Base64($"user:{Secret}")),
        Convert.ToHexString(Encoding.UTF8.GetBytes(Secret)),
        string.Concat(Secret.Select(c => $"\\u{(int)c:x4}")),
        string.Concat(Secret.Select(c => $"%{(int)c:X2}")),
    ];

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [MemberData(nameof(Spellings))]
    public void A_spelling_is_masked_whichever_way_the_secret_came(string spelling)
    {
        var ways = new (GitCredential? Credential, Dictionary<string, string> Variables)[]
        {
            (new GitCredential("user", Secret, "host.example"), []),
            (null, new() { ["PLUGINMARKET_GIT_TOKEN"] = Secret }),
            (null, new() { ["GITHUB_TOKEN"] = Secret }),
            (null, new() { ["GIT_PASSWORD"] = Secret }),
            (null, new() { ["DEPLOY_TOKEN_CORP"] = Secret }),
            (null, new() { ["REGISTRY_CREDENTIALS"] = Secret }),
            (null, new() { ["MIRROR_HEADER"] = $"Authorization: Basic {Base64($"x:{Secret}")}" }),
            (null, new() { ["HTTPS_PROXY"] = $"http://user:{Uri.EscapeDataString(Secret)}@proxy.example:3128" }),
            (null, Settings("http.https://host.example/.extraheader", $"AUTHORIZATION: basic {Base64($"x-access-token:{Secret}")}")),
            (null, Settings("http.https://host.example/.extraheader", $"Private-Token: {Secret}")),
            (null, Settings($"url.https://user:{Uri.EscapeDataString(Secret)}@host.example/.insteadOf", "https://host.example/")),
        };
        foreach (var (credential, variables) in ways)
        {
            var mask = SecretMask.Of(_scratch.Environment() with { Variables = variables }, credential);
            foreach (var text in new[] { $"denied for {spelling}", $"denied for Basic {spelling}", $"said: '{spelling}'; again",
                $"{{\"value\":\"{spelling}\"}}", $"https://host.example/x/{spelling}" })
            {
                Assert.DoesNotContain(spelling, mask.Apply(text), StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Theory]
    [InlineData("denied for Basic dXNlcjpwYXNz", "denied for Basic ***")]
    [InlineData("Authorization: Bearer abc123DEF", "Authorization: Bearer ***")]
    [InlineData("remote: HTTP Basic authentication is required", "remote: HTTP Basic authentication is required")]
    [InlineData("fatal: https://u:p@h.example/x?token=1 is gone", "fatal: https://***@h.example/x?*** is gone")]
    [InlineData("fatal: ssh://git@h.example/x is gone", "fatal: ssh://git@h.example/x is gone")]
    public void What_looks_like_a_secret_is_masked_though_nobody_knows_it(string text, string shown) =>
        Assert.Equal(shown, SecretMask.None.Apply(text));

    [Theory]
    [InlineData("PLUGINMARKET_GIT_TOKEN_HOST", "git.example")]
    [InlineData("PLUGINMARKET_GIT_TOKEN_USER", "bob.example")]
    [InlineData("GCM_CREDENTIAL_STORE", "cache")]
    [InlineData("TOKEN_FILE", "/run/secrets/tok")]
    [InlineData("EDITOR", "nano")]
    public void A_variable_that_only_speaks_of_a_secret_stays_readable(string name, string value) =>
        Assert.Equal($"said {value} to you",
            SecretMask.Of(_scratch.Environment() with { Variables = new Dictionary<string, string> { [name] = value } })
                .Apply($"said {value} to you"));

    private static Dictionary<string, string> Settings(string key, string value) =>
        new() { ["GIT_CONFIG_COUNT"] = "1", ["GIT_CONFIG_KEY_0"] = key, ["GIT_CONFIG_VALUE_0"] = value };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
