using PluginMarket.Capabilities;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Installation.Decision;
using PluginMarket.Inventory;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Policies;
using PluginMarket.Records;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Npm;
using PluginMarket.Validation;

namespace PluginMarket.Installation;

/// <summary>Asks the policies about plugins that are to be installed or turned on: before anything is fetched, and again under the
/// home's lock about what is staged.</summary>
internal sealed class InstallPolicy
{
    internal const string PolicyAction = "policy";

    private readonly MarketEnvironment _environment;
    private readonly InstallRequest _request;
    private readonly PolicyGate _gate;

    internal InstallPolicy(MarketEnvironment environment, InstallRequest request, PolicyGate? gate = null)
    {
        (_environment, _request) = (environment, request);
        _gate = gate ?? PolicyGate.Open(environment);
    }

    /// <summary>Fails where a policy refuses a planned plugin for what is known of it.</summary>
    /// <exception cref="PluginMarketException">PolicyDenied, PolicyUnreadable.</exception>
    internal void Admit(InstallPlanItem item)
    {
        if (!_gate.IsSilent && !BringsNothing(item))
        {
            _gate.Demand(PolicyStage.Admit, SubjectOf(item));
        }
    }

    /// <summary>Fails where a policy refuses what is staged, or where what it asks for cannot be told. The caller holds the home's
    /// lock.</summary>
    /// <exception cref="PluginMarketException">PolicyDenied, PolicyUnreadable.</exception>
    internal void Publish(InstallPlanItem item, StagedPlugin? staged)
    {
        if (_gate.IsSilent || BringsNothing(item))
        {
            return;
        }

        if (staged is null)
        {
            DemandInstalled(_environment, item.Id);
            return;
        }

        var subject = SubjectOf(item, staged);
        if (!subject.FirstSeen.IsKnown && _gate.AsksForAge)
        {
            subject = subject with { FirstSeen = Fact<DateTimeOffset>.Of(_environment.Time.GetUtcNow()) };
            Note(_environment, item.Id, "seen", subject, null);
        }

        Record(_environment, _gate.Demand(PolicyStage.Publish, subject));
    }

    /// <summary>Fails where a policy refuses what is staged, as far as that is told without writing; tells and records nothing.</summary>
    /// <exception cref="PluginMarketException">PolicyDenied, PolicyUnreadable.</exception>
    internal void Check(InstallPlanItem item, StagedPlugin? staged)
    {
        // When bytes were first seen is written down under the lock.
        if (staged is not null && !_gate.IsSilent && !_gate.AsksForAge && !BringsNothing(item))
        {
            _gate.Check(PolicyStage.Publish, SubjectOf(item, staged));
        }
    }

    /// <summary>Fails where a policy refuses a plugin for its name, before the catalog that offers it is read; changes nothing.</summary>
    /// <exception cref="PluginMarketException">PolicyDenied, PolicyUnreadable.</exception>
    internal static void CheckName(MarketEnvironment environment, PluginId id)
    {
        var gate = PolicyGate.Open(environment);
        if (!gate.IsSilent)
        {
            gate.Check(PolicyStage.Admit, new PolicySubject($"'{id}'") { Plugin = id });
        }
    }

    /// <summary>What the policies say of a planned plugin whose files are not known; changes nothing.</summary>
    internal PolicyDecision Judge(InstallPlanItem item) => _gate.Judge(PolicyStage.Publish, SubjectOf(item));

    /// <summary>What the policies say of a plugin that is staged; changes nothing.</summary>
    internal PolicyDecision Judge(InstallPlanItem item, StagedPlugin staged) => _gate.Judge(PolicyStage.Publish, SubjectOf(item, staged));

    /// <summary>What the policies would say of a plugin that is staged once its approval is written; changes nothing.</summary>
    internal PolicyDecision JudgeApproved(InstallPlanItem item, StagedPlugin staged) => _gate.Judge(PolicyStage.Publish,
        SubjectOf(item, staged) with { IsApprovedBy = _ => true, IsPinnedByRecord = true, Pin = Fact<PinLevel>.Of(PinLevel.Digest) });

    /// <summary>Fails where a policy refuses an installed plugin, as it is on the disk. The caller holds the home's lock.</summary>
    /// <exception cref="PluginMarketException">PolicyDenied, PolicyUnreadable.</exception>
    internal static void DemandInstalled(MarketEnvironment environment, PluginId id)
    {
        var gate = PolicyGate.Open(environment);
        if (!gate.IsSilent && environment.Home.Cache.ActivePath(id) is { } path)
        {
            Record(environment, gate.Demand(PolicyStage.Publish, OfInstalled(environment, gate, id, path)));
        }
    }

