using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SmartCache.Sessions;

/// <summary>
/// Commits the sessions of a request before its response starts, so that a success is not sent before it is true. It stands in front of
/// the response's body: there a failed commit is an exception of the app's own write, and the app can still render an error. Whatever
/// starts the response past the body is caught by <see cref="HttpResponse.OnStarting(Func{object, Task}, object)"/>. A server that has
/// seen an exception there answers with an empty error 500 and lets nobody write another one.
/// </summary>
internal sealed class ResponseCommit : IHttpResponseBodyFeature
{
    private readonly HttpContext _context;
    private readonly SessionRequest _request;
    private readonly IHttpResponseBodyFeature? _body;
    private ISession[] _sessions = [];
    private ISession? _failed;
    private ExceptionDispatchInfo? _failure;
    private BodyStream? _stream;
    private BodyWriter? _writer;

    /// <summary>Whether the body has been written to since the last session was added.</summary>
    private bool _isBegun;

    private ResponseCommit(HttpContext context, SessionRequest request)
    {
        (_context, _request) = (context, request);
        if (context.Response.HasStarted)
            return;

        context.Response.OnStarting(static state => ((ResponseCommit)state).OnStartingAsync(), this);

        // Writing to a body that someone keeps in memory starts no response, and its owner may want to read it.
        if (context.Features.Get<IHttpResponseBodyFeature>() is { Stream.CanSeek: false } body)
        {
            _body = body;
            context.Features.Set<IHttpResponseBodyFeature>(this);
        }
    }

    public bool HasStarted => _context.Response.HasStarted;
    public PipeWriter Writer => _writer ??= new BodyWriter(this, _body!.Writer);
    public Stream Stream => _stream ??= new BodyStream(this, _body!.Stream);

    /// <summary>Has a session committed before the response starts.</summary>
    public static void Add(HttpContext? context, SessionRequest request, object? owner)
    {
        if (context is null || owner is not ISession session)
            return;

        lock (request.Lock)
        {
            if (request.Response is { } known && Array.IndexOf(known._sessions, session) >= 0)
                return;

            // Contexts without a server have no response.
            if (context.Features.Get<IHttpResponseFeature>() is null)
                return;

            var response = request.Response ??= new ResponseCommit(context, request);
            response._sessions = [.. response._sessions, session];
            response._isBegun = false;
        }
    }

    /// <summary>The middleware has committed the session itself, or has failed to.</summary>
    public void Ended(object? session)
    {
        lock (_request.Lock)
            _sessions = Array.FindAll(_sessions, known => known != session);
    }

    /// <summary>From now on the response can only be an error.</summary>
    public void Failed(object? session, Exception exception)
    {
        (_failed, _failure) = (session as ISession, ExceptionDispatchInfo.Capture(exception));
        _writer?.Discard();
    }

    /// <summary>The app has saved the session by itself after the commit had failed.</summary>
    public void Saved(object? session)
    {
        if (_failed is not null && _failed == session)
            (_failed, _failure) = (null, null);
    }

    /// <summary>A session whose commit has failed already is not tried again: its response is an error.</summary>
    public void ThrowIfFailed(object? session)
    {
        if (_failed is not null && _failed == session)
            _failure!.Throw();
    }

    /// <summary>Nothing stands against sending what the app has written.</summary>
    public void Release() => _writer?.Release();

