namespace NixGen.Manifest.Tree;

/// <summary>Names values for messages.</summary>
internal static class NodeWords
{
    /// <summary>What a value is, with its text where that is short.</summary>
    public static string Describe(Node node) => node switch
    {
        MappingNode => "a mapping",
        SequenceNode => "a list",
        ScalarNode { Kind: ScalarKind.Null, Text: "" } => "nothing",
        ScalarNode { Kind: ScalarKind.Null } scalar => $"nothing ({Shown(scalar)})",
        ScalarNode { Kind: ScalarKind.Boolean } scalar => $"the truth value {Shown(scalar)}",
        ScalarNode { Kind: ScalarKind.Integer or ScalarKind.Float } scalar => $"the number {Shown(scalar)}",
        ScalarNode scalar => $"the text {Shown(scalar)}",
        _ => "something else",
    };

    /// <summary>A scalar's text for messages; asterisks where it may be a secret.</summary>
    public static string Shown(ScalarNode scalar) =>
        scalar.Span.Source.IsConcealed(scalar.Span.Span) ? "`***`" : Diagnostics.Quoted.Text(scalar.Text);
}
