import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lv.tdam.client.Body;

/** A step of the suite. */
final class Step {
    private final Map<?, ?> members;

    Step(Map<?, ?> members) {
        this.members = members;
    }

    boolean has(String name) {
        return members.get(name) != null;
    }

    String text(String name) {
        if (!has(name)) {
            throw new IllegalArgumentException("the step lacks `" + name + "`");
        }
        return members.get(name).toString();
    }

    String text(String name, String otherwise) {
        return has(name) ? text(name) : otherwise;
    }

    Path path(String name) {
        return Path.of(text(name));
    }

    long number(String name, long otherwise) {
        return has(name) ? ((Number) members.get(name)).longValue() : otherwise;
    }

    Optional<Duration> millis(String name) {
        return has(name) ? Optional.of(Duration.ofMillis(number(name, 0))) : Optional.empty();
    }

    boolean is(String name, boolean otherwise) {
        return has(name) ? (Boolean) members.get(name) : otherwise;
    }

    Step object(String name) {
        return new Step(has(name) ? (Map<?, ?>) members.get(name) : Map.of());
    }

    List<?> list(String name) {
        return has(name) ? (List<?>) members.get(name) : List.of();
    }

    /** The body, given to the library as the step says. */
    Body body() throws IOException {
        Step body = object("body");
        if (body.has("file")) {
            return Body.file(body.path("file"));
        }
        if (body.has("bytes")) {
            return Body.bytes(Files.readAllBytes(body.path("bytes")));
        }
        return Body.stream(Files.newInputStream(body.path("stream")));
    }
}
