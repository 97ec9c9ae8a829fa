using System.Text;
using System.Text.RegularExpressions;
using PluginMarket.TestKit;
using PluginMarket.Validation;

namespace PluginMarket.Core.Tests.Validation;

/// <summary>The files of a rule's sample, laid out on the disk.</summary>
internal sealed partial class SampleFolder : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public SampleFolder(string sample, Func<string, byte[], byte[]>? change = null)
    {
        Root = _scratch.MakeFolder("demo");
        var repositories = new Dictionary<string, GitRepository>(StringComparer.Ordinal);
        var files = Read(sample).ToList();
        foreach (var (path, content, _) in files.Where(file => file.Note == "git"))
        {
            var top = path.Split('/')[0];
            var repository = repositories[top] = GitRepository.Create(_scratch.MakeFolder("demo/" + top));
            repository.Write(path[(top.Length + 1)..], content);
            Commits["{first}"] = repository.Commit();
            repository.Write("README.md", "# Changed\n");
            Commits["{last}"] = repository.Commit();
        }

        foreach (var (path, content, note) in files.Where(file => file.Note != "git"))
        {
            if (path.Split(" -> ") is [var link, var target])
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(Root, link))!);
                File.CreateSymbolicLink(Path.Join(Root, link), target);
                continue;
            }

            var text = Commits.Aggregate(content, (known, commit) => known.Replace(commit.Key, commit.Value, StringComparison.Ordinal));
            var bytes = note == "latin-1" ? Encoding.Latin1.GetBytes(text) : Encoding.UTF8.GetBytes(text);
            _scratch.Write("demo/" + path, change is null || note.Length > 0 ? bytes : change(path, bytes));
        }
    }

    public string Root { get; }

    public Dictionary<string, string> Commits { get; } = new(StringComparer.Ordinal);

    public MarketEnvironment Environment => _scratch.Environment();

    public static bool IsMarketplace(ManifestRule rule) => rule.BadSample.Contains("marketplace.json\n", StringComparison.Ordinal);

    /// <summary>Checks the sample the way the rule is about.</summary>
    public async Task<ValidationResult> CheckAsync(ManifestRule rule, ValidationRequest? request = null)
    {
        request = (request ?? new ValidationRequest()) with
        {
            Paths = [Root],

            // The samples are too short to bring a component each.
            ExcludedRules = rule.Id == "PM0219" || IsMarketplace(rule) ? [] : ["PM0219"],
            ResolveSources = rule.Why.Contains("-ResolveSource", StringComparison.Ordinal),
        };
        var validator = new Validator(Environment);
        var listing = IsMarketplace(rule) ? await validator.CheckMarketplacesAsync(request) : validator.CheckPlugins(request);
        Xunit.Assert.Empty(listing.Failures);
        return Xunit.Assert.Single(listing.Results);
    }

    public void Dispose() => _scratch.Dispose();

    private static IEnumerable<(string Path, string Content, string Note)> Read(string sample)
    {
        foreach (var block in Header().Split(sample).Skip(1).Chunk(2))
        {
            var note = Note().Match(block[0]);
            yield return (note.Success ? block[0][..note.Index] : block[0], block[1], note.Groups["note"].Value);
        }
    }

    [GeneratedRegex(@"^--- (.+)\n", RegexOptions.Multiline)]
    private static partial Regex Header();

    [GeneratedRegex(@" \((?<note>latin-1|git)\)$")]
    private static partial Regex Note();
}
