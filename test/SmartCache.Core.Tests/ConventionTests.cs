using System.Reflection;
using System.Runtime.CompilerServices;
using SmartCache.Connections;

namespace SmartCache.Core.Tests;

/// <summary>House rules that the compiler does not check.</summary>
public sealed class ConventionTests
{
    private const int LineLimit = 300;

    internal static readonly string Root = FindRoot();

    private static readonly string[] EmptyWords = ["Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Manager", "Impl", "Data"];

    private static readonly Type[] Types =
        [.. typeof(SmartDistributedCache).Assembly.GetTypes().Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && !type.Name.Contains('<'))];

    [Test]
    public void Library_files_have_at_most_300_lines()
    {
        var files = LibraryFiles().Select(file => (Name: Path.GetRelativePath(Root, file), Lines: File.ReadLines(file).Count())).ToList();

        Assert.That(files, Is.Not.Empty);
        Assert.That(files.Where(file => file.Lines > LineLimit), Is.Empty);
    }

    [Test]
    public void Types_are_sealed_abstract_or_static() =>
        Assert.That(Types.Where(type => type is { IsSealed: false, IsAbstract: false } && (type.IsPublic || type.IsClass)), Is.Empty);

    [Test]
    public void No_type_has_the_name_of_the_namespace_or_a_name_that_says_nothing() =>
        Assert.That(Types.Where(type => type.Name == "SmartCache" || EmptyWords.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal))), Is.Empty);

    [Test]
    public void Public_types_live_in_few_namespaces() =>
        Assert.That(
            Types.Where(type => type.IsPublic).Select(type => type.Namespace).Distinct(),
            Is.SubsetOf(new[] { "SmartCache", "SmartCache.Sql", "Microsoft.AspNetCore.Http", "Microsoft.Extensions.DependencyInjection" }));

    [Test]
    public void Methods_that_give_a_task_say_so_in_their_name_and_take_a_cancellation_token_last()
    {
        var methods = AsynchronousMethods().ToList();
        Assert.That(methods, Is.Not.Empty);
        Assert.That(methods.Where(method => !method.Name.EndsWith("Async", StringComparison.Ordinal)).Select(Describe), Is.Empty);
        Assert.That(methods.Where(method => !TakesToken(method)).Select(Describe), Is.Empty);

        // A connection has the token of the work that it was given to.
        static bool TakesToken(MethodInfo method) => method.DeclaringType == typeof(StoreConnection)
            || method.GetParameters().Any(parameter => parameter.ParameterType == typeof(StoreConnection))
            || method.GetParameters().LastOrDefault()?.ParameterType == typeof(CancellationToken);
    }

    /// <summary>Those that others can call; how a disposal or the end of a response is spelt is not ours to choose.</summary>
    private static IEnumerable<MethodInfo> AsynchronousMethods() =>
        from type in Types
        from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where !method.IsPrivate && !typeof(Delegate).IsAssignableFrom(type) && !method.Name.Contains('<') && method.Name is not (nameof(IAsyncDisposable.DisposeAsync) or "CompleteAsync") && IsTask(method.ReturnType)
        select method;

    private static bool IsTask(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>)));

    private static string Describe(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    private static IEnumerable<string> LibraryFiles() =>
        from library in Directory.EnumerateDirectories(Root, "SmartCache.*")
        from file in Directory.EnumerateFiles(library, "*.cs", SearchOption.AllDirectories)
        where Path.GetRelativePath(library, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj")
        select file;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SmartCache.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds SmartCache.slnx.");
    }
}
