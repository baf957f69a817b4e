import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Takes the examples out of the guide and the javadoc, so that a test can run them.
 *
 * <p>Arguments: README, its twin, the folder of sources, the folder to write to, and replacements such as {@code 8443=21443}. Written are {@code run.sh}
 * with the commands of the guide in order, its programs, and {@code Fragments.java}, which runs every other example.
 */
public final class ExtractExamples {
    private static final Pattern BLOCK = Pattern.compile("(?m)^```(\\w+)([^\n]*)\n(.*?)^```$|^<!-- prints\n(.*?)^-->$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern JAVADOC = Pattern.compile("<pre>\\{@code\n(.*?)\\}</pre>", Pattern.DOTALL);
    /** Examples that make files or need a code: compiled, and run by the programs of the guide. */
    private static final List<String> COMPILED_ONLY = List.of("enrollment", "requestCertificate", "renew(", "\"certificate.p12\"", "exchange.example",
            "submission=3", "inProgress");

    private final StringBuilder script = new StringBuilder("set -eu\n");
    private final StringBuilder fragments = new StringBuilder();
    private final StringBuilder calls = new StringBuilder();
    private final Path out;
    private int number;

    private ExtractExamples(Path out) {
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        String[] texts = {Files.readString(Path.of(arguments[0])), Files.readString(Path.of(arguments[1]))};
        if (!code(texts[0]).equals(code(texts[1]))) {
            throw new IOException("the examples of the two languages differ");
        }
        ExtractExamples examples = new ExtractExamples(Path.of(arguments[3]));
        examples.guide(texts[0]);
        try (Stream<Path> sources = Files.walk(Path.of(arguments[2]))) {
            for (Path source : sources.filter(file -> file.toString().endsWith(".java")).sorted().collect(Collectors.toList())) {
                examples.javadoc(source.getFileName().toString(), Files.readString(source));
            }
        }
        examples.write(List.of(arguments).subList(4, arguments.length));
    }

    private static List<String> code(String text) {
        return BLOCK.matcher(text).results().map(block -> block.group()).collect(Collectors.toList());
    }

    private void guide(String text) throws IOException {
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            String options = blocks.group(2) == null ? "" : blocks.group(2).trim();
            if (blocks.group(4) != null) {
                for (String line : blocks.group(4).split("\n")) {
                    script.append("grep -qF -- '").append(line).append("' printed || { cat printed; echo 'not printed: ").append(line).append("' >&2; exit 1; }\n");
                }
            } else if (blocks.group(1).equals("sh") && options.equals("background")) {
                script.append(blocks.group(3).trim()).append(" >sandbox.log 2>&1 &\necho $! >sandbox.pid\nwait_for_sandbox\n");
            } else if (blocks.group(1).equals("sh") && !options.startsWith("not-run:")) {
                script.append("{\n").append(blocks.group(3)).append("} >printed 2>&1 || { cat printed; exit 1; }\n");
            } else if (blocks.group(1).equals("java") && options.startsWith("file=")) {
                Files.writeString(out.resolve(options.substring("file=".length())), blocks.group(3));
            } else if (blocks.group(1).equals("java")) {
                fragment("guide", blocks.group(3), true);
            }
        }
    }

    private void javadoc(String file, String text) {
        Matcher blocks = JAVADOC.matcher(text);
        while (blocks.find()) {
            String code = blocks.group(1).replaceAll("(?m)^ *\\* ?", "").replace("&gt;", ">");
            fragment(file, code, COMPILED_ONLY.stream().noneMatch(code::contains));
        }
    }

    private void fragment(String where, String code, boolean isRun) {
        String name = "example" + ++number;
        fragments.append("    /* ").append(where).append(" */\n    static void ").append(name).append("() throws Exception {\n").append(code).append("    }\n");
        if (isRun) {
            calls.append("        run(\"").append(where).append(' ').append(number).append("\", Fragments::").append(name).append(");\n");
        }
    }

    private void write(List<String> replacements) throws IOException {
        String imports = Stream.of("java.io.*", "java.net.URI", "java.nio.file.*", "java.time.*", "java.util.*", "lv.tdam.client.*")
                .map(name -> "import " + name + ";\n").collect(Collectors.joining());
        Files.writeString(out.resolve("Fragments.java"), imports + "class Fragments {\n    interface Example { void run() throws Exception; }\n"
                + "    static TdamClient client;\n    static Enrollment enrollment;\n    static InProgress inProgress;\n    static String code = \"aaaa\";\n"
                + "    static byte[] body = {1};\n    static Path user = Path.of(\"tdam-sandbox/users/daugava-accounting\");\n"
                + "    static void run(String name, Example example) throws Exception {\n        System.out.println(\"--- \" + name);\n        example.run();\n    }\n"
                + fragments + "    public static void main(String[] arguments) throws Exception {\n"
                + "        client = TdamClient.builder().url(\"https://127.0.0.1:8443\").authority(Path.of(\"tdam-sandbox/pki/ca.pem\"))\n"
                + "                .identity(Identity.pem(user.resolve(\"certificate.pem\"), user.resolve(\"key.pem\"))).signSubmissions(true).build();\n"
                + calls + "        System.out.println(\"all " + number + " examples compile, and those that run have run\");\n    }\n}\n");
        Files.writeString(out.resolve("run.sh"), script);
        List<Path> written = new ArrayList<>();
        try (Stream<Path> files = Files.list(out)) {
            files.filter(file -> file.toString().matches(".*\\.(java|sh)")).forEach(written::add);
        }
        for (Path file : written) {
            String text = Files.readString(file);
            for (String replacement : replacements) {
                String[] pair = replacement.split("=", 2);
                text = text.replace(pair[0], pair[1]);
            }
            Files.writeString(file, text);
        }
    }
}
