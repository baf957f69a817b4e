import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import lv.tdam.client.Account;
import lv.tdam.client.CatalogueEntry;
import lv.tdam.client.Enrollment;
import lv.tdam.client.ErrorKind;
import lv.tdam.client.Finding;
import lv.tdam.client.Heartbeat;
import lv.tdam.client.InProgress;
import lv.tdam.client.KeyKind;
import lv.tdam.client.Language;
import lv.tdam.client.MessageOverview;
import lv.tdam.client.PaymentAnswer;
import lv.tdam.client.Problem;
import lv.tdam.client.Quota;
import lv.tdam.client.Quotas;
import lv.tdam.client.RefusedPayment;
import lv.tdam.client.ReportPage;
import lv.tdam.client.ReportPages;
import lv.tdam.client.SignatureCheck;
import lv.tdam.client.Submission;
import lv.tdam.client.SubmitOptions;
import lv.tdam.client.TdamClient;
import lv.tdam.client.TdamException;
import lv.tdam.client.Warning;

/** What each step does with the library. */
final class Steps {
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(30);

    private final Map<String, Connected> clients = new ConcurrentHashMap<>();

    Map<String, Object> run(Step step) throws Exception {
        String what = step.text("do");
        switch (what) {
            case "hello":
                return members("library", "tdam-java", "version", TdamClient.VERSION, "runtime", "Java " + System.getProperty("java.version"),
                        "protocol", 1);
            case "connect":
                clients.put(step.text("client"), Connected.of(step));
                return members();
            case "memory":
                return memory();
            case "enroll":
            case "enroll_key_store":
                return enroll(what, step);
            default:
                return ofClient(what, step);
        }
    }

    private Map<String, Object> ofClient(String what, Step step) throws Exception {
        Connected connected = clients.get(step.text("client"));
        if (connected == null) {
            throw new IllegalArgumentException("there is no client of this name");
        }
        TdamClient client = connected.client;
        switch (what) {
            case "heartbeat":
                return heartbeat(client.heartbeat());
            case "submit":
                return submit(client, step);
            case "wait_for_answer":
                return answer(client.waitForAnswer(InProgress.at(step.text("location")), step.millis("timeout_ms").orElse(ANSWER_TIMEOUT)), step);
            case "status":
                return status(client, step);
            case "report":
                return report(client, step);
            case "accounts":
                return accounts(client);
            case "quotas":
                return quotas(client.quotas());
            case "errors":
                return errors(client, step);
            case "check_signature":
                return signature(client.checkSignature(step.body()));
            case "renew":
                return renewed(step.has("key_kind") ? client.renew(kind(step.text("key_kind"))) : client.renew());
            case "reload":
                client.reload();
                return members();
            case "warnings":
                return warnings(connected);
            case "log":
                return members("lines", List.copyOf(connected.log));
            case "load":
                return new Load(client, step).run();
            case "close":
                clients.remove(step.text("client"));
                client.close();
                return members();
            default:
                throw new UnsupportedOperationException("this testee knows no step `" + what + "`");
        }
    }

    private static Map<String, Object> heartbeat(Heartbeat heartbeat) {
        return members("online_user", heartbeat.onlineUser(), "client", heartbeat.client(), "business_day", heartbeat.businessDay(),
                "certificate_days_left", heartbeat.certificateDaysLeft(), "certificate_until", heartbeat.certificateUntil());
    }

    private static Map<String, Object> submit(TdamClient client, Step step) throws IOException, GeneralSecurityException {
        SubmitOptions options = SubmitOptions.defaults().test(step.is("test", false));
        if (step.has("wait_ms")) {
            options = options.wait(step.millis("wait_ms").get());
        }
        if (step.has("language")) {
            options = options.language(step.text("language").equals("lv") ? Language.LATVIAN : Language.ENGLISH);
        }
        if (step.has("request_id")) {
            options = options.requestId(step.text("request_id"));
        }
        if (step.is("complete", false)) {
            return answer(client.submitAndWait(step.body(), options, step.millis("timeout_ms").orElse(ANSWER_TIMEOUT)), step);
        }
        Submission submission = client.submit(step.body(), options);
        if (submission.isAnswered()) {
            return answer(submission.answer().get(), step);
        }
        InProgress message = submission.inProgress().get();
        return members("outcome", "in_progress", "location", message.location(), "retry_after_ms", message.retryAfter().toMillis());
    }

    private static Map<String, Object> answer(PaymentAnswer answer, Step step) throws IOException, GeneralSecurityException {
        if (step.has("save_to")) {
            Files.write(step.path("save_to"), answer.xml());
        }
        return members("outcome", "answer", "repeated", answer.isRepeated(), "message_type", answer.messageType(), "sha256",
                sha256(answer.xml()), "group_status", answer.groupStatus(), "request_id", answer.requestId());
    }

    private static Map<String, Object> status(TdamClient client, Step step) throws IOException, GeneralSecurityException {
        if (step.text("form", "xml").equals("xml")) {
            try (lv.tdam.client.Document document = client.status(step.text("msg_id"))) {
                if (step.has("save_to")) {
                    document.saveTo(step.path("save_to"));
                }
                return members("message_type", document.messageType(), "sha256", sha256(document.stream()), "group_status", groupStatus(document));
            }
        }
        MessageOverview overview = client.statusOverview(step.text("msg_id"), Language.ENGLISH);
        List<Object> refused = new ArrayList<>();
        for (RefusedPayment payment : overview.refused()) {
            refused.add(members("end_to_end_id", payment.endToEndId(), "code", payment.reason().code(), "reason", payment.reason().isoReason()));
        }
        return members("msg_id", overview.messageId(), "group_status", overview.status(), "payments", overview.numberOfTransactions(),
                "refused", refused);
    }

