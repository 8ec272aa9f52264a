using System.Globalization;
using System.Security.Cryptography;

namespace SmartCache.Engines;

/// <summary>
/// The private folder of one server, and the guard that runs everything there. Soon after the end of this process, all that
/// the guard has started has ended, and the folder is gone.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    private const string Log = "server.log";

    // The shell is the server's parent, so that the server ends with it. The system ties that to the parent's thread, and a
    // .NET process starts its children on threads that come and go.
    private const string Script =
        """
        trap '' PIPE
        folder=$1 end=$2 tidy=$3 disk=$4
        shift 4
        install --directory --mode=700 "$@" "$folder" 2>&1 || exit
        if [ -n "$disk" ]; then
          mkdir "$folder/data" &&
          mount -t tmpfs -o "size=$disk" smartcache "$folder/data" 2>&1 &&
          install --directory --mode=700 "$@" "$folder/data" 2>&1 || { rm -rf -- "$folder"; exit; }
        fi
        echo made
        exec 2>>"$folder/server.log"
        server=
        with_input() { input=$1; shift; "$@" <"$input" >&2; }
        running() { [ -n "$server" ] && read -r _ _ state _ <"/proc/$server/stat" && [ "$state" != Z ]; }

        while read -r order details; do
          case $order in
            run)
              eval "with_input $details"
              echo "$?"
              ;;
            start)
              eval "$details </dev/null >&2 &"
              server=$!
              echo "$server"
              ;;
            signal)
              kill -s $details
              echo sent
              ;;
            reap)
              wait "$server"
              server=
              echo reaped
              ;;
          esac
        done

        if running; then
          kill -s "$end" "$server"
          kill -s CONT "$server"
          tries=0
          while running && [ "$tries" -lt 100 ]; do
            sleep 0.05
            tries=$((tries + 1))
          done
          running && kill -s KILL "$server"
          wait "$server"
        else
          eval "with_input /dev/null $tidy"
        fi
        [ -z "$disk" ] || umount --lazy -- "$folder/data"
        rm -rf -- "$folder"
        """;

    private readonly Account? _account;
    private readonly string _endSignal;
    private readonly string _name;
    private Guard? _guard;

    private Site(Installation installation, EngineRelease engine)
    {
        Installation = installation;
        _account = Account.Choose(engine.Accounts, installation.Root);
        _endSignal = engine.EndSignal;
        _name = $"smartcache-{engine.Name}-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    }

    public Installation Installation { get; }

    /// <summary>The data folder as this process sees it.</summary>
    public string DataFolder => Outside("data");

    /// <summary>The data folder as the server sees it.</summary>
    public string Data => Inside("data");
    private Guard Guard => _guard ?? throw new InvalidOperationException("The site is not open.");

    public static async Task<Site> OpenAsync(Installation installation, EngineRelease engine, EngineOptions options)
    {
        var site = new Site(installation, engine);
        string[] owner = site._account is { } account ? ["--owner", account.UserId, "--group", account.GroupId] : [];
        var command = engine.TidyCommand(site).ToList();
        var tidyCommand = command.Count == 0 ? ":" : site.AsUser(command);
        var diskSize = string.Create(CultureInfo.InvariantCulture, $"{options.DiskSize}");
        site._guard = Guard.Open(Script, [site.Outside(""), engine.EndSignal, tidyCommand, diskSize, .. owner], options.Environment);

        var answer = await site._guard.AnswerAsync();
        if (answer == "made")
            return site;

        await site.DisposeAsync();
        throw new EngineFailedException($"No folder for the server can be made: {answer}");
    }

    /// <summary>The path of a file in the folder as the server sees it.</summary>
    public string Inside(string file) =>
        Path.Combine(Installation.Root is null ? Path.GetTempPath() : "/tmp", _name, file);

    /// <summary>Writes a file into the folder, and returns its path as the server sees it.</summary>
    public async Task<string> WriteFileAsync(string file, string text, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(Outside(file), text, cancellationToken);
        return Inside(file);
    }

    /// <summary>Copies a program into the folder, because the server's user may not have access to the original.</summary>
    public async Task CopyProgramAsync(string path, CancellationToken cancellationToken) =>
        (await ShellCommand.RunAsync(["install", "--mode=755", path, Outside("")], cancellationToken)).ThrowIfFailed();

    /// <summary>Runs a program as the server's user, and waits for its end.</summary>
    /// <exception cref="EngineFailedException">It failed.</exception>
    public async Task RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken, string input = "")
    {
        var position = LogLength();
        await WriteFileAsync("input", input, cancellationToken);
        var exitCode = await Guard.OrderAsync($"run {Shell.Quote(Outside("input"))} {AsUser(command)}", cancellationToken);
        if (exitCode != "0")
            throw new EngineFailedException($"`{command[0]}` failed with exit code {exitCode}. It said last:\n{LastLines.Of(ReadLog(position))}");
    }

    /// <summary>Starts the server, and returns its process id. The server ends with the guard.</summary>
    public async Task<int> StartServerAsync(IEnumerable<string> command)
    {
        // A shell's background jobs ignore some signals unless that is undone.
        var server = Installation.Enter(["env", "--default-signal", "setpriv", "--pdeathsig", _endSignal, .. SetUser(), .. command]);
        return int.Parse(await Guard.OrderAsync($"start {Shell.Quote(server)}"), CultureInfo.InvariantCulture);
    }

    public async Task SignalAsync(string signal, params int[] processIds) =>
        await Guard.OrderAsync($"signal {signal} {string.Join(' ', processIds)}");

    /// <summary>Reaps the server's process: until then the system keeps its id.</summary>
    public async Task ReapAsync() => await Guard.OrderAsync("reap");

    public long LogLength() => new FileInfo(Outside(Log)) is { Exists: true } log ? log.Length : 0;

    public string ReadLog(long position)
    {
        using var log = new FileStream(Outside(Log), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = position;
        using var reader = new StreamReader(log);
        return reader.ReadToEnd();
    }

    public ValueTask DisposeAsync() => Guard.DisposeAsync();

    private string Outside(string file) =>
        Path.Combine(Installation.Root is null ? Path.GetTempPath() : Path.Combine(Installation.Root, "tmp"), _name, file);

    private string AsUser(IEnumerable<string> command) => Shell.Quote(Installation.Enter(["setpriv", .. SetUser(), .. command]));

    private string[] SetUser() =>
        _account is { } account ? [$"--reuid={account.UserId}", $"--regid={account.GroupId}", "--clear-groups", "--"] : ["--"];
}

/// <summary>The user that a server runs as if this process is root: servers refuse to run as root.</summary>
internal sealed record Account(string UserId, string GroupId)
{
    /// <summary>The first of these users that exists; null to keep the current user.</summary>
    public static Account? Choose(IEnumerable<string> names, string? root)
    {
        if (!Environment.IsPrivilegedProcess)
            return null;

        var users = File.ReadLines($"{root}/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToList();
        return names
            .SelectMany(name => users.Where(fields => fields[0] == name))
            .Select(fields => new Account(fields[2], fields[3]))
            .First();
    }
}
