package lv.tdam.client;

/** Lower-case hexadecimal digits; {@code java.util.HexFormat} came with Java 17. */
final class Hex {
    private static final String DIGITS = "0123456789abcdef";

    private Hex() {
    }

    static String of(byte[] bytes) {
        StringBuilder out = new StringBuilder(bytes.length * 2);
        for (byte b : bytes) {
            out.append(DIGITS.charAt(b >> 4 & 15)).append(DIGITS.charAt(b & 15));
        }
        return out.toString();
    }
}
