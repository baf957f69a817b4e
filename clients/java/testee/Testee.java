import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import lv.tdam.client.TdamException;

/** Testee of the conformance suite (conformance/PROTOCOL.md): a step a line in, an answer a line out. */
public final class Testee {
    private static final PrintStream OUT = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8);

    private final Map<String, ExecutorService> lines = new ConcurrentHashMap<>();
    private final Steps steps = new Steps();

    private Testee() {
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        new Testee().serve();
        System.exit(0);
    }

    private void serve() throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (!line.isBlank()) {
                Step step = new Step(TesteeJson.read(line));
                // The steps of one client one after the other; those of others beside them.
                lines.computeIfAbsent(step.text("client", ""), name -> Executors.newSingleThreadExecutor()).execute(() -> answer(step));
            }
        }
        for (ExecutorService line : lines.values()) {
            line.shutdown();
        }
        for (ExecutorService line : lines.values()) {
            line.awaitTermination(1, TimeUnit.HOURS);
        }
    }

    private void answer(Step step) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", step.number("id", 0));
        try {
            answer.put("ok", steps.run(step));
        } catch (TdamException e) {
            answer.put("error", Steps.error(e));
        } catch (UnsupportedOperationException e) {
            answer.put("unsupported", String.valueOf(e.getMessage()));
        } catch (Exception | Error e) {
            e.printStackTrace();
            answer.put("error", Map.of("kind", "unexpected", "attempts", 1, "message", "the testee failed: " + e));
        }
        String line = TesteeJson.write(answer);
        synchronized (OUT) {
            OUT.println(line);
        }
    }
}
