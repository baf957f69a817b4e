package lv.tdam.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes DER (X.690), as much of it as a certificate request and the wrapping of a key need. */
final class Der {
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int NULL = 0x05;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;

    private Der() {
    }

    static byte[] sequence(byte[]... parts) {
        return tagged(SEQUENCE, parts);
    }

    static byte[] set(byte[]... parts) {
        return tagged(SET, parts);
    }

    static byte[] context(int number, byte[]... parts) {
        return tagged(0xa0 | number, parts);
    }

    /** A whole number from 0 to 127. */
    static byte[] smallInteger(int value) {
        return tagged(INTEGER, new byte[] {(byte) value});
    }

    static byte[] bitString(byte[] bytes) {
        return tagged(BIT_STRING, new byte[] {0}, bytes);
    }

    static byte[] octetString(byte[] bytes) {
        return tagged(OCTET_STRING, bytes);
    }

    static byte[] nothing() {
        return tagged(NULL);
    }

    static byte[] utf8(String text) {
        return tagged(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    /** An object identifier, given as {@code 1.2.840.113549}. */
    static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        arc(out, Long.parseLong(arcs[0]) * 40 + Long.parseLong(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            arc(out, Long.parseLong(arcs[i]));
        }
        return tagged(OBJECT_IDENTIFIER, out.toByteArray());
    }

    private static void arc(ByteArrayOutputStream out, long arc) {
        int shift = 0;
        while (arc >>> shift + 7 != 0) {
            shift += 7;
        }
        for (; shift > 0; shift -= 7) {
            out.write((int) (arc >>> shift & 0x7f | 0x80));
        }
        out.write((int) (arc & 0x7f));
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (32 - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
                out.write(length >>> shift & 0xff);
            }
        }
        for (byte[] part : parts) {
            out.write(part, 0, part.length);
        }
        return out.toByteArray();
    }
}
