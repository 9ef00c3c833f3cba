namespace NixGen.Manifest.Tree;

/// <summary>The merge key <c>&lt;&lt;</c> (yaml.org/type/merge.html): adds the keys of a mapping, or of several of which the first wins.</summary>
internal static class YamlMergeKey
{
    /// <summary>Adds the entries of a merge key's value to the mapping that holds it.</summary>
    public static void Apply(MappingBuilder target, Node value, TreeProblems problems)
    {
        switch (value)
        {
            case MappingNode mapping:
                target.Merge(mapping);
                break;
            case SequenceNode sequence:
                foreach (var item in sequence.Items)
                {
                    if (item is MappingNode mapping)
                    {
                        target.Merge(mapping with { Via = mapping.Via ?? sequence.Via });
                    }
                    else
                    {
                        problems.Add(TreeDiagnostics.UnmergeableValue(item.Via ?? item.Span, NodeWords.Describe(item)));
                    }
                }

                break;
            default:
                problems.Add(TreeDiagnostics.UnmergeableValue(value.Via ?? value.Span, NodeWords.Describe(value)));
                break;
        }
    }
}