    private static String groupStatus(lv.tdam.client.Document document) throws IOException {
        try (InputStream in = document.stream()) {
            String head = new String(in.readNBytes(16 << 10), StandardCharsets.UTF_8);
            int at = head.indexOf("<GrpSts>");
            return at < 0 ? "" : head.substring(at + 8, at + 12);
        }
    }

    private static Map<String, Object> report(TdamClient client, Step step) throws IOException, GeneralSecurityException {
        List<Object> digests = new ArrayList<>();
        Path folder = step.has("save_to") ? Files.createDirectories(step.path("save_to")) : null;
        try (ReportPages pages = client.requestReport(step.body())) {
            while (pages.hasNext()) {
                try (ReportPage page = pages.next()) {
                    digests.add(sha256(page.document().stream()));
                    if (folder != null) {
                        page.document().saveTo(folder.resolve(digests.size() + ".xml"));
                    }
                }
            }
        }
        return members("pages", digests.size(), "sha256", digests, "balances_chain", true);
    }

    private static Map<String, Object> accounts(TdamClient client) {
        List<Object> accounts = new ArrayList<>();
        for (Account account : client.accounts()) {
            accounts.add(members("iban", account.iban(), "currency", account.currency(), "booked", account.bookedBalance(), "available",
                    account.available()));
        }
        return members("accounts", accounts);
    }

    private static Map<String, Object> quotas(Quotas quotas) {
        return members("requests_left", quotas.requests().map(Quota::left), "bytes_left", quotas.bytes().map(Quota::left));
    }

    private static Map<String, Object> errors(TdamClient client, Step step) {
        List<CatalogueEntry> entries = client.errors();
        if (!step.has("code")) {
            return members("count", entries.size());
        }
        CatalogueEntry entry = entries.stream().filter(one -> one.code().equals(step.text("code"))).findFirst().orElseThrow();
        return members("count", entries.size(), "code", entry.code(), "titles", members("lv", entry.texts(Language.LATVIAN).title(), "en",
                entry.texts(Language.ENGLISH).title()));
    }

    private static Map<String, Object> signature(SignatureCheck check) {
        List<Object> steps = new ArrayList<>();
        for (SignatureCheck.Step one : check.steps()) {
            steps.add(members("step", one.step(), "passed", one.isPassed()));
        }
        return members("valid", check.isAccepted(), "steps", steps);
    }

    private static Map<String, Object> enroll(String what, Step step) {
        try (Enrollment enrollment = TdamClient.builder().url(step.text("url")).authority(step.path("authority"))
                .enrollment(step.text("code"))) {
            if (what.equals("enroll_key_store")) {
                enrollment.enrollKeyStore(step.path("pkcs12"));
                return members();
            }
            return members("serial", serial(enrollment.enroll(step.path("certificate"), step.path("key"), kind(step.text("key_kind", "p256")))));
        }
    }

    private static KeyKind kind(String name) {
        switch (name) {
            case "p384":
                return KeyKind.P384;
            case "rsa2048":
                return KeyKind.RSA_2048;
            case "rsa3072":
                return KeyKind.RSA_3072;
            default:
                return KeyKind.P256;
        }
    }

    private static Map<String, Object> renewed(X509Certificate certificate) {
        return members("serial", serial(certificate), "certificate_until", certificate.getNotAfter().toInstant());
    }

    private static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }

    private static Map<String, Object> warnings(Connected connected) {
        List<Object> warnings = new ArrayList<>();
        for (Warning warning : List.copyOf(connected.warnings)) {
            warnings.add(members("code", warning.code(), "what", warning.what(), "ends", warning.ends()));
        }
        return members("warnings", warnings);
    }

    static Map<String, Object> error(TdamException e) {
        Map<String, Object> error = members("kind", e.kind().name().toLowerCase(java.util.Locale.ROOT), "unauthorised", e.isUnauthorised(),
                "attempts", e.attempts(), "message", e.getMessage());
        if (e.problem().isPresent()) {
            Problem problem = e.problem().get();
            error.put("code", problem.code());
            error.put("status", problem.status());
            error.put("title", problem.title());
            error.put("titles", members("lv", problem.texts(Language.LATVIAN).title(), "en", problem.texts(Language.ENGLISH).title()));
            error.put("request_id", problem.requestId());
            OptionalLong seconds = problem.retryAfterSeconds();
            if (seconds.isPresent()) {
                error.put("retry_after_ms", seconds.getAsLong() * 1000);
            }
            List<Object> findings = new ArrayList<>();
            for (Finding finding : problem.findings()) {
                findings.add(members("code", finding.code(), "path", finding.path(), "line", finding.line()));
            }
            error.put("findings", findings);
        } else if (e.kind() == ErrorKind.TLS && !e.isUnauthorised()) {
            error.remove("unauthorised");
        }
        return error;
    }

    private static Map<String, Object> memory() throws IOException {
        Map<String, Object> memory = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            String[] words = line.split("\\s+");
            if (words[0].equals("VmRSS:")) {
                memory.put("resident_bytes", Long.parseLong(words[1]) * 1024);
            } else if (words[0].equals("VmHWM:")) {
                memory.put("peak_bytes", Long.parseLong(words[1]) * 1024);
            }
        }
        return memory;
    }

    static String sha256(byte[] bytes) throws GeneralSecurityException {
        return hex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    static String sha256(InputStream stream) throws IOException, GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (DigestInputStream in = new DigestInputStream(stream, digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return hex(digest.digest());
    }

    private static String hex(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        for (byte b : bytes) {
            out.append(String.format("%02x", b));
        }
        return out.toString();
    }

    /** An object of names and values in turn. */
    static Map<String, Object> members(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }
}
