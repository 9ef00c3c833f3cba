namespace NixGen.Diagnostics;

/// <summary>What every diagnostic of one code shares; the reference page of diagnostics is made of these.</summary>
/// <param name="Code">Stable identifier, <c>NG</c> and four digits: 1xxx manifest, 2xxx lock, 3xxx resolving, 4xxx emitting, 5xxx command line. Never reused.</param>
/// <param name="Title">One line that says what is wrong in general.</param>
/// <param name="Explanation">For the reference page: why it is so and how to put it right.</param>
/// <param name="Severity">How much it weighs.</param>
/// <param name="Kind">Whose fault it is, which gives the exit code.</param>
public sealed record DiagnosticDescriptor(
    string Code,
    string Title,
    string Explanation,
    Severity Severity = Severity.Error,
    FailureKind Kind = FailureKind.Input);
