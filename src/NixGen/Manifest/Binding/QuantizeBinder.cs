using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>Makes a record of <c>quantize</c>.</summary>
/// <param name="scriptFiles">Reads scripts.</param>
/// <param name="diagnostics">Where faults go.</param>
internal sealed class QuantizeBinder(ScriptFiles scriptFiles, DiagnosticBag diagnostics)
{
    private static readonly ImmutableArray<string> _ofScripts = ["gptq", "awq"];
    private static readonly ImmutableArray<string> _ofGguf = ["type", "convert"];

    private readonly HashSet<SourceSpan> _told = [];

    /// <summary>The request; null where nothing is asked for, it is turned off, or it isn't clear.</summary>
    public QuantizeRequest? Bind(MappingEntry? entry)
    {
        if (entry?.Value is not MappingNode quantize || quantize.Truth("enable") == false)
        {
            return null;
        }

        var method = quantize.Text("method") ?? "";
        ImmutableArray<MappingEntry> scripts = [.. quantize.Entries.Where(stated => ScriptFiles.Keys.Contains(stated.Key))];
        var isGguf = method == QuantizeRequest.Gguf;
        if (Fault(entry, quantize, method, scripts) is { } fault)
        {
            // What stands in defaults is bound for every model.
            if (fault.Location is { } place && _told.Add(place))
            {
                diagnostics.Add(fault);
            }

            return null;
        }

        // Another method is told of already.
        if (!isGguf && !_ofScripts.Contains(method))
        {
            return null;
        }

        var script = isGguf ? null : scriptFiles.Read(scripts[0]);
        return !isGguf && script is null
            ? null
            : new(method)
            {
                Type = quantize.Text("type"),
                Bits = quantize.Number("bits"),
                KeepOriginal = quantize.Truth("keepOriginal") ?? false,
                Convert = quantize.Truth("convert"),
                Script = script,
                BuildInputs = quantize.Texts("buildInputs") ?? [],
                OutputHash = HashNodes.Read(quantize["outputHash"], diagnostics),
            };
    }

    private static Diagnostic? Fault(MappingEntry entry, MappingNode quantize, string method, ImmutableArray<MappingEntry> scripts)
    {
        if (quantize["method"] is null)
        {
            return BindingDiagnostics.QuantizeUnclear(entry.KeySpan, "nothing says how the model is quantized", "add `method: gguf`");
        }

        if (quantize.Find("outputHash") is { } hash && quantize.Truth("keepOriginal") == true)
        {
            return BindingDiagnostics.QuantizeUnclear(hash.KeySpan, "what has a hash can hold no links into the store, and `keepOriginal` makes some", "leave one of the two out");
        }

        if (method == QuantizeRequest.Gguf)
        {
            return (scripts, quantize["type"], quantize["bits"]) switch
            {
                ([var script, ..], _, _) => BindingDiagnostics.QuantizeForeign(script.KeySpan, script.Key, method),
                (_, null, null) => BindingDiagnostics.QuantizeUnclear(entry.KeySpan, "nothing says how many bits", "add `type: Q4_K_M`, or `bits: 4`"),
                (_, { } type, { }) => BindingDiagnostics.QuantizeUnclear(type.Span, "`type` and `bits` both say how many bits", "leave one of the two out"),
                _ => null,
            };
        }

        if (!_ofScripts.Contains(method))
        {
            return null;
        }

        var foreign = _ofGguf.Select(quantize.Find).OfType<MappingEntry>().FirstOrDefault();
        return foreign is not null ? BindingDiagnostics.QuantizeForeign(foreign.KeySpan, foreign.Key, method)
            : quantize["bits"] is null ? BindingDiagnostics.QuantizeUnclear(entry.KeySpan, "nothing says how many bits", "add `bits: 4`: the script finds it as `$QUANTIZE_BITS`")
            : scripts.Length != 1 ? BindingDiagnostics.QuantizeUnclear(entry.KeySpan, $"`{method}` needs one script that quantizes the model, and there {(scripts.IsEmpty ? "is none" : "are several")}", "state one of `script` and `file`")
            : null;
    }
}
