using NixGen.Sources;
using Spectre.Console;

namespace NixGen.Cli.Reporting;

/// <summary>Progress on a terminal: one bar a model, redrawn in place on standard error.</summary>
internal sealed class LiveProgress : IResolveProgress
{
    private readonly System.Threading.Lock _gate = new();
    private readonly Dictionary<string, ProgressTask> _tasks = new(StringComparer.Ordinal);
    private readonly ProgressContext _context;

    private LiveProgress(ProgressContext context) => _context = context;

    /// <summary>Runs <paramref name="work"/> with a display that is gone when it ends.</summary>
    public static async Task<T> RunAsync<T>(TextWriter error, Func<IResolveProgress, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return await console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new SpinnerColumn())
            .StartAsync(context => work(new LiveProgress(context)));
    }

    /// <inheritdoc/>
    public void Step(string model, string step)
    {
        lock (_gate)
        {
            var task = TaskOf(model);
            task.Description = Label(model, step);
            task.IsIndeterminate = true;
        }
    }

    /// <inheritdoc/>
    public void Files(string model, int done, int total)
    {
        lock (_gate)
        {
            var task = TaskOf(model);
            task.Description = Label(model, $"hashing {done} of {total} small files");
            task.IsIndeterminate = false;
            task.MaxValue = Math.Max(total, 1);
            task.Value = done;
        }
    }

    private static string Label(string model, string step) =>
        $"{Markup.Escape(model)} [grey]{Markup.Escape(step)}[/]";

    private ProgressTask TaskOf(string model)
    {
        if (!_tasks.TryGetValue(model, out var task))
        {
            task = _context.AddTask(Markup.Escape(model));
            _tasks[model] = task;
        }

        return task;
    }
}
