package lv.tdam.client;

import static lv.tdam.client.Check.equal;
import static lv.tdam.client.Check.test;
import static lv.tdam.client.Check.thrown;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** JSON as RFC 8259 has it, and nothing else. */
final class JsonTest {
    private JsonTest() {
    }

    static void add() {
        test("JSON values are read as they are", () -> {
            equal(Map.of("a", List.of(new BigDecimal("1"), new BigDecimal("-2.5e3"), true), "b", Map.of()),
                    Json.read(" {\"a\" : [1, -2.5e3,true ] ,\r\n\t\"b\":{}}\n"));
            equal("ā\"\\/\b\f\n\r\t\uD83D\uDE00", Json.read("\"\\u0101\\\"\\\\\\/\\b\\f\\n\\r\\t\\ud83d\\ude00\""));
            equal(null, Json.read("null"));
        });
        test("what is no JSON is refused", () -> {
            for (String text : List.of("", " ", "{", "[1,]", "[1 2]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "01", "1.", ".5", "-", "+1", "1e", "1e+",
                    "\"", "\"\t\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ude00\\ud83d\"", "tru", "nul", "NaN", "1 1", "{\"a\":1,\"a\":2}",
                    "'a'", "[1]]", "\u00a01")) {
                thrown(Json.Malformed.class, () -> Json.read(text));
            }
            thrown(Json.Malformed.class, () -> Json.read(new byte[] {'"', (byte) 0xc3, '"'}));
            thrown(Json.Malformed.class, () -> Json.read("\ufeff{}".getBytes(StandardCharsets.UTF_8)));
        });
        test("JSON is bounded in depth and digits", () -> {
            Json.read("[".repeat(Json.DEPTH_MAX) + "]".repeat(Json.DEPTH_MAX));
            thrown(Json.Malformed.class, () -> Json.read("[".repeat(Json.DEPTH_MAX + 2) + "]".repeat(Json.DEPTH_MAX + 2)));
            thrown(Json.Malformed.class, () -> Json.read("[".repeat(1_000_000)));
            Json.read("1".repeat(Json.NUMBER_CHARS_MAX));
            thrown(Json.Malformed.class, () -> Json.read("1".repeat(Json.NUMBER_CHARS_MAX + 1)));
            thrown(Json.Malformed.class, () -> Json.read("1e99999999999"));
        });
        test("a member may be missing or unknown, but not of another type", () -> {
            JsonObject json = object("{\"new\":{\"x\":1},\"text\":\"t\",\"number\":7,\"far\":1e999999999,\"half\":1.5,\"items\":[{\"a\":\"b\"}],\"none\":null}");
            equal("t", json.text("text"));
            equal("", json.text("absent"));
            equal(false, json.textIfAny("none").isPresent());
            equal(7L, json.number("number"));
            equal(OptionalLong.empty(), json.numberIfAny("absent"));
            equal(List.of("b"), json.list("items", item -> item.text("a")));
            Check.fails(ErrorKind.UNEXPECTED, "`number`", () -> json.text("number"));
            Check.fails(ErrorKind.UNEXPECTED, "`text`", () -> json.number("text"));
            Check.fails(ErrorKind.UNEXPECTED, "`half`", () -> json.number("half"));
            Check.fails(ErrorKind.UNEXPECTED, "`far`", () -> json.number("far"));
            Check.fails(ErrorKind.UNEXPECTED, "an object was expected", () -> object("[]"));
        });
        test("bytes that are cut off anywhere are refused, never misread", () -> {
            byte[] whole = "{\"a\":[1,{\"b\":\"\\u0101\"}],\"c\":true}".getBytes(StandardCharsets.UTF_8);
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                thrown(Json.Malformed.class, () -> Json.read(cut));
            }
        });
    }

    static JsonObject object(String text) {
        return JsonObject.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
