using System;
using System.Collections.Generic;
using System.Globalization;

namespace Tdam.Client
{
    /// <summary>What the exchange will refuse later unless somebody acts: above all a certificate or a registration that ends.</summary>
    /// <example><code>
    /// options.OnWarning = warning => Console.Error.WriteLine(warning.Code + " ends " + warning.Ends + ", days left: " + warning.DaysLeft);
    /// </code></example>
    public sealed class ExchangeWarning
    {
        private ExchangeWarning(string code, long? daysLeft, string ends)
        {
            Code = code;
            DaysLeft = daysLeft;
            Ends = ends;
        }

        /// <summary>Code of the catalogue: <c>TDAM-1071</c> for the certificate, <c>TDAM-1072</c> for the registration. More may come.</summary>
        public string Code { get; }

        /// <summary>Days left; 0 on the last day; null where the exchange names none.</summary>
        public long? DaysLeft { get; }

        /// <summary>The last day (<c>YYYY-MM-DD</c>, Europe/Riga); null where the exchange names none.</summary>
        public string Ends { get; }

        /// <summary>What it is about in a word: <c>certificate</c>, <c>registration</c>, or <c>other</c>.</summary>
        public string What => Code == "TDAM-1071" ? "certificate" : Code == "TDAM-1072" ? "registration" : "other";

        /// <summary>Reads a field <c>X-Exchange-Warning</c> (RFC 9651); what is unknown in it is passed over.</summary>
        internal static IEnumerable<ExchangeWarning> Read(string field)
        {
            foreach (string one in field.Split(new[] { ',' }))
            {
                string[] parts = one.Split(new[] { ';' });
                string code = parts[0].Trim();
                if (!IsCode(code)) { continue; }
                long? days = null;
                string ends = null;
                for (int i = 1; i < parts.Length; i++)
                {
                    int equals = parts[i].IndexOf('=');
                    if (equals < 0) { continue; }
                    string value = parts[i].Substring(equals + 1).Trim().Trim(new[] { '"' });
                    switch (parts[i].Substring(0, equals).Trim())
                    {
                        case "days":
                            days = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed) ? parsed : days;
                            break;
                        case "ends":
                            ends = IsDay(value) ? value : ends;
                            break;
                    }
                }
                yield return new ExchangeWarning(code, days, ends);
            }
        }

        private static bool IsCode(string text)
        {
            foreach (char letter in text)
            {
                bool isPlain = (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
                if (!isPlain && letter != '-') { return false; }
            }
            return text.Length > 0;
        }

        /// <summary>It is shown to people, so it must look like a day.</summary>
        private static bool IsDay(string text)
        {
            foreach (char letter in text)
            {
                if ((letter < '0' || letter > '9') && letter != '-') { return false; }
            }
            return text.Length == "YYYY-MM-DD".Length;
        }
    }

    /// <summary>Tells the listener once of each code with its last day; the days left fall daily and make nothing new.</summary>
    internal sealed class WarningListener
    {
        private readonly Action<ExchangeWarning> told;
        private readonly HashSet<string> known = new HashSet<string>(StringComparer.Ordinal);

        internal WarningListener(Action<ExchangeWarning> told)
        {
            this.told = told;
        }

        internal void Hear(IEnumerable<string> fields)
        {
            if (told == null) { return; }
            int read = 0;
            foreach (string field in fields)
            {
                foreach (ExchangeWarning warning in ExchangeWarning.Read(field))
                {
                    if (++read > Bounds.WarningsMax) { return; }
                    bool isNew;
                    lock (known)
                    {
                        isNew = known.Count < Bounds.WarningsMax && known.Add(warning.Code + " " + warning.Ends);
                    }
                    if (isNew) { Hooks.Tell(told, warning); }
                }
            }
        }
    }

    /// <summary>Calls what users gave.</summary>
    internal static class Hooks
    {
        /// <summary>A hook that throws must not turn a message that was accepted into a failure, so its exception ends here.</summary>
        internal static void Tell<T>(Action<T> hook, T what)
        {
            try
            {
                hook(what);
            }
            catch (Exception error)
            {
                System.Diagnostics.Trace.TraceError("a hook of Tdam.Client threw: " + error);
            }
        }
    }
}
