using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Sources.Mlflow;

/// <summary>What can be wrong with a model of an MLflow server.</summary>
public static partial class MlflowDiagnostics
{
    /// <summary>NG3470.</summary>
    public static readonly DiagnosticDescriptor Unclear = new(
        "NG3470",
        "An MLflow source doesn't say which model it is",
        "A registered model is 'modelName' with one of 'modelVersion', 'modelStage' and 'modelAlias'; artifacts of a run are 'run' with 'artifactPath'; 'uri' is any of them as MLflow's own URI. 'version' and 'stage' are other spellings.");

    /// <summary>NG3471.</summary>
    public static readonly DiagnosticDescriptor NoServer = new(
        "NG3471",
        "Nobody names the tracking server",
        "The server is the source's 'trackingUri', or else the variable MLFLOW_TRACKING_URI: the base URL of an 'mlflow server', over https unless it is this machine. Databricks, folders and databases are no such servers.");

    /// <summary>NG3472.</summary>
    public static readonly DiagnosticDescriptor NoCredentials = Upstream(
        "NG3472",
        "Credentials are required and there are none",
        "The model says 'auth.required: true'. Credentials are looked for in 'auth.tokenFile' and 'auth.tokenEnvVar', and for the server that MLFLOW_TRACKING_URI names also in MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, ~/.mlflow/credentials and MLFLOW_TRACKING_TOKEN.");

    /// <summary>NG3473.</summary>
    public static readonly DiagnosticDescriptor BadToken = Upstream(
        "NG3473",
        "What should be a token is none",
        "A token is one line of printable ASCII characters without spaces.");

    /// <summary>NG3474.</summary>
    public static readonly DiagnosticDescriptor Refused = Upstream(
        "NG3474",
        "The tracking server asks for other credentials",
        "The server, or a proxy before it, answered 401. 'mlflow server --app-name basic-auth' wants a user and a password; a token is for proxies that know it.");

    /// <summary>NG3475.</summary>
    public static readonly DiagnosticDescriptor Forbidden = Upstream(
        "NG3475",
        "The tracking server forbids to read the model",
        "The credentials are known, but may not read this model or run.");

    /// <summary>NG3476.</summary>
    public static readonly DiagnosticDescriptor Missing = Upstream(
        "NG3476",
        "The tracking server has no such model",
        "The model, version, alias, run or artifact isn't there: misspelt, deleted, or on another server. Names compare with case.");

    /// <summary>NG3477.</summary>
    public static readonly DiagnosticDescriptor NoVersion = Upstream(
        "NG3477",
        "No version of the model is in the stage",
        "A registered model has versions, and a stage may hold none of them. Stages are deprecated since MLflow 2.9; aliases take their place.");

    /// <summary>NG3478.</summary>
    public static readonly DiagnosticDescriptor NotReady = Upstream(
        "NG3478",
        "The model is not ready",
        "A version is registered before its files are there. Only one that is READY is locked.");

    /// <summary>NG3479.</summary>
    public static readonly DiagnosticDescriptor Elsewhere = Upstream(
        "NG3479",
        "The model's files are where nixgen can't get them",
        "Files are had through the tracking server: by its artifact proxy ('mlflow-artifacts:', or http(s) URLs of one), and from any other store where they belong to a run or to a logged model. A version that was registered from a bare URI of another store is neither.");

    /// <summary>NG3480.</summary>
    public static readonly DiagnosticDescriptor NoFiles = Upstream(
        "NG3480",
        "The model has no files",
        "The server knows the model and lists no artifact of it. They were deleted, or 'artifactPath' is misspelt; an artifact proxy answers the same for folders that aren't there.");

    /// <summary>NG3481.</summary>
    public static readonly DiagnosticDescriptor NoRoute = Upstream(
        "NG3481",
        "The server doesn't know MLflow's questions",
        "It answered 404 to a question of MLflow's REST API: it is no MLflow server, the tracking URI lacks a prefix ('--static-prefix'), or the server is older than the feature (aliases: 2.3, logged models: 3.0).");

    /// <summary>NG3482.</summary>
    public static readonly DiagnosticDescriptor RateLimited = Upstream(
        "NG3482",
        "The tracking server asks to wait",
        "The server, or a proxy before it, limits requests, and asks for a longer pause than nixgen makes by itself.");

    /// <summary>NG3483.</summary>
    public static readonly DiagnosticDescriptor Failing = Upstream(
        "NG3483",
        "The tracking server fails",
        "The server answered with an error of its own. An artifact proxy fails like this where it can't reach its store, or where the artifact is gone.");

    /// <summary>NG3484.</summary>
    public static readonly DiagnosticDescriptor OddAnswer = Upstream(
        "NG3484",
        "The tracking server gives an answer that can't be used",
        "The answer isn't what MLflow's REST API gives. A proxy or a login page may be in the way.");

    /// <summary>NG3485.</summary>
    public static readonly DiagnosticDescriptor NoBucket = Upstream(
        "NG3485",
        "The artifacts of a model are in no bucket",
        "With 'artifacts: store' files are taken past the server from where it says that they are: s3://, gs://, wasbs:// and abfss://. What is behind the artifact proxy, in a folder of the server or in Databricks only the server has.");

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        Unclear, NoServer, NoCredentials, BadToken, Refused, Forbidden, Missing, NoVersion, NotReady, Elsewhere, NoFiles, NoRoute, RateLimited,
        Failing, OddAnswer, NoBucket,
    ];

    private static DiagnosticDescriptor Upstream(string code, string title, string explanation) => new(code, title, explanation, Kind: FailureKind.Upstream);
}
