using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket.Policies;

/// <summary>The one question before bytes come in, are turned on or are trusted. Every layer is judged alone, and the worst verdict
/// counts; there is no way to turn a layer off.</summary>
internal sealed class PolicyGate
{
    internal const string Variable = "PLUGINMARKET_POLICY";

    private static readonly TimeSpan Notice = TimeSpan.FromDays(14);

    private readonly MarketEnvironment _environment;

    private PolicyGate(MarketEnvironment environment, IReadOnlyList<PolicyLayer> layers)
    {
        _environment = environment;
        Layers = layers;
    }

    /// <summary>Every layer that has a say, or would have.</summary>
    internal IReadOnlyList<PolicyLayer> Layers { get; }

    /// <summary>Whether no layer says anything, so that all is allowed.</summary>
    internal bool IsSilent =>
        Layers.All(layer => layer is { Document: null, Problem: null, Managed: null, Codex: not { IsActive: true } });

    /// <summary>Whether a layer asks for what a plugin can do, which takes reading its files.</summary>
    internal bool AsksForFiles => Layers.Any(layer => layer.Document?.Rules.Any(rule => rule.Stage == PolicyStage.Publish) == true);

    /// <summary>Whether a layer asks for how long bytes are known, which takes reading the history.</summary>
    internal bool AsksForAge => Layers.Any(layer => layer.Document?.Rules.Any(rule => rule.Kind == "age") == true);

    /// <summary>Whether a layer asks for when authors made their commits, which takes reading them.</summary>
    internal bool AsksForCommitTime =>
        Layers.Any(layer => layer.Document?.Rules.OfType<Rules.AgeRule>().Any(rule => !rule.IsOfFirstSeen) == true);

    /// <summary>How git is reached to ask what it makes of addresses; null where no layer compares any, so that nobody has to.</summary>
    internal GitOptions? AddressesBy(GitOptions git) =>
        Layers.Any(layer => layer.Document?.Rules.Any(rule => rule.Kind is "marketplace" or "source" or "pin") == true) ? git : null;

    /// <summary>Codex's own restriction; null where there is none.</summary>
    internal CodexRestriction? Codex => Layers.FirstOrDefault(layer => layer.Codex is { IsActive: true })?.Codex;

