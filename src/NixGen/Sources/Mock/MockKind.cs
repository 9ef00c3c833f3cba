using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Manifest.Tree;
using NixGen.Sources.HuggingFace;

namespace NixGen.Sources.Mock;

/// <summary>The mock source: resolving it needs the manifest alone.</summary>
public sealed class MockKind : ISourceKind
{
    internal const string KindName = "mock";

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public SourceRequest? Bind(SourceDeclaration declaration, DiagnosticBag diagnostics)
    {
        if (declaration is not LongSource source)
        {
            diagnostics.Add(SourceDiagnostics.IsBadMock(declaration.Span, "A mock source has no short form."));
            return null;
        }

        var org = NameIn(source, "org", "test", diagnostics);
        var model = NameIn(source, "model", "model", diagnostics);
        var files = Files(source, diagnostics);
        return org is null || model is null || files is null ? null : new MockRequest(org, model, files.Value);
    }

    /// <inheritdoc/>
    public Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken)
    {
        var request = (MockRequest)context.Request;
        ImmutableArray<LockedFile> files = [.. request.Files.Select(file => file.Lock())];
        return Task.FromResult<LockedSource?>(
            new(new($"{request.Org}/{request.Model}", request.Revision), files));
    }

    /// <inheritdoc/>
    public ImmutableDictionary<string, string>? FetchVariables(LockedModel model, SourceRequest request, HostEnvironment environment) => null;

    // The names that the runtime library gives to a mock without any.
    private static string? NameIn(LongSource source, string key, string usual, DiagnosticBag diagnostics)
    {
        if (source.Fields[key] is not ScalarNode scalar)
        {
            return usual;
        }

        if (RepositoryId.SegmentProblem(scalar.Text) is not { } problem)
        {
            return scalar.Text;
        }

        diagnostics.Add(SourceDiagnostics.IsBadMock(scalar.Span, $"'{key}' {problem}."));
        return null;
    }

    private static ImmutableArray<MockFile>? Files(LongSource source, DiagnosticBag diagnostics)
    {
        if (source.Fields["files"] is not SequenceNode { Items.Length: > 0 } list)
        {
            diagnostics.Add(SourceDiagnostics.IsBadMock(source.Span, "The mock source lists no 'files'."));
            return null;
        }

        var problems = 0;
        var files = ImmutableArray.CreateBuilder<MockFile>();
        foreach (var item in list.Items)
        {
            if (File(item) is not { } file)
            {
                problems++;
                diagnostics.Add(SourceDiagnostics.IsBadMock(item.Span, "A file of a mock source has a 'path' and a 'text'."));
            }
            else if (LockedPath.Problem(file.Path) is { } problem)
            {
                problems++;
                diagnostics.Add(SourceDiagnostics.IsBadMock(item.Span, $"The path of this file {problem}."));
            }
            else
            {
                files.Add(file);
            }
        }

        foreach (var clash in PathClash.Find(files.Select(file => file.Path).ToArray()))
        {
            if (clash.Kind != PathClashKind.CaseOnly)
            {
                problems++;
                diagnostics.Add(SourceDiagnostics.IsBadMock(list.Span, $"'{clash.Path}' and '{clash.Other}' can't both be files."));
            }
        }

        files.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return problems == 0 ? files.ToImmutable() : null;
    }

    private static MockFile? File(Node node) =>
        node is MappingNode fields && fields["path"] is ScalarNode path && fields["text"] is ScalarNode text
            ? new(path.Text, text.Text)
            : null;
}
