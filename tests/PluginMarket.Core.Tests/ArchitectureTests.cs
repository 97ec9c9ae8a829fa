using System.Text.RegularExpressions;
using System.Xml.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Holds the compiled core against the rows of docs/architecture.md: an arrow that runs up, or across a row, is a
/// defect.</summary>
[Trait("Category", "Fast")]
public sealed partial class ArchitectureTests
{
    private static readonly string[][] Rows =
    [
        ["Messages"],
        ["Identity", "Files", "Json", "Toml"],
        ["Manifests", "Sources"],
        ["Home", "Cache", "Capabilities"],
        ["Policies"],
        ["Marketplaces"],
        ["Records"],
        ["Inventory", "Validation"],
        ["Authoring", "Diagnosis", "Installation", "Showcase"],
        ["Fleet"],
    ];

    /// <summary>Arrows inside one row that are part of the design: row 1 is its own small stack, and checks see the joins.</summary>
    private static readonly (string From, string To)[] Neighbours =
    [
        ("Files", "Identity"), ("Json", "Files"), ("Json", "Identity"), ("Toml", "Files"), ("Toml", "Identity"),
        ("Validation", "Inventory"),
    ];

    /// <summary>What only this face has: how it is called, and how it answers.</summary>
    private static readonly Dictionary<string, string[]> OwnFolders = new(StringComparer.Ordinal)
    {
        ["src/PluginMarket.Cmdlets"] = ["Parameters", "Pipeline"],
        ["src/PluginMarket.Cli"] = ["Completion", "Hosting", "Try"],
        ["tests/PluginMarket.Core.Tests"] = [],
        ["tests/PluginMarket.Cli.Tests"] = ["Completion", "Hosting"],
    };

    [Fact]
    public void Folders_of_the_core_use_only_rows_below_them()
    {
        HouseRule.AssertKept(
            "A folder of the core uses only rows below its own (docs/architecture.md). "
                + "Move the used type down, hand in what is needed as a parameter, "
            + "or move the caller up; a new row or neighbour needs a decision in docs/decisions.md.",
            Arrows().Where(arrow => !Allowed(arrow.From, arrow.To))
                .Select(arrow => $"{arrow.From} -> {arrow.To}: {arrow.User} uses {arrow.Used}"));
    }

    [Fact]
    public void The_arrows_are_really_read()
    {
        Assert.Contains(Arrows(), arrow => arrow is { From: "Installation", To: "Marketplaces" });
    }

    [Fact]
    public void Every_folder_of_the_core_has_a_row()
    {
        var folders = FoldersOf("src/PluginMarket.Core");

        HouseRule.AssertKept(
            "These folders of the core have no row. "
                + "Add each to Rows in this test and to the picture in docs/architecture.md, as low as what it uses allows.",
            folders.Except(Rows.SelectMany(row => row)));
    }

