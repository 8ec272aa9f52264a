using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace SmartCache.Engines;

/// <summary>
/// A server in a container of the engine's official image. The container's own program only waits for the end of its
/// input, which comes when this process ends, however it ends; the engine then removes the container. The server runs
/// beside it, so that it can be killed and started again in the same container, on the same port.
/// </summary>
internal sealed class DockerServer : EngineServer
{
    private const string Wait = "while read -r _; do :; done";
    private const string Launch = "echo $$ >/tmp/smartcache.pid; exec \"$@\" >>/tmp/smartcache.log 2>&1";
    private const string Signal = "kill -s \"$1\" \"$(cat /tmp/smartcache.pid)\"";
    // The container's first process is spared: it is not for its children to kill.
    private const string KillAll = "kill -s KILL -- -1";
    private const string ReadLog = "cat /tmp/smartcache.log";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly EngineRelease _engine;
    private readonly EngineOptions _options;
    private readonly DockerClient _docker;
    private readonly Login _login;
    private string? _container;
    private MultiplexedStream? _input;
    private IReadOnlyList<string> _command = [];
    private int _port;
    private string? _run;
    private int _processId;

    private DockerServer(EngineRelease engine, EngineOptions options, string image, DockerClient docker)
        : base(engine, $"Docker ({image})")
    {
        _engine = engine;
        _options = options;
        _docker = docker;
        _login = Login.New(engine.Container.User);
    }

    public override string ConnectionString => _engine.ConnectionString(_login, _port);

    /// <summary>The server's main process, in the numbers of the machine where the Docker engine runs.</summary>
    public override int ProcessId => _run is not null ? _processId : throw new InvalidOperationException($"The {_engine.Title} server is stopped.");

    private string Container => _container ?? throw new InvalidOperationException("The container has not been made.");

    public static async Task<DockerServer> StartAsync(EngineRelease engine, EngineOptions options, CancellationToken cancellationToken)
    {
        var image = Environment.GetEnvironmentVariable(engine.ImageVariable) is { Length: > 0 } own ? own : engine.Container.Image;
        using var configuration = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host
            ? new DockerClientConfiguration(new Uri(host))
            : new DockerClientConfiguration();
        var server = new DockerServer(engine, options, image, configuration.CreateClient());
        try
        {
            var entryPoint = await server.FindImageAsync(image, configuration.EndpointBaseUri, cancellationToken);
            server._command = [.. entryPoint, .. engine.Settings, .. engine.Container.Arguments, .. options.ServerArguments];
            await server.MakeContainerAsync(image, cancellationToken);
            await server.LaunchAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public override async Task<bool> IsRunningAsync(CancellationToken cancellationToken = default) =>
        _run is not null && (await _docker.Exec.InspectContainerExecAsync(_run, cancellationToken)).Running;

    public override async Task KillAsync(CancellationToken cancellationToken = default)
    {
        if (await IsRunningAsync(cancellationToken))
            await RunAsync(KillAll, [], cancellationToken);
        await UntilEndedAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (await IsRunningAsync(cancellationToken))
            await RunAsync(Signal, [_engine.StopSignal], cancellationToken);
        await UntilEndedAsync(cancellationToken);
    }

    public override async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken);
        await LaunchAsync(cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_container is not null)
        {
            await _docker.Containers.RemoveContainerAsync(_container, new ContainerRemoveParameters { Force = true, RemoveVolumes = true });
            _container = null;
            _input?.Dispose();
        }

        _docker.Dispose();
    }

