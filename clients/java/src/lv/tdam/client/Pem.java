package lv.tdam.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads and writes PEM (RFC 7468). */
final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final int LINE_CHARS = 64;

    final String label;
    final byte[] der;

    private Pem(String label, byte[] der) {
        this.label = label;
        this.der = der;
    }

    /** All blocks; text between them is passed over. */
    static List<Pem> read(byte[] bytes) {
        List<Pem> blocks = new ArrayList<>();
        String label = null;
        StringBuilder base64 = new StringBuilder();
        for (String raw : new String(bytes, StandardCharsets.ISO_8859_1).split("[\r\n]+")) {
            String line = raw.trim();
            if (line.startsWith(BEGIN) && line.endsWith(DASHES) && line.length() > BEGIN.length() + DASHES.length()) {
                label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                base64.setLength(0);
            } else if (line.startsWith(END) && label != null) {
                blocks.add(new Pem(label, decoded(label, base64.toString())));
                label = null;
            } else if (label != null) {
                if (line.contains(":")) {
                    throw TdamException.configuration("the key is encrypted in the way of OpenSSL 0.9; convert it with `openssl pkcs8 -topk8`");
                }
                base64.append(line);
            }
        }
        if (label != null) {
            throw TdamException.configuration("the PEM block `" + label + "` has no end; the file is incomplete");
        }
        return blocks;
    }

    private static byte[] decoded(String label, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw TdamException.configuration("the PEM block `" + label + "` is damaged", e);
        }
    }

    static String write(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encodeToString(der);
        return BEGIN + label + DASHES + "\n" + base64 + "\n" + END + label + DASHES + "\n";
    }
}