    [Theory]
    [InlineData("src/PluginMarket.Core", "PluginMarket")]
    [InlineData("src/PluginMarket.Cmdlets", "PluginMarket.Cmdlets")]
    [InlineData("src/PluginMarket.Cli", "PluginMarket.Cli")]
    public void The_namespace_is_the_folder_except_for_what_users_see(string project, string root)
    {
        HouseRule.AssertKept(
            $"The namespace of a file is {root} and its folders; a file of public types has {root} alone, which is what users see.",
            Directory.GetFiles(Path.Join(RepositoryRoot.Path, project), "*.cs", SearchOption.AllDirectories)
                .Select(path => (Name: Path.GetRelativePath(Path.Join(RepositoryRoot.Path, project), path), Text: File.ReadAllText(path)))
                .Where(file => file.Name.Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
                .Select(file => (file.Name, Is: Namespace().Match(file.Text).Groups["name"].Value,
                    Demanded: DemandedNamespace(root, file.Name, file.Text)))
                .Where(file => file.Is.Length > 0 && file.Is != file.Demanded)
                .Select(file => $"{project}/{file.Name}: {file.Is}, not {file.Demanded}"));
    }

    [Theory]
    [InlineData("src/PluginMarket.Cmdlets")]
    [InlineData("src/PluginMarket.Cli")]
    [InlineData("tests/PluginMarket.Core.Tests")]
    [InlineData("tests/PluginMarket.Cli.Tests")]
    public void One_thing_is_under_one_name_in_every_project(string project)
    {
        HouseRule.AssertKept(
            $"These folders of {project} are not folders of the core. "
                + $"Put the files where the core has what they are about (docs/architecture.md), "
            + "or add what no core can have to OwnFolders in this test.",
            FoldersOf(project).Except(Rows.SelectMany(row => row)).Except(OwnFolders[project]));
    }

    [Fact]
    public void Paths_below_the_home_are_put_together_in_one_place()
    {
        var sources = Path.Join(RepositoryRoot.Path, "src");
        string[] own = ["PluginMarket.Core/Files/", "PluginMarket.Core/Home/", "PluginMarket.Core/OpenHome.cs"];

        HouseRule.AssertKept(
            "A path below the home is put together here. Take it from environment.Home, or add it to StateLayout or AgentHome.",
            from file in Directory.GetFiles(sources, "*.cs", SearchOption.AllDirectories)
            let name = Path.GetRelativePath(sources, file).Replace('\\', '/')
            where !name.Contains("/obj/", StringComparison.Ordinal) && !own.Any(place => name.StartsWith(place, StringComparison.Ordinal))
            from line in File.ReadLines(file)
            where JoinBelowHome().IsMatch(line)
            select $"{name}: {line.Trim()}");
    }

    [GeneratedRegex("""Join\(\s*[\w.!]*CodexHome\b|Join\(.*"\.(tmp|pluginmarket)\b""", RegexOptions.ExplicitCapture)]
    private static partial Regex JoinBelowHome();

    [Fact]
    public void The_core_references_no_PowerShell()
    {
        using var module = ModuleDefinition.ReadModule(typeof(MarketEnvironment).Assembly.Location);

        HouseRule.AssertKept(
            "The core knows no PowerShell. Move the code that needs it to src/PluginMarket.Cmdlets, and hand the core what it has to know.",
            module.AssemblyReferences.Select(reference => reference.Name)
                .Where(name => name.Contains("Automation", StringComparison.Ordinal)));
    }

    /// <summary>What a project compiles against, and what it only puts beside itself.</summary>
    private static readonly Dictionary<string, (string[] Uses, string[] Ships)> Projects = new()
    {
        ["PluginMarket.Core"] = ([], []),
        ["PluginMarket.LibGit2"] = (["PluginMarket.Core"], []),
        ["PluginMarket.Loader"] = ([], []),
        ["PluginMarket.Cmdlets"] = (["PluginMarket.Core"], ["PluginMarket.LibGit2", "PluginMarket.Loader"]),
        ["PluginMarket.Cli"] = (["PluginMarket.Core"], ["PluginMarket.LibGit2"]),
    };

    [Fact]
    public void Projects_reference_what_the_picture_shows()
    {
        var sources = Path.Join(RepositoryRoot.Path, "src");
        var found = Directory.GetFiles(sources, "*.csproj", SearchOption.AllDirectories)
            .SelectMany(file => XDocument.Load(file).Descendants("ProjectReference")
                .Select(reference => (From: Path.GetFileNameWithoutExtension(file),
                    To: Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')),
                    IsShipped: reference.Attribute("ReferenceOutputAssembly")?.Value == "false")));

        HouseRule.AssertKept(
            "A project of src references another one that docs/architecture.md does not show. "
                + "What a face only has to ship gets ReferenceOutputAssembly=\"false\"; "
            + "anything else needs a decision in docs/decisions.md, a line in Projects of this test, and one in the picture.",
            found.Where(one => !(one.IsShipped ? Projects[one.From].Ships : Projects[one.From].Uses).Contains(one.To))
                .Select(one => $"{one.From} -> {one.To}"));
        Assert.Equal(Projects.Keys.Order(StringComparer.Ordinal),
            Directory.GetDirectories(sources).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_core_references_no_library_of_git()
    {
        using var module = ModuleDefinition.ReadModule(typeof(MarketEnvironment).Assembly.Location);

        HouseRule.AssertKept(
            "The core knows IGitEngine and IGitLibrary only (decision D-libgit2-assembly). "
                + "Move what needs LibGit2Sharp to src/PluginMarket.LibGit2.",
            module.AssemblyReferences.Select(reference => reference.Name).Where(name => name.Contains("Git2", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_dependency_shows_in_a_public_signature()
    {
        string[] ours = ["PluginMarket.Core", "System.", "mscorlib", "netstandard", "Microsoft.Win32"];
        using var module = ModuleDefinition.ReadModule(typeof(MarketEnvironment).Assembly.Location);

        var foreign = module.Types.Where(type => type.IsPublic)
            .SelectMany(type => type.Methods.Where(method => method.IsPublic || method.IsFamily)
                .SelectMany(method => method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType))
                .Select(used => (type.FullName, Used: used.GetElementType())))
            .Where(pair => pair.Used.Scope is AssemblyNameReference reference
                && !ours.Any(prefix => reference.Name.StartsWith(prefix, StringComparison.Ordinal)))
            .Select(pair => $"{pair.FullName}: {pair.Used.FullName}");

        HouseRule.AssertKept(
            "A type of a library is in a public signature, so that PowerShell would have to load that library. "
                + "Make the member internal, or give it a type of the core.",
            foreign);
    }

    [Fact]
    public void Names_of_buckets_are_not_used()
    {
        var buckets = Directory.GetFiles(Path.Join(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => BucketName().IsMatch(Path.GetFileNameWithoutExtension(path)));

        HouseRule.AssertKept(
            "These files are named after a bucket. Name each after what its type is or does, in the folder of what it is about.",
            buckets.Select(path => Path.GetRelativePath(RepositoryRoot.Path, path)));
    }

    [Fact]
    public void A_cmdlet_file_is_parameters_and_one_call()
    {
        var long_files = FoldersOf("src/PluginMarket.Cmdlets").Except(OwnFolders["src/PluginMarket.Cmdlets"])
            .SelectMany(folder => Directory.GetFiles(Path.Join(RepositoryRoot.Path, "src", "PluginMarket.Cmdlets", folder),
                "*.cs", SearchOption.AllDirectories))
            .Where(path => File.ReadAllLines(path).Length > 160);

        HouseRule.AssertKept(
            "A cmdlet file is parameters and one call, in at most 160 lines. "
                + "Move what it decides to the core, and parameters that others have too to their base class.",
            long_files.Select(path => Path.GetRelativePath(RepositoryRoot.Path, path)));
    }

    private static string DemandedNamespace(string root, string name, string text) => PublicType().IsMatch(text)
        ? root
        : string.Join('.', name.Split(Path.DirectorySeparatorChar)[..^1].Prepend(root));

    [Fact]
    public void Lines_of_the_product_are_at_most_140_columns_wide()
    {
        // The text of a shell script, which has its own lines.
        string[] exceptions = ["src/PluginMarket.Core/Sources/Git/GitAskPass.cs"];
        var wide = Directory.GetFiles(Path.Join(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(RepositoryRoot.Path, path).Replace('\\', '/')))
            .Where(file => !file.Name.Split('/').Contains("obj") && !exceptions.Contains(file.Name))
            .SelectMany(file => File.ReadAllLines(file.Path).Index().Where(line => line.Item.Length > 140)
                .Select(line => $"{file.Name}({line.Index + 1}): {line.Item.Length} columns"));

        HouseRule.AssertKept(
            "These lines are wider than 140 columns. "
                + "Break each at the outermost place: after a comma or =>, before an operator, between the words of a text.",
            wide);
    }

    private static IEnumerable<string> FoldersOf(string project) => Directory.GetDirectories(Path.Join(RepositoryRoot.Path, project))
        .Where(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any())
        .Select(folder => Path.GetFileName(folder))
        .Where(name => name is not ("bin" or "obj" or "TestResults"));

    private static string CoreFolder => Path.Join(RepositoryRoot.Path, "src", "PluginMarket.Core");

    private static bool Allowed(string from, string to) =>
        from == to || RowOf(to) < RowOf(from) || Neighbours.Contains((from, to));

    private static int RowOf(string folder) => Array.FindIndex(Rows, row => row.Contains(folder));

    /// <summary>Types by the folder their source is in; the namespace of what users see does not tell.</summary>
    private static Dictionary<string, string> FoldersOfTypes()
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(CoreFolder, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetRelativePath(CoreFolder, path).Split(Path.DirectorySeparatorChar)[0];
            if (folder is "bin" or "obj" || folder.EndsWith(".cs", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (Match declaration in TypeDeclaration().Matches(File.ReadAllText(path)))
            {
                folders[declaration.Groups["name"].Value] = folder;
            }
        }

        return folders;
    }

    private static List<(string From, string To, string User, string Used)> Arrows()
    {
        var folders = FoldersOfTypes();
        using var module = ModuleDefinition.ReadModule(typeof(MarketEnvironment).Assembly.Location);
        var arrows = new List<(string, string, string, string)>();
        foreach (var type in module.GetTypes())
        {
            var user = Outermost(type);
            if (!folders.TryGetValue(user, out var from))
            {
                continue;
            }

            foreach (var used in UsedTypes(type).Select(Outermost).Distinct())
            {
                if (folders.TryGetValue(used, out var to))
                {
                    arrows.Add((from, to, user, used));
                }
            }
        }

        return arrows;
    }

    private static string Outermost(TypeReference type)
    {
        while (type.DeclaringType is not null)
        {
            type = type.DeclaringType;
        }

        return type.Name.Split('`')[0];
    }

    private static IEnumerable<TypeReference> UsedTypes(TypeDefinition type)
    {
        IEnumerable<TypeReference?> used =
        [
            type.BaseType,
            .. type.Interfaces.Select(i => i.InterfaceType),
            .. type.Fields.Select(field => field.FieldType),
            .. type.Methods.SelectMany(method => method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType)),
            .. type.Methods.Where(method => method.HasBody)
                .SelectMany(method => method.Body.Variables.Select(variable => variable.VariableType)),
            .. type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions).SelectMany(Operands),
        ];
        return used.OfType<TypeReference>().SelectMany(Parts).Where(part => part.Scope is ModuleDefinition);
    }

    private static IEnumerable<TypeReference> Operands(Instruction instruction) => instruction.Operand switch
    {
        MethodReference method => [method.DeclaringType, method.ReturnType],
        FieldReference field => [field.DeclaringType, field.FieldType],
        TypeReference type => [type],
        _ => [],
    };

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification specification => Parts(specification.ElementType),
        GenericParameter => [],
        _ => [type],
    };

    [GeneratedRegex(@"^\s*(?:(?:public|internal|sealed|static|abstract|readonly|partial|ref|file)\s+)*(?:class|record\s+struct|record|"
        + @"struct|interface|enum|delegate\s+\S+)\s+(?<name>[A-Z]\w*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^public (?:[a-z]+ )*(?:class|record|struct|interface|enum|delegate) ",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex PublicType();

    [GeneratedRegex("Utils?$|Helpers?$|Common$|Manager$")]
    private static partial Regex BucketName();
}
