using System.Text.RegularExpressions;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources.Ollama;
using NixGen.Sources.Selection;

namespace NixGen.Resolve;

/// <summary>Whether what is locked of a source without a manifest of Ollama's can be a model store of Ollama.</summary>
internal static partial class OllamaLayout
{
    /// <summary>Whether it can, or needn't; adds diagnostics where it can't.</summary>
    public static bool Fits(ModelRequest model, LockedModel locked, DiagnosticBag diagnostics)
    {
        if (model.Ollama.Enable != true || locked.Request.Kind == OllamaKind.KindName)
        {
            return true;
        }

        var names = locked.Files.Select(file => GgufName.Parse(file.Path)).OfType<GgufName>().ToList();
        var models = names.Where(name => name.Role == GgufRole.Model).ToList();
        if (models is not [{ Parts: 1 }])
        {
            diagnostics.Add(ResolveDiagnostics.IsNoModelOfOllama(model, [.. models.Select(name => name.Path)], models.Any(name => name.Parts > 1)));
            return false;
        }

        if (model.Ollama.Name is null && !Part().IsMatch(model.Name))
        {
            diagnostics.Add(ResolveDiagnostics.HasNoNameForOllama(model));
            return false;
        }

        return true;
    }

    // Part of a name by Ollama's rules (types/model/name.go).
    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();
}