    /// <summary>Gives the image's entry point, after pulling the image where it is missing.</summary>
    private async Task<IEnumerable<string>> FindImageAsync(string image, Uri endpoint, CancellationToken cancellationToken)
    {
        try
        {
            await _docker.System.PingAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException)
        {
            throw new EngineUnavailableException(
                $"{EngineRelease.DockerVariable}=1 asks for {_engine.Title} in a container, and no Docker engine answers at {endpoint} ({exception.Message}). "
                + "Start one, name another in DOCKER_HOST, or leave the variable out.");
        }

        try
        {
            return await EntryPointAsync();
        }
        catch (DockerImageNotFoundException)
        {
            try
            {
                await _docker.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = image }, null, new Progress<JSONMessage>(), cancellationToken);
                return await EntryPointAsync();
            }
            catch (DockerApiException exception)
            {
                throw new EngineUnavailableException(
                    $"{EngineRelease.DockerVariable}=1 asks for {_engine.Title} in a container, and the image {image} is missing and cannot be pulled "
                    + $"({exception.Message.Trim()}). Provide it, name another in {_engine.ImageVariable}, or leave the variable out.");
            }
        }

        async Task<IEnumerable<string>> EntryPointAsync() => (await _docker.Images.InspectImageAsync(image, cancellationToken)).Config.Entrypoint ?? [];
    }

    private async Task MakeContainerAsync(string image, CancellationToken cancellationToken)
    {
        var port = $"{_engine.Container.Port}/tcp";
        var parameters = new CreateContainerParameters
        {
            Image = image,
            Entrypoint = ["sh", "-c", Wait],
            AttachStdin = true,
            OpenStdin = true,
            StdinOnce = true,
            Env = [.. _engine.Container.Environment(_login).Concat(_options.Environment).Select(variable => $"{variable.Key}={variable.Value}")],
            ExposedPorts = new Dictionary<string, EmptyStruct> { [port] = default },
            HostConfig = new HostConfig
            {
                AutoRemove = true,
                PortBindings = new Dictionary<string, IList<PortBinding>> { [port] = [new PortBinding { HostIP = "127.0.0.1" }] },
            },
        };
        _container = (await _docker.Containers.CreateContainerAsync(parameters, cancellationToken)).ID;
        _input = await _docker.Containers.AttachContainerAsync(Container, tty: false, new ContainerAttachParameters { Stream = true, Stdin = true }, cancellationToken);
        await _docker.Containers.StartContainerAsync(Container, new ContainerStartParameters(), cancellationToken);
        var made = await _docker.Containers.InspectContainerAsync(Container, cancellationToken);
        _port = int.Parse(made.NetworkSettings.Ports[port][0].HostPort, CultureInfo.InvariantCulture);
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        _run = await CreateExecAsync(Launch, _command, isAttached: false, cancellationToken);
        await _docker.Exec.StartContainerExecAsync(_run, cancellationToken);
        _processId = checked((int)(await _docker.Exec.InspectContainerExecAsync(_run, cancellationToken)).Pid);

        if (!await Readiness.WaitAsync(_engine, _login, _port, () => IsRunningAsync(cancellationToken), _options.StartTimeout, cancellationToken))
        {
            throw new EngineFailedException(
                $"The {_engine.Title} server {Origin} ended or did not answer within {_options.StartTimeout}. "
                + $"It said last:\n{LastLines.Of(await RunAsync(ReadLog, [], cancellationToken))}");
        }
    }

    private async Task UntilEndedAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.StartTimeout);
        while (await IsRunningAsync(limit.Token))
            await Task.Delay(Pause, limit.Token);
        _run = null;
    }

    /// <summary>Runs a shell script in the container to its end, and gives what it says.</summary>
    private async Task<string> RunAsync(string script, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var exec = await CreateExecAsync(script, arguments, isAttached: true, cancellationToken);
        using var stream = await _docker.Exec.StartAndAttachContainerExecAsync(exec, tty: false, cancellationToken);
        var (output, error) = await stream.ReadOutputToEndAsync(cancellationToken);
        var exitCode = (await _docker.Exec.InspectContainerExecAsync(exec, cancellationToken)).ExitCode;
        return new CommandResult(script, checked((int)exitCode), output + error).ThrowIfFailed().Output;
    }

    private async Task<string> CreateExecAsync(string script, IEnumerable<string> arguments, bool isAttached, CancellationToken cancellationToken)
    {
        var parameters = new ContainerExecCreateParameters
        {
            Cmd = ["sh", "-c", script, "sh", .. arguments],
            AttachStdout = isAttached,
            AttachStderr = isAttached,
            Detach = !isAttached,
        };
        return (await _docker.Exec.ExecCreateContainerAsync(Container, parameters, cancellationToken)).ID;
    }
}