    public void DisableBuffering() => _body!.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) =>
        PassAsync(static (commit, _, cancel) => commit._body!.StartAsync(cancel), this, cancellationToken);

    public Task CompleteAsync() => PassAsync(static (commit, _, _) => commit._body!.CompleteAsync(), this, CancellationToken.None);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        PassAsync(
            static (commit, file, cancel) => commit._body!.SendFileAsync(file.Path, file.Offset, file.Count, cancel),
            (Path: path, Offset: offset, Count: count),
            cancellationToken);

    private async Task PassAsync<T>(Func<ResponseCommit, T, CancellationToken, Task> use, T what, CancellationToken token)
    {
        await BeginAsync().ConfigureAwait(false);
        await use(this, what, token).ConfigureAwait(false);
    }

    /// <summary>Commits before the body is used for the first time.</summary>
    private async ValueTask BeginAsync()
    {
        if (!HasStarted)
        {
            ThrowIfUnsaved();
            if (!_isBegun)
            {
                await CommitAsync().ConfigureAwait(false);
                _isBegun = true;
            }
        }

        Release();
    }

    /// <summary>
    /// Commits what has changed since the body was first written to: an outer body may keep it in memory, and callbacks like this one may
    /// change the session.
    /// </summary>
    private async Task OnStartingAsync()
    {
        ThrowIfUnsaved();
        await CommitAsync().ConfigureAwait(false);
        Release();
    }

    /// <summary>Commits the innermost session first, as nested middleware does.</summary>
    private async Task CommitAsync()
    {
        foreach (var session in Enumerable.Reverse(_sessions).Where(session => session != _failed))
        {
            _request.Committing = session;
            try
            {
                await session.CommitAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                Failed(session, exception);
                throw;
            }
            finally
            {
                _request.Committing = null;
            }
        }
    }

    /// <summary>The app may have caught the exception and go on as if nothing had happened.</summary>
    private void ThrowIfUnsaved()
    {
        if (_context.Response.StatusCode < StatusCodes.Status400BadRequest)
            _failure?.Throw();
    }

    /// <summary>The response's body behind the commit. Synchronous writes leave the commit to the server, which waits for it by itself.</summary>
    private sealed class BodyStream(ResponseCommit commit, Stream body) : Stream
    {
        public override bool CanRead => body.CanRead;
        public override bool CanSeek => body.CanSeek;
        public override bool CanTimeout => body.CanTimeout;
        public override bool CanWrite => body.CanWrite;
        public override long Length => body.Length;

        public override long Position
        {
            get => body.Position;
            set => body.Position = value;
        }

        public override void Flush()
        {
            commit.Release();
            body.Flush();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            commit.Release();
            body.Write(buffer);
        }

        public override int Read(byte[] buffer, int offset, int count) => body.Read(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => body.Seek(offset, origin);

        public override void SetLength(long value) => body.SetLength(value);

        public override Task FlushAsync(CancellationToken cancellationToken) => commit.HasStarted
            ? body.FlushAsync(cancellationToken)
            : commit.PassAsync(static (_, body, cancel) => body.FlushAsync(cancel), body, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => commit.HasStarted
            ? body.WriteAsync(buffer, cancellationToken)
            : new ValueTask(commit.PassAsync(
                static (_, write, cancel) => write.Body.WriteAsync(write.Buffer, cancel).AsTask(), (Body: body, Buffer: buffer), cancellationToken));

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
            TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

        public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);
    }

    /// <summary>
    /// The writer of the response's body behind the commit. Until then it keeps what is not flushed: the server could not take it back to
    /// make room for an error.
    /// </summary>
    private sealed class BodyWriter(ResponseCommit commit, PipeWriter body) : PipeWriter
    {
        private ArrayBufferWriter<byte>? _kept;

        /// <summary>Where the memory comes from that the app is about to fill.</summary>
        private IBufferWriter<byte>? _target;

        public override bool CanGetUnflushedBytes => body.CanGetUnflushedBytes;
        public override long UnflushedBytes => body.UnflushedBytes + (_kept?.WrittenCount ?? 0);

        public void Release()
        {
            if (_kept is { } kept)
            {
                Discard();
                body.Write(kept.WrittenSpan);
            }
        }

        public void Discard() => _kept = null;

        public override Memory<byte> GetMemory(int sizeHint = 0) => Choose().GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => Choose().GetSpan(sizeHint);

        public override void Advance(int bytes) => (_target ?? body).Advance(bytes);

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            await commit.BeginAsync().ConfigureAwait(false);
            return await body.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            await commit.BeginAsync().ConfigureAwait(false);
            return await body.WriteAsync(source, cancellationToken).ConfigureAwait(false);
        }

        public override async ValueTask CompleteAsync(Exception? exception = null)
        {
            await commit.BeginAsync().ConfigureAwait(false);
            await body.CompleteAsync(exception).ConfigureAwait(false);
        }

        public override void Complete(Exception? exception = null)
        {
            Release();
            body.Complete(exception);
        }

        public override void CancelPendingFlush() => body.CancelPendingFlush();

        private IBufferWriter<byte> Choose()
        {
            _target = commit._isBegun || commit.HasStarted ? null : _kept ??= new ArrayBufferWriter<byte>();
            return _target ?? body;
        }
    }
}