    /// <summary>Fails where <see cref="DemandInstalled"/> does; tells and records nothing.</summary>
    /// <exception cref="PluginMarketException">PolicyDenied, PolicyUnreadable.</exception>
    internal static void CheckInstalled(MarketEnvironment environment, PluginId id)
    {
        var gate = PolicyGate.Open(environment);
        if (!gate.IsSilent && environment.Home.Cache.ActivePath(id) is { } path)
        {
            gate.Check(PolicyStage.Publish, OfInstalled(environment, gate, id, path));
        }
    }

    /// <summary>The subject of an installed plugin, whose record counts as long as its bytes are the recorded ones.</summary>
    internal static PolicySubject OfInstalled(MarketEnvironment environment, PolicyGate gate, PluginId id, string path)
    {
        environment.Home.Receipts.TryFind(id, out var receipt, out _);
        return OfFolder(environment, gate, id, path, new IntegrityCheck(environment).Check(id).IsIntact ? receipt : null);
    }

    /// <summary>Fails where a policy refuses a version that is in this home and is to be brought back. The caller holds the home's
    /// lock.</summary>
    /// <exception cref="PluginMarketException">PolicyDenied, PolicyUnreadable.</exception>
    internal static void DemandKept(MarketEnvironment environment, PluginId id, string folder, Receipt? receipt)
    {
        var gate = PolicyGate.Open(environment);
        if (!gate.IsSilent)
        {
            Record(environment, gate.Demand(PolicyStage.Publish, OfFolder(environment, gate, id, folder, receipt)));
        }
    }

    /// <summary>Fails where <see cref="DemandKept"/> does; tells and records nothing.</summary>
    /// <exception cref="PluginMarketException">PolicyDenied, PolicyUnreadable.</exception>
    internal static void CheckKept(MarketEnvironment environment, PluginId id, string folder, Receipt? receipt)
    {
        var gate = PolicyGate.Open(environment);
        if (!gate.IsSilent)
        {
            gate.Check(PolicyStage.Publish, OfFolder(environment, gate, id, folder, receipt));
        }
    }

    internal static PolicySubject OfFolder(MarketEnvironment environment, PolicyGate gate, PluginId id, string folder, Receipt? receipt)
    {
        var tree = FolderTree.ReadInstalled(folder, environment.Files, environment.Limits);
        return OfFolder(environment, gate, id, folder, receipt, tree,
            ManifestReader.Read(tree, folder, id.Plugin.Value, null, environment.Limits).Manifest);
    }

    /// <summary>The same of a folder that was read already.</summary>
    internal static PolicySubject OfFolder(MarketEnvironment environment, PolicyGate gate, PluginId id, string folder, Receipt? receipt,
        FileTree tree, PluginManifest? manifest)
    {
        var subject = PluginPolicySubject.OfInstalled(environment, gate, ConfigurationLayers.Read(environment), id, tree, manifest,
            receipt, gate.AddressesBy(GitOptions.Default));
        return receipt is null || manifest is null ? subject : subject with
        {
            IsApprovedBy = file => Approves(environment, file, id, ReviewedDigest.Of(receipt.TreeHash, receipt.GeneratedFiles),
                manifest.Version, CapabilityReader.Read(tree, manifest)),
            Findings = () => FindingsOf(environment, folder),
        };
    }

    private PolicySubject SubjectOf(InstallPlanItem item)
    {
        var source = InstallRun.SourceOf(_request, item);
        var git = _gate.AddressesBy(_request.Git);
        var isExact = item.IsPromised || _request.Approvals is not null;
        var subject = item.Catalog is { } catalog
            ? PluginPolicySubject.Of(_environment, item.Id, catalog.Marketplace, source, git)
            : new PolicySubject($"'{item.Id}'")
            {
                Plugin = item.Id,
                Marketplace = MarketplacePolicy.Of(_environment, ConfigurationLayers.Read(_environment), item.Id.Marketplace.Value, git),
                Source = new AddressReader(_environment, git).Of(source),
                Pin = Fact<PinLevel>.Of(PinLevel.Digest),
            };
        return subject with
        {
            Pin = isExact ? Fact<PinLevel>.Of(PinLevel.Digest) : subject.Pin,
            IsPinnedByRecord = item.Pinned is not null || _request.Approvals is not null,
            TreeHash = item.Pinned is { } pinned ? Fact<string?>.Of(pinned.Entry.TreeHash) : default,
            Options = [.. OptionsOf(item)],
        };
    }

