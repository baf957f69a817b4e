using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Tdam.Client
{
    /// <summary>
    /// A JSON value (RFC 8259). The target has no reader of its own, and a library of others would be a dependency. A member that
    /// is missing reads as null, so unknown and absent members do no harm.
    /// </summary>
    internal sealed class Json
    {
        internal static readonly Json Null = new Json(null);

        private readonly object value;

        private Json(object value)
        {
            this.value = value;
        }

        internal bool IsObject => value is Dictionary<string, Json>;

        internal IReadOnlyDictionary<string, Json> Members => value as Dictionary<string, Json> ?? NoMembers;

        internal IReadOnlyList<Json> Items => (IReadOnlyList<Json>)(value as List<Json>) ?? new Json[0];

        internal Json this[string member] => Members.TryGetValue(member, out Json found) ? found : Null;

        private static readonly Dictionary<string, Json> NoMembers = new Dictionary<string, Json>();

        /// <summary>A text; a number as it is written; otherwise empty.</summary>
        internal string AsText => value as string ?? (value is Literal number ? number.Text : "");

        internal string Text(string member) => this[member].AsText;

        /// <summary>The text, or null where it is absent.</summary>
        internal string TextOrNull(string member) => this[member].value == null ? null : Text(member);

        internal bool Flag(string member) => this[member].value is bool flag && flag;

        internal long? Number(string member) =>
            this[member].value is Literal number
            && long.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long parsed)
                ? parsed
                : (long?)null;

        internal TimeSpan? Seconds(string member)
        {
            long? seconds = Number(member);
            return seconds >= 0 && seconds <= int.MaxValue ? TimeSpan.FromSeconds(seconds.Value) : (TimeSpan?)null;
        }

        internal IReadOnlyList<T> List<T>(string member, Func<Json, T> read)
        {
            var list = new List<T>();
            foreach (Json item in this[member].Items) { list.Add(read(item)); }
            return list;
        }

        /// <summary>Reads a whole text. A <see cref="FormatException"/> says at which character it is no JSON.</summary>
        internal static Json Parse(string text)
        {
            var reader = new Reader(text);
            Json value = reader.Value(0);
            reader.End();
            return value;
        }

        internal static Json Parse(byte[] utf8) => Parse(Encoding.UTF8.GetString(utf8));

        private sealed class Literal
        {
            internal readonly string Text;

            internal Literal(string text)
            {
                Text = text;
            }
        }

        private sealed class Reader
        {
            private readonly string text;
            private int at;

            internal Reader(string text)
            {
                this.text = text;
                at = text.Length > 0 && text[0] == '\uFEFF' ? 1 : 0;
            }

            internal Json Value(int depth)
            {
                if (depth > Bounds.JsonDepthMax) { throw Fault("nests too deep"); }
                Space();
                if (at >= text.Length) { throw Fault("ends too early"); }
                switch (text[at])
                {
                    case '{': return Object(depth);
                    case '[': return Array(depth);
                    case '"': return new Json(String());
                    case 't': return Word("true", true);
                    case 'f': return Word("false", false);
                    case 'n': return Word("null", null);
                    default: return Number();
                }
            }

            internal void End()
            {
                Space();
                if (at != text.Length) { throw Fault("goes on after its end"); }
            }

            private Json Object(int depth)
            {
                var members = new Dictionary<string, Json>(StringComparer.Ordinal);
                at++;
                Space();
                if (Take('}')) { return new Json(members); }
                do
                {
                    Space();
                    if (at >= text.Length || text[at] != '"') { throw Fault("has no name here"); }
                    string name = String();
                    Space();
                    if (!Take(':')) { throw Fault("has no colon here"); }
                    members[name] = Value(depth + 1);
                    Space();
                }
                while (Take(','));
                if (!Take('}')) { throw Fault("has no end of an object here"); }
                return new Json(members);
            }

            private Json Array(int depth)
            {
                var items = new List<Json>();
                at++;
                Space();
                if (Take(']')) { return new Json(items); }
                do
                {
                    items.Add(Value(depth + 1));
                    Space();
                }
                while (Take(','));
                if (!Take(']')) { throw Fault("has no end of a list here"); }
                return new Json(items);
            }

            private string String()
            {
                var read = new StringBuilder();
                at++;
                while (true)
                {
                    if (at >= text.Length) { throw Fault("ends in a text"); }
                    char letter = text[at++];
                    if (letter == '"') { return read.ToString(); }
                    if (letter < ' ') { throw Fault("has a control character in a text"); }
                    read.Append(letter == '\\' ? Escape() : letter);
                }
            }

            private char Escape()
            {
                if (at >= text.Length) { throw Fault("ends in a text"); }
                char letter = text[at++];
                switch (letter)
                {
                    case '"':
                    case '\\':
                    case '/': return letter;
                    case 'b': return '\b';
                    case 'f': return '\f';
                    case 'n': return '\n';
                    case 'r': return '\r';
                    case 't': return '\t';
                    case 'u':
                        if (at + 4 <= text.Length
                            && ushort.TryParse(
                                text.Substring(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
                        {
                            at += 4;
                            return (char)unit;
                        }
                        break;
                }
                throw Fault("has an unknown escape");
            }

            private Json Number()
            {
                int begin = at;
                while (at < text.Length && ((text[at] >= '0' && text[at] <= '9') || "+-.eE".IndexOf(text[at]) >= 0)) { at++; }
                string literal = text.Substring(begin, at - begin);
                if (!double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out double _))
                {
                    at = begin;
                    throw Fault("has no value here");
                }
                return new Json(new Literal(literal));
            }

            private Json Word(string word, object meaning)
            {
                if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0) { throw Fault("has no value here"); }
                at += word.Length;
                return new Json(meaning);
            }

            private bool Take(char wanted)
            {
                if (at >= text.Length || text[at] != wanted) { return false; }
                at++;
                return true;
            }

            private void Space()
            {
                while (at < text.Length && " \t\r\n".IndexOf(text[at]) >= 0) { at++; }
            }

            private FormatException Fault(string what) =>
                new FormatException(string.Format(CultureInfo.InvariantCulture, "character {0}: the JSON {1}", at + 1, what));
        }
    }
}
