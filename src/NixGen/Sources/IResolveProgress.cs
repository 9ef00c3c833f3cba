namespace NixGen.Sources;

/// <summary>Told what a resolve is doing; may be called from several threads.</summary>
public interface IResolveProgress
{
    /// <summary>A step in words, such as <c>listing files</c>.</summary>
    void Step(string model, string step);

    /// <summary>How many of the files that need streaming are done.</summary>
    void Files(string model, int done, int total);
}