    private PolicySubject SubjectOf(InstallPlanItem item, StagedPlugin staged)
    {
        var subject = PluginPolicySubject.With(SubjectOf(item), staged.Manifest, staged.Capabilities);
        var provenance = staged.Origin.Provenance;
        if (provenance is PackageProvenance { Registry: { } registry } && Uri.TryCreate(registry, UriKind.Absolute, out var url))
        {
            subject = subject with { Source = subject.Source! with { Registry = Fact<string?>.Of(url.IdnHost) } };
        }

        var tree = staged.Tree.Read(TreeLimits.Plugin(_environment.Limits));
        return subject with
        {
            TreeHash = Fact<string?>.Of(staged.TreeHash),
            Commit = Fact<string?>.Of(provenance.OwnCommit ?? item.Catalog?.Commit),
            Size = Fact<(long, int)>.Of((tree.Files.Sum(file => file.Length), tree.Files.Count())),
            FirstSeen = _gate.AsksForAge && PluginPolicySubject.FirstSeen(_environment, staged.TreeHash) is { } since
                ? Fact<DateTimeOffset>.Of(since) : default,
            CommittedOn = staged.Origin.CommittedOn is { } committed ? Fact<DateTimeOffset>.Of(committed) : default,
            IsApprovedBy = file => Approves(_environment, file, item.Id, staged.ReviewedHash, staged.Manifest.Version,
                staged.Capabilities),
            Findings = () => FindingsOf(_environment, staged.Tree.TreePath),
        };
    }

    private IEnumerable<string> OptionsOf(InstallPlanItem item)
    {
        // A repair sets these by itself: it brings what was accepted before.
        if (item.Intent is InstallIntent.Repair)
        {
            yield break;
        }

        if (_request.Git.AllowHttp)
        {
            yield return "AllowHttp";
        }

        if (_request.Git.AllowHosts.Count > 0)
        {
            yield return "AllowHost";
        }

        if (_request.AllowDowngrade)
        {
            yield return "AllowDowngrade";
        }

        if (_request.AcceptCapability.Count > 0)
        {
            yield return "AcceptCapability";
        }

        if (_request.TrustMarketplace)
        {
            yield return "TrustMarketplace";
        }

        if (item.Intent.IsReinstall)
        {
            yield return "Reinstall";
        }
    }

    // A repair that only takes away what does not belong there brings nothing that could be refused.
    private static bool BringsNothing(InstallPlanItem item) => item.Intent is InstallIntent.Repair { OnlyRemoves: true };

    // The digest names the bytes; what is listed beside it is what somebody read when they approved them.
    private static bool Approves(MarketEnvironment environment, string file, PluginId id, string reviewedHash, string? version,
        IReadOnlyList<Capability> capabilities)
    {
        try
        {
            return ApprovalFile.Read(environment, file).Find(id) is { } approval && approval.TreeHash == reviewedHash
                && ApprovalCheck.Describes(approval, version, capabilities);
        }
        catch (PluginMarketException problem)
        {
            environment.Log.Warn($"{id}: {problem}");
            return false;
        }
    }

    private static IReadOnlyCollection<string> FindingsOf(MarketEnvironment environment, string folder) =>
        [.. new Validator(environment).CheckTree(FolderTree.ReadInstalled(folder, environment.Files, environment.Limits), folder,
            Path.GetFileName(folder), null, new ValidationRequest()).Diagnostics.Select(finding => finding.RuleId).Distinct()];

    private static void Record(MarketEnvironment environment, PolicyDecision decision)
    {
        foreach (var verdict in decision.Verdicts.Where(verdict => verdict.Effect == PolicyEffect.Audited))
        {
            Note(environment, decision.Subject.Plugin!, PolicyAction, decision.Subject,
                $"{verdict.RuleId} of {verdict.Layer.Name}: {verdict.Explain(decision.Subject)}");
        }
    }

    private static void Note(MarketEnvironment environment, PluginId id, string action, PolicySubject subject, string? note) =>
        environment.Home.History.Append(new HistoryRecord
        {
            On = environment.Time.GetUtcNow(),
            Action = action,
            Id = id,
            ManifestVersion = subject.Version.Value,
            TreeHash = subject.TreeHash.Value,
            Commit = subject.Commit.Value,
            Note = note,
            By = Origin.UserName,
            ToolVersion = Origin.ToolVersion,
        });
}
