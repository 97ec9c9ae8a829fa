using System.Management.Automation;

namespace PluginMarket.Cmdlets.Pipeline;

/// <summary>Chooses the view of a listing: the one with a column for reasons as soon as one of its rows has something to say.</summary>
internal static class ShownRows
{
    /// <summary>The rows as they are written.</summary>
    /// <param name="rows">The listing.</param>
    /// <param name="reason">What a row has to say, or null.</param>
    public static IEnumerable<object> Of<T>(IReadOnlyCollection<T> rows, Func<T, string?> reason)
        where T : class => rows.Any(row => reason(row) is not null) ? rows.Select(WithReason) : rows;

    // The object stays what it is; a format view is chosen by the first of its type names.
    private static PSObject WithReason(object row)
    {
        var shown = new PSObject(row);
        shown.TypeNames.Insert(0, row.GetType().FullName + "#Reason");
        return shown;
    }
}
