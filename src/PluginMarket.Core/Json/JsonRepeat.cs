namespace PluginMarket.Json;

/// <summary>A repeated name by the tokens of its object, its first and its further place.</summary>
internal readonly record struct JsonRepeat(int Owner, int First, int Second) : IComparable<JsonRepeat>
{
    public int CompareTo(JsonRepeat other) => Owner != other.Owner ? Owner.CompareTo(other.Owner) : Second.CompareTo(other.Second);
}
