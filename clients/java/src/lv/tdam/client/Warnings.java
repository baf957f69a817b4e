package lv.tdam.client;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Tells each warning once: code and last day, not the days left, which fall daily. */
final class Warnings {
    private final Consumer<Warning> listener;
    private final Set<String> told = new HashSet<>();
    private List<Warning> latest = List.of();

    Warnings(Consumer<Warning> listener) {
        this.listener = listener;
    }

    void hear(List<String> fields) {
        List<Warning> heard = Warning.read(fields);
        List<Warning> news = new ArrayList<>();
        synchronized (this) {
            for (Warning warning : heard) {
                if (told.size() < Bounds.WARNINGS_MAX && told.add(warning.code() + warning.ends())) {
                    news.add(warning);
                }
            }
            latest = List.copyOf(heard);
        }
        news.forEach(warning -> Hooks.tell(listener, warning));
    }

    synchronized List<Warning> latest() {
        return latest;
    }
}
