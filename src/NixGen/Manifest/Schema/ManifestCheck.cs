using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using NixGen.Diagnostics;
using NixGen.Manifest.Loading;

namespace NixGen.Manifest.Schema;

/// <summary>Checks files against the schema, unless these exact bytes are known to be valid.</summary>
internal static class ManifestCheck
{
    /// <summary>Adds what is wrong to <paramref name="diagnostics"/>.</summary>
    public static void Run(ImmutableArray<LoadedFile> files, string? memoFolder, DiagnosticBag diagnostics)
    {
        var schema = ManifestSchema.Read();
        if (memoFolder is null)
        {
            Validate(schema, files, diagnostics);
            return;
        }

        var memo = new ValidationMemo(memoFolder);
        var key = ValidationMemo.Key(schema, files);
        if (memo.Contains(key))
        {
            return;
        }

        if (Validate(schema, files, diagnostics))
        {
            memo.Add(key);
        }
    }

    // Never inlined: loading the schema library costs more than a whole run that has no need of it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Validate(byte[] schema, ImmutableArray<LoadedFile> files, DiagnosticBag diagnostics)
    {
        var isValid = true;
        var validator = new SchemaValidator(schema);
        foreach (var file in files)
        {
            var secrets = new DiagnosticBag();
            SecretCheck.Run(file.Root, secrets);
            var faults = new DiagnosticBag();
            validator.Validate(file.Root, faults);

            // What must go entirely needs no advice on its form.
            var places = secrets.Items.Select(secret => secret.Location).ToHashSet();
            diagnostics.AddRange(secrets.Items);
            diagnostics.AddRange(faults.Items.Where(fault =>
                fault.Descriptor == SchemaDiagnostics.Secret || !places.Contains(fault.Location)));
            isValid &= secrets.Items.IsEmpty && faults.Items.IsEmpty;
        }

        return isValid;
    }
}
