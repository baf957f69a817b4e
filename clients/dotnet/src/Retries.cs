using System;
using System.Threading;

namespace Tdam.Client
{
    /// <summary>
    /// The pauses between attempts. Every call of this library is safe to repeat with the same bytes: the exchange answers a message
    /// that it knows with the stored answer, and everything else only reads.
    /// </summary>
    internal sealed class Retries
    {
        private static readonly Random Seeds = new Random();
        private static readonly ThreadLocal<Random> Spread = new ThreadLocal<Random>(NewRandom);

        private readonly TimeSpan firstPause;
        private readonly TimeSpan pauseMax;

        internal Retries(TimeSpan firstPause, TimeSpan pauseMax)
        {
            this.firstPause = firstPause;
            this.pauseMax = pauseMax;
        }

        /// <summary>
        /// The pause after attempt number <paramref name="attempt"/>, from 1. Up to a quarter is added at random, so that clients that
        /// were cut off together do not come back together.
        /// </summary>
        internal TimeSpan PauseAfter(int attempt, TimeSpan? askedFor)
        {
            double doubled = firstPause.Ticks * Math.Pow(2, Math.Min(attempt - 1, 40));
            double ticks = Math.Min(Math.Max(doubled, (askedFor ?? TimeSpan.Zero).Ticks), pauseMax.Ticks);
            return TimeSpan.FromTicks((long)(ticks * (1 + Spread.Value.NextDouble() / 4)));
        }

        private static Random NewRandom()
        {
            lock (Seeds) { return new Random(Seeds.Next()); }
        }
    }
}
