using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace Tdam.Client
{
    /// <summary>Time that does not jump when somebody sets the clock.</summary>
    internal static class Monotonic
    {
        private static readonly Stopwatch Watch = Stopwatch.StartNew();

        /// <summary>Never 0, which stands for "not yet".</summary>
        internal static long Ticks => Watch.Elapsed.Ticks + 1;

        internal static TimeSpan Now => Watch.Elapsed;
    }

    /// <summary>When bytes last moved in one attempt; it tells a slow upload from a dead one, and a connection from none.</summary>
    internal sealed class Activity
    {
        private readonly long begun = Monotonic.Ticks;
        private readonly Transport transport;
        private readonly bool mayReuse;
        private long lastTicks = Monotonic.Ticks;
        private int moved;

        internal Activity(Transport transport)
        {
            this.transport = transport;
            mayReuse = transport.MayReuse;
        }

        internal void Touch()
        {
            Interlocked.Exchange(ref lastTicks, Monotonic.Ticks);
            Interlocked.Exchange(ref moved, 1);
        }

        /// <summary>
        /// The result of the request; a timeout when the connection is not made in time, or nothing moves for too long. Then
        /// <paramref name="abort"/> is called.
        /// </summary>
        internal async Task<T> WatchAsync<T>(Task<T> request, TimeSpan connect, TimeSpan idle, string doing, Action abort)
        {
            while (true)
            {
                bool isConnecting = Interlocked.CompareExchange(ref moved, 0, 0) == 0 && !mayReuse && !transport.MayReuse;
                long since = isConnecting ? begun : Interlocked.Read(ref lastTicks);
                TimeSpan limit = isConnecting ? connect : idle;
                TimeSpan left = limit - TimeSpan.FromTicks(Monotonic.Ticks - since);
                if (left <= TimeSpan.Zero)
                {
                    abort();
                    Forget(request);
                    transport.SeenDead();
                    throw TdamException.Timeout(isConnecting ? "making the connection" : doing, limit);
                }
                // While it connects, the other limit may begin to count at any moment.
                TimeSpan wait = isConnecting && idle < left ? idle : left;
                if (await IsDoneWithinAsync(request, wait).ConfigureAwait(false)) { return await request.ConfigureAwait(false); }
            }
        }

        /// <summary>Whether the task ends within so much time.</summary>
        internal static async Task<bool> IsDoneWithinAsync(Task task, TimeSpan time)
        {
            if (task.IsCompleted) { return true; }
            using (var stop = new CancellationTokenSource())
            {
                Task first = await Task.WhenAny(task, Task.Delay(Rounded(time), stop.Token)).ConfigureAwait(false);
                stop.Cancel();
                return first == task;
            }
        }

        /// <summary>Nobody waits for an abandoned request, and its fault must not reach the process.</summary>
        internal static void Forget(Task task)
        {
            task.ContinueWith(
                ended =>
                {
                    if (ended.IsFaulted) { GC.KeepAlive(ended.Exception); }
                    else if (!ended.IsCanceled && ended is Task<System.Net.Http.HttpResponseMessage> response) { response.Result.Dispose(); }
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        /// <summary>Timers count whole milliseconds and have a longest time.</summary>
        internal static TimeSpan Rounded(TimeSpan time)
        {
            double milliseconds = Math.Ceiling(Math.Max(time.TotalMilliseconds, 1));
            return TimeSpan.FromMilliseconds(Math.Min(milliseconds, int.MaxValue));
        }
    }
}
