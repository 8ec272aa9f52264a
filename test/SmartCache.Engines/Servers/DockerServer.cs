using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace SmartCache.Engines;

/// <summary>
/// A server in a container of the engine's official image. The container's main program only waits for the end of its input,
/// which comes when this process ends in any way. Docker then removes the container. The server runs beside that program, so
/// that it can be killed and started again in the same container, on the same port.
/// </summary>
internal sealed class DockerServer : OwnedServer
{
    private const string Wait = "while read -r _; do :; done";
    private const string Launch = "echo $$ >/tmp/smartcache.pid; exec \"$@\" >>/tmp/smartcache.log 2>&1";
    private const string Signal = "kill -s \"$1\" \"$(cat /tmp/smartcache.pid)\"";
    // The signal does not reach the container's first process.
    private const string KillAll = "kill -s KILL -- -1";
    private const string ReadLog = "cat /tmp/smartcache.log";

    private readonly DockerClient _docker;
    private string? _container;
    private MultiplexedStream? _input;
    private IReadOnlyList<string> _command = [];
    private string? _run;

    private DockerServer(EngineRelease engine, EngineOptions options, string image, DockerClient docker)
        : base(engine, options, Login.New(engine.Container.User), $"Docker ({image})") => _docker = docker;

    private string Container => _container ?? throw new InvalidOperationException("The container has not been made.");

    public static async Task<DockerServer> StartAsync(EngineRelease engine, EngineOptions options, CancellationToken cancellationToken)
    {
        var image = Environment.GetEnvironmentVariable(engine.ImageVariable) is { Length: > 0 } own ? own : engine.Container.Image;
        using var configuration = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host
            ? new DockerClientConfiguration(new Uri(host))
            : new DockerClientConfiguration();
        return await new DockerServer(engine, options, image, configuration.CreateClient()).StartedAsync(async server =>
        {
            var entryPoint = await server.FindImageAsync(image, configuration.EndpointBaseUri, cancellationToken);
            server._command = [.. entryPoint, .. engine.Settings, .. engine.Container.Arguments, .. options.ServerArguments];
            await server.MakeContainerAsync(image, cancellationToken);
            await server.LaunchAsync(cancellationToken);
        });
    }

    public override async Task<bool> IsRunningAsync(CancellationToken cancellationToken = default) =>
        RunningId is not null && (await _docker.Exec.InspectContainerExecAsync(_run, cancellationToken)).Running;

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

    protected override Task SignalAsync(string signal, CancellationToken cancellationToken) => RunAsync(Signal, [signal], cancellationToken);

    protected override Task KillAllAsync(CancellationToken cancellationToken) => RunAsync(KillAll, [], cancellationToken);

    /// <summary>Returns the image's entry point. Pulls the image if it is missing.</summary>
    private async Task<IEnumerable<string>> FindImageAsync(string image, Uri endpoint, CancellationToken cancellationToken)
    {
        try
        {
            await _docker.System.PingAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException)
        {
            throw new EngineUnavailableException(
                $"{EngineRelease.DockerVariable}=1 asks for {Engine.Title} in a container, and no Docker engine answers at {endpoint} ({exception.Message}). "
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
                    $"{EngineRelease.DockerVariable}=1 asks for {Engine.Title} in a container, and the image {image} is missing and cannot be pulled "
                    + $"({exception.Message.Trim()}). Provide it, name another in {Engine.ImageVariable}, or leave the variable out.");
            }
        }

        async Task<IEnumerable<string>> EntryPointAsync() => (await _docker.Images.InspectImageAsync(image, cancellationToken)).Config.Entrypoint ?? [];
    }

    private async Task MakeContainerAsync(string image, CancellationToken cancellationToken)
    {
        var port = $"{Engine.Container.Port}/tcp";
        var parameters = new CreateContainerParameters
        {
            Image = image,
            Entrypoint = ["sh", "-c", Wait],
            AttachStdin = true,
            OpenStdin = true,
            StdinOnce = true,
            Env = [.. Engine.Container.Environment(Login).Concat(Options.Environment).Select(variable => $"{variable.Key}={variable.Value}")],
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
        Port = int.Parse(made.NetworkSettings.Ports[port][0].HostPort, CultureInfo.InvariantCulture);
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        _run = await CreateExecAsync(Launch, _command, isAttached: false, cancellationToken);
        await _docker.Exec.StartContainerExecAsync(_run, cancellationToken);

        // In the numbers of the machine where the Docker engine runs.
        RunningId = checked((int)(await _docker.Exec.InspectContainerExecAsync(_run, cancellationToken)).Pid);
        if (!await IsReadyAsync(cancellationToken))
        {
            throw new EngineFailedException(
                $"The {Engine.Title} server {Origin} ended or did not answer within {Options.StartTimeout}. "
                + $"It said last:\n{LastLines.Of(await RunAsync(ReadLog, [], cancellationToken))}");
        }
    }

    /// <summary>Runs a shell script in the container, and returns its output.</summary>
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
