package lv.tdam.client;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * An object of an answer. A member that is missing has its default, one of another type is an error: the exchange extends its answers
 * and never changes them.
 */
final class JsonObject {
    private final Map<?, ?> members;

    private JsonObject(Map<?, ?> members) {
        this.members = members;
    }

    static JsonObject empty() {
        return new JsonObject(Map.of());
    }

    static JsonObject read(byte[] bytes) {
        try {
            return of(Json.read(bytes));
        } catch (Json.Malformed e) {
            throw unreadable(e.getMessage());
        }
    }

    private static JsonObject of(Object value) {
        if (value instanceof Map) {
            return new JsonObject((Map<?, ?>) value);
        }
        throw unreadable("an object was expected");
    }

    boolean has(String name) {
        return members.get(name) != null;
    }

    String text(String name) {
        return textIfAny(name).orElse("");
    }

    Optional<String> textIfAny(String name) {
        return member(name, String.class);
    }

    boolean is(String name) {
        return member(name, Boolean.class).orElse(false);
    }

    long number(String name) {
        return numberIfAny(name).orElse(0);
    }

    OptionalLong numberIfAny(String name) {
        Optional<BigDecimal> number = member(name, BigDecimal.class);
        if (number.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            // The scale is bounded first: a small text may stand for a number of a billion digits.
            if (Math.abs((long) number.get().scale()) <= Json.NUMBER_CHARS_MAX) {
                return OptionalLong.of(number.get().longValueExact());
            }
        } catch (ArithmeticException e) {
            // Told below.
        }
        throw unreadable("`" + name + "` is no whole number of 64 bits");
    }

    JsonObject object(String name) {
        return objectIfAny(name).orElseGet(JsonObject::empty);
    }

    Optional<JsonObject> objectIfAny(String name) {
        return member(name, Map.class).map(JsonObject::of);
    }

    <T> List<T> list(String name, Function<JsonObject, T> item) {
        List<T> items = new ArrayList<>();
        for (Object value : member(name, List.class).orElse(List.of())) {
            items.add(item.apply(of(value)));
        }
        return List.copyOf(items);
    }

    List<String> texts(String name) {
        List<String> items = new ArrayList<>();
        for (Object value : member(name, List.class).orElse(List.of())) {
            if (!(value instanceof String)) {
                throw unreadable("`" + name + "` holds something that is no text");
            }
            items.add((String) value);
        }
        return List.copyOf(items);
    }

    private <T> Optional<T> member(String name, Class<T> type) {
        Object value = members.get(name);
        if (value != null && !type.isInstance(value)) {
            throw unreadable("`" + name + "` is of another type");
        }
        return Optional.ofNullable(type.cast(value));
    }

    private static TdamException unreadable(String what) {
        return TdamException.unexpected("the answer is not what this library expects (" + what + "); is the address that of an exchange?");
    }

    @Override
    public String toString() {
        return members.toString();
    }
}
