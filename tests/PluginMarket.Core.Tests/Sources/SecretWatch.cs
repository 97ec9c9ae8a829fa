using System.Collections;
using System.Text;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>Looks for a secret in every place it must not be: argument lists while something runs,
/// files, messages, errors and objects.</summary>
internal sealed class SecretWatch : IAsyncDisposable
{
    private static readonly string[] Users = ["", "bob", "x-access-token"];
    private readonly string[] _forms;
    private readonly string _folder;
    private readonly HashSet<string> _found = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;

    /// <param name="secret">The secret; its base64 forms with the user names of the tests are looked for too.</param>
    /// <param name="folder">Every file below it is read.</param>
    internal SecretWatch(string secret, string folder)
    {
        _forms = [secret, .. Users.Select(user => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}")).TrimEnd('='))];
        _folder = folder;
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>How many argument lists of git were checked: a watch that saw none proves nothing.</summary>
    internal int GitProcesses { get; private set; }

    /// <summary>Where the secret was.</summary>
    internal IReadOnlyCollection<string> Places
    {
        get
        {
            lock (_found)
            {
                return [.. _found];
            }
        }
    }

    /// <summary>Checks argument lists and files, as they are now.</summary>
    internal void Look()
    {
        LookAtProcesses();
        foreach (var file in Directory.GetFiles(_folder, "*",
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            try
            {
                Note("file " + file, File.ReadAllText(file, Encoding.Latin1));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A temporary file that is gone already.
            }
        }
    }

    /// <summary>Checks everything that an object shows.</summary>
    internal void Look(string what, object? value)
    {
        foreach (var text in TextsOf(value, []))
        {
            Note(what, text);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private static IEnumerable<string> TextsOf(object? value, HashSet<object> seen)
    {
        if (value is null || value.GetType().IsPrimitive || value is Type or System.Reflection.MemberInfo || !seen.Add(value))
        {
            yield break;
        }

        yield return value.ToString() ?? "";
        if (value is string or Enum or DateTime or DateTimeOffset or TimeSpan or Guid)
        {
            yield break;
        }

        var inner = value is IEnumerable items
            ? items.Cast<object?>()
            : value.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0)
                .Select(property => property.GetValue(value)).Append((value as PluginOperationResult)?.GetFailure());
        foreach (var text in inner.SelectMany(item => TextsOf(item, seen)))
        {
            yield return text;
        }
    }

    private async Task WatchAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            LookAtProcesses();
            await Task.Delay(20);
        }
    }

    private void LookAtProcesses()
    {
        foreach (var line in GitFixture.ProcessesWith(""))
        {
            lock (_found)
            {
                GitProcesses += line.Contains("git", StringComparison.Ordinal) ? 1 : 0;
            }

            Note("arguments " + line, line);
        }
    }

    private void Note(string place, string text)
    {
        if (_forms.Any(form => text.Contains(form, StringComparison.Ordinal)))
        {
            lock (_found)
            {
                _found.Add(place);
            }
        }
    }
}
