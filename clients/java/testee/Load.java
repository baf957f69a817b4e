import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lv.tdam.client.Body;
import lv.tdam.client.SubmitOptions;
import lv.tdam.client.TdamClient;
import lv.tdam.client.TdamException;

/** Many messages over many connections, with a renewal in the middle if the step wants one. */
final class Load {
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(30);

    private final TdamClient client;
    private final Step step;
    private final Map<String, Object> answers = new TreeMap<>();
    private final Map<String, Object> failed = new TreeMap<>();
    private final AtomicLong answered = new AtomicLong();

    Load(TdamClient client, Step step) {
        this.client = client;
        this.step = step;
    }

    Map<String, Object> run() throws IOException, InterruptedException, ExecutionException {
        List<Path> files;
        try (Stream<Path> all = Files.list(step.path("folder"))) {
            files = all.sorted().collect(Collectors.toList());
        }
        ExecutorService connections = Executors.newFixedThreadPool((int) step.number("connections", 1));
        ExecutorService renewal = Executors.newSingleThreadExecutor();
        List<Future<?>> running = new ArrayList<>();
        for (Path file : files) {
            running.add(connections.submit(() -> {
                send(file);
                if (answered.incrementAndGet() == step.number("renew_after", -1)) {
                    running(renewal);
                }
                return null;
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        connections.shutdown();
        renewal.submit(() -> { }).get();
        renewal.shutdown();
        return Steps.members("sent", files.size(), "answers", answers, "failed", failed);
    }

    /** Renews while messages go on. */
    private void running(ExecutorService renewal) {
        renewal.submit(() -> {
            try {
                client.renew();
                Files.createFile(step.path("renewed_file"));
            } catch (TdamException e) {
                put(failed, "renew", Steps.error(e));
            }
            return null;
        });
    }

    private void send(Path file) throws Exception {
        String name = file.getFileName().toString();
        try {
            byte[] xml = client.submitAndWait(Body.file(file), SubmitOptions.defaults(), ANSWER_TIMEOUT).xml();
            put(answers, name, Steps.sha256(xml));
        } catch (TdamException e) {
            put(failed, name, Steps.error(e));
        }
    }

    private synchronized void put(Map<String, Object> where, String name, Object what) {
        where.put(name, what);
    }
}