    /// <summary>Reads every layer as it is on the disk now.</summary>
    internal static PolicyGate Open(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var layers = new List<PolicyLayer>();
        AddMachine(environment, layers);
        AddCodex(environment, layers);
        layers.AddRange(environment.StatePolicies.Select(path => ReadNamed(environment, PolicyLayerKind.State, path)));
        var named = environment.Variables.TryGetValue(Variable, out var variable) && variable.Length > 0
            ? environment.PolicyPaths.Concat(variable.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            : environment.PolicyPaths;
        layers.AddRange(named.Distinct(StringComparer.Ordinal).Select(path => ReadNamed(environment, PolicyLayerKind.Command, path)));
        return new PolicyGate(environment, layers);
    }

    /// <summary>A single file as the only layer, to ask what it would say of other machines.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PolicyUnreadable"/></exception>
    internal static PolicyGate OfFile(MarketEnvironment environment, string path)
    {
        var layer = ReadNamed(environment, PolicyLayerKind.Command, path);
        return layer.Problem is null ? new PolicyGate(environment, [layer]) : throw layer.Problem;
    }

    /// <summary>What all layers say of a subject.</summary>
    internal PolicyDecision Judge(PolicyStage stage, PolicySubject subject)
    {
        var now = _environment.Time.GetUtcNow();
        subject = _environment.GivenOptions.Count == 0 ? subject
            : subject with { Options = [.. subject.Options, .. _environment.GivenOptions] };
        var verdicts = new List<PolicyVerdict>(Layers.Count);
        foreach (var layer in Layers)
        {
            verdicts.AddRange(layer.Judge(stage, subject, now));
        }

        return new PolicyDecision(subject, verdicts);
    }

    /// <summary>Fails where a layer refuses. At the first stage what is not known yet is not a refusal; at the second it is.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PolicyDenied"/>,
    /// <see cref="MarketErrorCode.PolicyUnreadable"/></exception>
    /// <returns>The decision, of which audited verdicts are to be recorded.</returns>
    internal PolicyDecision Demand(PolicyStage stage, PolicySubject subject)
    {
        var decision = Check(stage, subject);

        // What is reported is told once, when all of it is known.
        if (stage == PolicyStage.Publish)
        {
            Tell(decision);
        }

        return decision;
    }

    /// <summary>Fails where <see cref="Demand"/> does and tells nobody what is only reported: for the looks before the last one, and for
    /// previews.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PolicyDenied"/>,
    /// <see cref="MarketErrorCode.PolicyUnreadable"/></exception>
    internal PolicyDecision Check(PolicyStage stage, PolicySubject subject)
    {
        var decision = Judge(stage, subject);
        return decision.RefusalAt(stage) is { } refusal ? throw refusal : decision;
    }

    /// <summary>Fails where a rule of the machine wants a plugin to stay, and whoever runs this is not its administrator.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PolicyDenied"/></exception>
    internal void DemandRemovable(PluginId id) => DemandRemovable(id, _environment.Files.IsRoot);

    /// <summary>The same of whoever is, or is not, the administrator.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PolicyDenied"/></exception>
    internal void DemandRemovable(PluginId id, bool isAdministrator)
    {
        foreach (var layer in Layers.Where(layer => layer.Kind == PolicyLayerKind.Machine && layer.Document is { IsAudit: false }))
        {
            if (!isAdministrator
                && layer.Document!.Rules.OfType<Rules.PluginRule>().FirstOrDefault(rule => !rule.IsAudit && rule.Demands(id)) is { } rule)
            {
                var subject = new PolicySubject($"'{id}'") { Plugin = id };
                throw PolicyDecision.Refusal(subject, new PolicyVerdict(layer, rule, PolicyEffect.Denied)
                {
                    Finding = $"it must stay installed",
                });
            }
        }
    }

    private void Tell(PolicyDecision decision)
    {
        var now = _environment.Time.GetUtcNow();
        foreach (var verdict in decision.Verdicts)
        {
            if (verdict.Lifted is { } lifted && lifted.Expires - now <= Notice)
            {
                _environment.Log.Warn($"The exception of {decision.Subject.Name} from {verdict.RuleId} of {verdict.Layer.Name} ends on "
                    + $"{lifted.Expires.UtcDateTime:yyyy-MM-dd}.");
            }
        }

        if (decision.Verdicts.Where(verdict => verdict.Effect == PolicyEffect.Audited).ToList() is { Count: > 0 } audited)
        {
            var shown = Message.Sentences(audited.Select(verdict => (Message)
                $"{verdict.RuleId} of {verdict.Layer.Name} ({verdict.Layer.Path}, line {verdict.Rule!.Line}): "
                    + $"{verdict.Explain(decision.Subject)}."));
            _environment.Log.Warn($"{decision.Subject.Name} would be refused once the policy is enforced. {shown}");
        }
    }

    private static void AddMachine(MarketEnvironment environment, List<PolicyLayer> layers)
    {
        var machine = environment.MachinePolicy;
        var before = layers.Count;
        try
        {
            var isDemanded = machine.DemandsPolicy(environment.Files, environment.Limits);
            foreach (var path in machine.Find(environment.Files))
            {
                layers.Add(Read(environment, PolicyLayerKind.Machine, path,
                    () => machine.Read(environment.Files, path) ?? throw MachinePolicy.Unreadable(path, $"is missing")));
            }

            if (layers.Count == before)
            {
                layers.Add(isDemanded
                    ? new PolicyLayer(PolicyLayerKind.Machine, machine.Folder)
                    {
                        Problem = MachinePolicy.Unreadable(machine.Folder,
                            $"is missing, and '{machine.SettingsPath}' demands one (policyRequired)"),
                    }
                    : new PolicyLayer(PolicyLayerKind.Machine, machine.Folder));
            }
        }
        catch (PluginMarketException problem)
        {
            layers.Add(new PolicyLayer(PolicyLayerKind.Machine, problem.File ?? machine.Folder) { Problem = problem });
        }
    }

    private static void AddCodex(MarketEnvironment environment, List<PolicyLayer> layers)
    {
        var path = Path.Join(environment.SystemConfigurationFolder, "requirements.toml");
        try
        {
            if (ConfigurationFile.Read(environment, path) is { } file)
            {
                layers.Add(new PolicyLayer(PolicyLayerKind.Codex, path)
                {
                    Codex = new CodexRestriction(RequirementsReader.Read(file), folder => Real(environment, folder)),
                    Digest = TreeDigest.OfBytes(file.Bytes.Span),
                });
            }
        }
        catch (PluginMarketException problem)
        {
            layers.Add(new PolicyLayer(PolicyLayerKind.Codex, path) { Problem = problem });
        }

        var managed = ConfigurationLayers.ManagedPath(environment);
        try
        {
            if (ConfigurationFile.Read(environment, managed) is { } file && CodexKillSwitch.Of(file) is { } plugins)
            {
                layers.Add(new PolicyLayer(PolicyLayerKind.Codex, managed)
                {
                    Managed = plugins,
                    Digest = TreeDigest.OfBytes(file.Bytes.Span),
                });
            }
        }
        catch (PluginMarketException problem)
        {
            layers.Add(new PolicyLayer(PolicyLayerKind.Codex, managed) { Problem = problem });
        }
    }

    private static string Real(MarketEnvironment environment, string folder)
    {
        try
        {
            return environment.Files.RealPath(folder);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return folder;
        }
    }

    private static PolicyLayer ReadNamed(MarketEnvironment environment, PolicyLayerKind kind, string path)
    {
        var full = Path.IsPathFullyQualified(path) || environment.WorkingDirectory is not { } folder
            ? path : Path.GetFullPath(path, folder);
        return Read(environment, kind, full, () => environment.Files.ReadAllBytes(full, PolicyReader.LongestFile, followLink: true));
    }

    private static PolicyLayer Read(MarketEnvironment environment, PolicyLayerKind kind, string path, Func<byte[]> read)
    {
        try
        {
            var utf8 = read();
            return environment.Home.Policies.Find(kind, path, utf8) ?? environment.Home.Policies.Keep(utf8,
                new PolicyLayer(kind, path) { Document = PolicyReader.Read(utf8, path, environment), Digest = TreeDigest.OfBytes(utf8) });
        }
        catch (PluginMarketException problem) when (problem.Code == MarketErrorCode.PolicyUnreadable)
        {
            return new PolicyLayer(kind, path) { Problem = problem };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return new PolicyLayer(kind, path)
            {
                Problem = new PluginMarketException(MarketErrorCode.PolicyUnreadable,
                    $"The policy '{path}' cannot be read: {problem}. "
                        + $"{Remedy.Do($"Choose a policy file that exists and that you can read.")}",
                    path, problem)
                {
                    File = path,
                },
            };
        }
    }
}
