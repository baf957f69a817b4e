using System;
using System.Collections.Concurrent;
using System.Threading;

namespace Tdam.Client
{
    /// <summary>
    /// Keeps one client for each name, for programs with several online users or exchanges. A client keeps connections open, so it is
    /// made once and used from then on. Register the factory, or one client, as a singleton where dependencies are injected.
    /// </summary>
    /// <example><code>
    /// var factory = new TdamClientFactory(name => SettingsOf(name));
    /// Heartbeat heartbeat = await factory.Get("accounting").HeartbeatAsync();
    /// </code></example>
    public sealed class TdamClientFactory : IDisposable
    {
        private readonly Func<string, ClientOptions> settings;
        private readonly ConcurrentDictionary<string, Lazy<TdamClient>> clients =
            new ConcurrentDictionary<string, Lazy<TdamClient>>(StringComparer.Ordinal);

        /// <summary>Takes what gives the settings of a name. It is called once for each name.</summary>
        /// <param name="settings">Gives the settings.</param>
        /// <example><code>var factory = new TdamClientFactory(name => new ClientOptions { Url = "https://" + name });</code></example>
        public TdamClientFactory(Func<string, ClientOptions> settings)
        {
            this.settings = settings ?? throw new ArgumentNullException(nameof(settings));
        }

        /// <summary>The client of this name. The factory closes it; its user does not.</summary>
        /// <param name="name">The name.</param>
        /// <returns>The client.</returns>
        /// <exception cref="TdamException"><see cref="ErrorKind.Configuration"/>: as the constructor of <see cref="TdamClient"/>.</exception>
        /// <example><code>TdamClient client = factory.Get("accounting");</code></example>
        public TdamClient Get(string name)
        {
            if (name == null) { throw new ArgumentNullException(nameof(name)); }
            // A client that could not be made is tried again: its files may be there the next time.
            return clients.GetOrAdd(name, key => new Lazy<TdamClient>(() => new TdamClient(settings(key)), LazyThreadSafetyMode.PublicationOnly)).Value;
        }

        /// <summary>Reads the files of all clients again.</summary>
        /// <example><code>factory.ReloadAll();</code></example>
        public void ReloadAll()
        {
            foreach (Lazy<TdamClient> client in clients.Values)
            {
                if (client.IsValueCreated) { client.Value.Reload(); }
            }
        }

        /// <summary>Closes all clients.</summary>
        public void Dispose()
        {
            foreach (Lazy<TdamClient> client in clients.Values)
            {
                if (client.IsValueCreated) { client.Value.Dispose(); }
            }
        }
    }
}
