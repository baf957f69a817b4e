using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace Tdam.Client
{
    /// <summary>Writes DER (ITU-T X.690): each function gives one whole element.</summary>
    internal static class Der
    {
        internal const byte IntegerTag = 0x02;
        internal const byte BitStringTag = 0x03;
        internal const byte OctetStringTag = 0x04;
        internal const byte OidTag = 0x06;
        internal const byte Utf8StringTag = 0x0C;
        internal const byte SequenceTag = 0x30;
        internal const byte SetTag = 0x31;

        internal static byte[] Sequence(params byte[][] parts) => Element(SequenceTag, parts);

        internal static byte[] Set(params byte[][] parts) => Element(SetTag, parts);

        internal static byte[] OctetString(byte[] content) => Element(OctetStringTag, content);

        /// <summary>Whole bytes.</summary>
        internal static byte[] BitString(byte[] content) => Element(BitStringTag, new byte[] { 0 }, content);

        internal static byte[] Utf8String(string text) => Element(Utf8StringTag, Encoding.UTF8.GetBytes(text));

        internal static byte[] Null() => new byte[] { 0x05, 0x00 };

        internal static byte[] Explicit(int number, params byte[][] content) => Element((byte)(0xA0 | number), content);

        /// <summary>A number that is not negative, its highest byte first.</summary>
        internal static byte[] Unsigned(byte[] magnitude)
        {
            int skip = 0;
            while (skip < magnitude.Length - 1 && magnitude[skip] == 0) { skip++; }
            bool needsSign = magnitude.Length == 0 || (magnitude[skip] & 0x80) != 0;
            var content = new byte[magnitude.Length - skip + (needsSign ? 1 : 0)];
            Buffer.BlockCopy(magnitude, skip, content, needsSign ? 1 : 0, magnitude.Length - skip);
            return Element(IntegerTag, content);
        }

        internal static byte[] Integer(int value)
        {
            return Unsigned(new[] { (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value });
        }

        internal static byte[] Oid(string dotted)
        {
            string[] arcs = dotted.Split(new[] { '.' });
            var content = new List<byte>();
            for (int i = 1; i < arcs.Length; i++)
            {
                uint arc = uint.Parse(arcs[i], CultureInfo.InvariantCulture);
                if (i == 1) { arc += 40 * uint.Parse(arcs[0], CultureInfo.InvariantCulture); }
                int shift = 28;
                while (shift > 0 && arc >> shift == 0) { shift -= 7; }
                for (; shift > 0; shift -= 7) { content.Add((byte)(0x80 | ((arc >> shift) & 0x7F))); }
                content.Add((byte)(arc & 0x7F));
            }
            return Element(OidTag, content.ToArray());
        }

        internal static byte[] Element(byte tag, params byte[][] parts)
        {
            int length = 0;
            foreach (byte[] part in parts) { length += part.Length; }
            var written = new MemoryStream(length + 6);
            written.WriteByte(tag);
            if (length < 0x80)
            {
                written.WriteByte((byte)length);
            }
            else
            {
                int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 4;
                written.WriteByte((byte)(0x80 | bytes));
                for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) { written.WriteByte((byte)(length >> shift)); }
            }
            foreach (byte[] part in parts) { written.Write(part, 0, part.Length); }
            return written.ToArray();
        }
    }

    /// <summary>Reads DER, one element after the other. A <see cref="FormatException"/> says that it is none.</summary>
    internal sealed class DerReader
    {
        private readonly byte[] bytes;
        private readonly int end;
        private int at;

        internal DerReader(byte[] bytes) : this(bytes, 0, bytes.Length)
        {
        }

        private DerReader(byte[] bytes, int begin, int end)
        {
            this.bytes = bytes;
            at = begin;
            this.end = end;
        }

        internal bool IsAtEnd => at == end;

        internal bool IsNext(byte tag) => at < end && bytes[at] == tag;

        /// <summary>What the next element holds, to be read on.</summary>
        internal DerReader Enter(byte tag)
        {
            int begin = Begin(tag, out int length);
            at = begin + length;
            return new DerReader(bytes, begin, at);
        }

        internal byte[] Content(byte tag)
        {
            int begin = Begin(tag, out int length);
            at = begin + length;
            var content = new byte[length];
            Buffer.BlockCopy(bytes, begin, content, 0, length);
            return content;
        }

        /// <summary>The bits of a bit string of whole bytes.</summary>
        internal byte[] BitString()
        {
            byte[] content = Content(Der.BitStringTag);
            if (content.Length == 0 || content[0] != 0) { throw new FormatException("a bit string of no whole bytes"); }
            return Tail(content, 1);
        }

        /// <summary>A number that is not negative, without a leading zero byte.</summary>
        internal byte[] Unsigned()
        {
            byte[] content = Content(Der.IntegerTag);
            if (content.Length == 0 || (content[0] & 0x80) != 0) { throw new FormatException("a negative number"); }
            return content.Length > 1 && content[0] == 0 ? Tail(content, 1) : content;
        }

        internal int SmallInteger()
        {
            byte[] content = Unsigned();
            if (content.Length > 3) { throw new FormatException("a number that is too large"); }
            int value = 0;
            foreach (byte one in content) { value = (value << 8) | one; }
            return value;
        }

        internal string Oid()
        {
            byte[] content = Content(Der.OidTag);
            var text = new StringBuilder();
            ulong arc = 0;
            foreach (byte one in content)
            {
                if (arc >> 56 != 0) { throw new FormatException("an object identifier that is too long"); }
                arc = (arc << 7) | (uint)(one & 0x7F);
                if ((one & 0x80) != 0) { continue; }
                if (text.Length == 0)
                {
                    ulong first = Math.Min(arc / 40, 2);
                    text.Append(first).Append('.').Append(arc - 40 * first);
                }
                else
                {
                    text.Append('.').Append(arc);
                }
                arc = 0;
            }
            return text.ToString();
        }

        internal void Skip() => Content(at < end ? bytes[at] : (byte)0);

        private int Begin(byte tag, out int length)
        {
            if (at + 2 > end) { throw new FormatException("the data end too early"); }
            if (bytes[at] != tag)
            {
                throw new FormatException(
                    string.Format(CultureInfo.InvariantCulture, "element 0x{0:x2} where 0x{1:x2} belongs", bytes[at], tag));
            }
            int next = at + 2;
            length = bytes[at + 1];
            if (length >= 0x80)
            {
                int count = length & 0x7F;
                if (count == 0 || count > 3 || next + count > end) { throw new FormatException("a length that is none"); }
                length = 0;
                for (int i = 0; i < count; i++) { length = (length << 8) | bytes[next++]; }
            }
            if (length > end - next) { throw new FormatException("the data end too early"); }
            return next;
        }

        private static byte[] Tail(byte[] whole, int skip)
        {
            var tail = new byte[whole.Length - skip];
            Buffer.BlockCopy(whole, skip, tail, 0, tail.Length);
            return tail;
        }
    }
}
