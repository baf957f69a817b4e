package lv.tdam.client;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259) without a library, because a dependency of ours would clash with one of our users.
 *
 * <p>An object becomes a {@link Map}, an array a {@link List}, a number a {@link BigDecimal}. What comes from outside is bounded: depth
 * and digits by constants, everything else by the length that the caller has read at most.
 */
final class Json {
    /** Deepest nesting that is read. */
    static final int DEPTH_MAX = 64;
    /** Longest number that is read, in characters. */
    static final int NUMBER_CHARS_MAX = 64;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** A text that is no JSON, and where it stops to be. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String what, int at) {
            super(what + " at character " + at);
        }
    }

    static Object read(byte[] bytes) throws Malformed {
        try {
            return read(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            throw new Malformed("bytes that are not UTF-8", 0);
        }
    }

    static Object read(String text) throws Malformed {
        Json json = new Json(text);
        json.skipSpace();
        Object value = json.value(0);
        json.skipSpace();
        if (json.at < text.length()) {
            throw json.malformed("something after the value");
        }
        return value;
    }

    private Object value(int depth) throws Malformed {
        if (depth > DEPTH_MAX) {
            throw malformed("nesting deeper than " + DEPTH_MAX);
        }
        switch (peek()) {
            case '{':
                return object(depth);
            case '[':
                return array(depth);
            case '"':
                return string();
            case 't':
                return word("true", Boolean.TRUE);
            case 'f':
                return word("false", Boolean.FALSE);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    private Map<String, Object> object(int depth) throws Malformed {
        Map<String, Object> members = new LinkedHashMap<>();
        at++;
        skipSpace();
        if (peek() == '}') {
            at++;
            return members;
        }
        while (true) {
            skipSpace();
            String name = string();
            skipSpace();
            expect(':');
            skipSpace();
            if (members.containsKey(name)) {
                throw malformed("a member that occurs twice");
            }
            members.put(name, value(depth + 1));
            skipSpace();
            if (next() == '}') {
                return members;
            }
            at--;
            expect(',');
        }
    }

    private List<Object> array(int depth) throws Malformed {
        List<Object> items = new ArrayList<>();
        at++;
        skipSpace();
        if (peek() == ']') {
            at++;
            return items;
        }
        while (true) {
            skipSpace();
            items.add(value(depth + 1));
            skipSpace();
            if (next() == ']') {
                return items;
            }
            at--;
            expect(',');
        }
    }

    private String string() throws Malformed {
        expect('"');
        StringBuilder out = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return wellFormed(out.toString());
            }
            if (c < ' ') {
                throw malformed("a control character in a text");
            }
            out.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() throws Malformed {
        char c = next();
        switch (c) {
            case '"':
            case '\\':
            case '/':
                return c;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    char hex = next();
                    int digit = hex < 128 ? Character.digit(hex, 16) : -1;
                    if (digit < 0) {
                        throw malformed("an escape that is no character");
                    }
                    code = code * 16 + digit;
                }
                return (char) code;
            default:
                throw malformed("an escape that is unknown");
        }
    }

    private String wellFormed(String value) throws Malformed {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean isPair = Character.isHighSurrogate(c) && i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1));
            if (isPair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw malformed("half of a character");
            }
        }
        return value;
    }

    private BigDecimal number() throws Malformed {
        int begin = at;
        if (at < text.length() && text.charAt(at) == '-') {
            at++;
        }
        int whole = at;
        int digits = digits();
        if (digits == 0 || digits > 1 && text.charAt(whole) == '0') {
            throw malformed("something that is no value");
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            requireDigits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            requireDigits();
        }
        if (at - begin > NUMBER_CHARS_MAX) {
            throw malformed("a number longer than " + NUMBER_CHARS_MAX + " characters");
        }
        try {
            return new BigDecimal(text.substring(begin, at));
        } catch (NumberFormatException e) {
            throw malformed("a number with an exponent that is too large");
        }
    }

    private int digits() {
        int begin = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - begin;
    }

    private void requireDigits() throws Malformed {
        if (digits() == 0) {
            throw malformed("a number without digits");
        }
    }

    private Object word(String word, Object value) throws Malformed {
        if (!text.startsWith(word, at)) {
            throw malformed("something that is no value");
        }
        at += word.length();
        return value;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws Malformed {
        if (at >= text.length()) {
            throw malformed("the end too early");
        }
        return text.charAt(at);
    }

    private char next() throws Malformed {
        char c = peek();
        at++;
        return c;
    }

    private void expect(char wanted) throws Malformed {
        if (next() != wanted) {
            at--;
            throw malformed("no `" + wanted + "`");
        }
    }

    private Malformed malformed(String what) {
        return new Malformed(what, at);
    }
}
