namespace NixGen.Nix.Expressions;

/// <summary><c>"text"</c>. Whatever the text holds, it is data: quotes, backslashes and <c>${</c> are escaped.</summary>
public sealed record StringLiteral : Expression
{
    /// <summary>A string.</summary>
    /// <exception cref="ArgumentException">No Nix string can hold the text, see <see cref="NixText.IsRepresentable"/>.</exception>
    public StringLiteral(string text) => Text = NixText.Require(text);

    /// <summary>The string's value.</summary>
    public string Text { get; }
}

/// <summary>An integer of 64 bits, which is what Nix has.</summary>
/// <param name="Value">The value.</param>
public sealed record IntegerLiteral(long Value) : Expression;

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed record BooleanLiteral : Expression
{
    private BooleanLiteral(bool value) => Value = value;

    /// <summary><c>true</c>.</summary>
    public static BooleanLiteral True { get; } = new(true);

    /// <summary><c>false</c>.</summary>
    public static BooleanLiteral False { get; } = new(false);

    /// <summary>The value.</summary>
    public bool Value { get; }
}

/// <summary><c>null</c>.</summary>
public sealed record NullLiteral : Expression
{
    private NullLiteral()
    {
    }

    /// <summary>The one there is.</summary>
    public static NullLiteral Instance { get; } = new();
}
