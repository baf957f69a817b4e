package lv.tdam.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs the tests of the library's pure parts with the JDK alone: `java -cp … lv.tdam.client.Check`. */
final class Check {
    interface Test {
        void run() throws Exception;
    }

    private static final Map<String, Test> TESTS = new LinkedHashMap<>();

    private Check() {
    }

    static void test(String name, Test test) {
        if (TESTS.put(name, test) != null) {
            throw new AssertionError("two tests have the name `" + name + "`");
        }
    }

    public static void main(String[] arguments) {
        JsonTest.add();
        DerTest.add();
        CredentialsTest.add();
        SigningTest.add();
        RetriesTest.add();
        FilesTest.add();
        ReportsTest.add();
        TextsTest.add();
        List<String> failed = new ArrayList<>();
        TESTS.forEach((name, test) -> {
            long began = System.nanoTime();
            try {
                test.run();
                System.out.printf("ok %5d ms  %s%n", (System.nanoTime() - began) / 1_000_000, name);
            } catch (Exception | AssertionError e) {
                failed.add(name);
                System.out.println("FAILED  " + name);
                e.printStackTrace(System.out);
            }
        });
        System.out.println(TESTS.size() + " tests, " + failed.size() + " failed");
        System.exit(failed.isEmpty() ? 0 : 1);
    }

    static void equal(Object expected, Object found) {
        if (!Objects.deepEquals(expected, found)) {
            throw new AssertionError("expected " + expected + ", found " + found);
        }
    }

    static void that(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** The exception that something throws, which must be of this type. */
    static <T extends Throwable> T thrown(Class<T> type, Test test) {
        try {
            test.run();
        } catch (Throwable e) {
            if (type.isInstance(e)) {
                return type.cast(e);
            }
            throw new AssertionError("something else was thrown", e);
        }
        throw new AssertionError("nothing was thrown, not even " + type.getSimpleName());
    }

    /** An error of this kind, whose text says these words. */
    static void fails(ErrorKind kind, String words, Test test) {
        TdamException e = thrown(TdamException.class, test);
        equal(kind, e.kind());
        that(e.getMessage().contains(words), "`" + e.getMessage() + "` does not say `" + words + "`");
    }
}
