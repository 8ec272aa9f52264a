using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SmartCache.Engines.Descriptions;
using SmartCache.Engines.Processes;

namespace SmartCache.Engines.Servers;

/// <summary>A server in a container of the engine's official image.</summary>
internal sealed class DockerServer : EngineServer
{
    // The container is kept when its server ends, for a restart; only the end of its owner removes it. That the
    // script runs it leaves no moment in which there is a container and nobody to remove it.
    private const string Script =
        """
        trap '' PIPE
        name=$1
        shift
        docker run "$@" 2>&1
        echo "exit $?"
        while read -r _; do :; done
        docker rm --force --volumes "$name" >/dev/null 2>&1
        """;

    private const int Attempts = 5;

    private readonly Engine _engine;
    private readonly EngineOptions _options;
    private readonly string _name = $"smartcache-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    private readonly Login _login;
    private readonly int _port = FreePort.Next();
    private readonly Guard _guard;
    private int? _processId;

    private DockerServer(Engine engine, EngineOptions options, string image)
        : base(engine, new EngineOrigin(EngineOriginKind.Docker, image))
    {
        _engine = engine;
        _options = options;
        _login = Login.New(engine.Container.User);
        var variables = engine.Container.Environment(_login).Concat(options.Environment)
            .SelectMany(variable => new[] { "--env", $"{variable.Key}={variable.Value}" });

        // A port that Docker chooses would be another one after a restart.
        _guard = Guard.Open(
            Script,
            [
                _name, "--detach", "--name", _name, "--publish", $"127.0.0.1:{_port}:{engine.Container.Port}",
                .. variables, image, .. engine.Settings, .. engine.Container.Arguments, .. options.ServerArguments,
            ]);
    }

    public override string ConnectionString => _engine.ConnectionString(_login, _port);

    /// <summary>The container's main process, in the numbers of the machine where the Docker engine runs.</summary>
    public override int ProcessId => _processId ?? throw new InvalidOperationException($"The {_engine.Title} server is stopped.");

    public static async Task<DockerServer> StartAsync(Engine engine, EngineOptions options, CancellationToken cancellationToken)
    {
        var image = Environment.GetEnvironmentVariable(engine.ImageVariable) is { Length: > 0 } own ? own : engine.Container.Image;

        // Before the guard is there, because it can take minutes.
        if ((await DockerAsync(cancellationToken, "image", "inspect", image)).ExitCode != 0)
            (await DockerAsync(cancellationToken, "pull", image)).ThrowIfFailed();

        for (var attempt = 1; ; attempt++)
        {
            var server = new DockerServer(engine, options, image);
            try
            {
                var output = await server.RunAsync(cancellationToken);
                if (output is null)
                {
                    await server.UntilReadyAsync(cancellationToken);
                    return server;
                }

                if (attempt == Attempts || !output.Contains("already", StringComparison.Ordinal))
                    throw new EngineFailedException($"`docker run` of {image} failed. It said last:\n{LastLines.Of(output)}");
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }

            // Its port was taken meanwhile ("already allocated", "already in use").
            await server.DisposeAsync();
        }
    }

    public override async Task<bool> IsRunningAsync(CancellationToken cancellationToken = default) =>
        await InspectAsync(cancellationToken) is not null;

    public override async Task KillAsync(CancellationToken cancellationToken = default)
    {
        if (_processId is not null && await InspectAsync(cancellationToken) is not null)
            (await DockerAsync(cancellationToken, "kill", _name)).ThrowIfFailed();
        _processId = null;
    }

    public override async Task StopAsync(CancellationToken cancellationToken = default)
    {
        (await DockerAsync(cancellationToken, "stop", "--time=60", _name)).ThrowIfFailed();
        _processId = null;
    }

    public override async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken);
        (await DockerAsync(cancellationToken, "start", _name)).ThrowIfFailed();
        await UntilReadyAsync(cancellationToken);
    }

    public override ValueTask DisposeAsync() => _guard.DisposeAsync();

    private static Task<CommandResult> DockerAsync(CancellationToken cancellationToken, params string[] arguments) =>
        Command.RunAsync(["docker", .. arguments], cancellationToken);

    /// <summary>Reads what <c>docker run</c> says; null if all went well.</summary>
    private async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        while (true)
        {
            var line = await _guard.AnswerAsync(cancellationToken);
            if (line.StartsWith("exit ", StringComparison.Ordinal))
                return line == "exit 0" ? null : output.ToString();
            output.Append(line).Append('\n');
        }
    }

    private async Task UntilReadyAsync(CancellationToken cancellationToken)
    {
        _processId = await InspectAsync(cancellationToken);
        var isReady = _processId is not null && await Readiness.WaitAsync(
            _engine, _login, _port, async () => await InspectAsync(cancellationToken) is not null, _options.StartTimeout, cancellationToken);
        if (isReady)
            return;

        var logs = await DockerAsync(cancellationToken, "logs", "--tail=30", _name);
        throw new EngineFailedException(
            $"The {_engine.Title} server {Origin} ended or did not answer within {_options.StartTimeout}. "
            + $"It said last:\n{LastLines.Of(logs.Output)}");
    }

    /// <summary>The container's main process, or null if it is not running.</summary>
    private async Task<int?> InspectAsync(CancellationToken cancellationToken)
    {
        var process = await DockerAsync(cancellationToken, "inspect", "--format={{.State.Pid}}", _name);
        return int.TryParse(process.Output, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;
    }
}
