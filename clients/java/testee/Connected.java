import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import lv.tdam.client.ClientBuilder;
import lv.tdam.client.Identity;
import lv.tdam.client.TdamClient;
import lv.tdam.client.TlsVersion;
import lv.tdam.client.Warning;

/** A client as a step connected it, with what its callbacks were told. */
final class Connected {
    final TdamClient client;
    final List<Warning> warnings;
    final List<String> log;

    private Connected(TdamClient client, List<Warning> warnings, List<String> log) {
        this.client = client;
        this.warnings = warnings;
        this.log = log;
    }

    static Connected of(Step step) throws IOException {
        List<Warning> warnings = Collections.synchronizedList(new ArrayList<>());
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        boolean isBytes = step.text("from", "file").equals("bytes");
        ClientBuilder builder = TdamClient.builder().url(step.text("url")).signSubmissions(step.is("sign", false))
                .onWarning(warnings::add).onLog(event -> log.add(event.toString()));
        if (isBytes) {
            builder.authority(Files.readAllBytes(step.path("authority")));
        } else {
            builder.authority(step.path("authority"));
        }
        for (Object one : step.list("identities")) {
            builder.identity(identity(new Step((Map<?, ?>) one), isBytes));
        }
        return new Connected(with(builder, step.object("options")).build(), warnings, log);
    }

    private static Identity identity(Step files, boolean isBytes) throws IOException {
        if (files.has("pkcs12")) {
            Path file = files.path("pkcs12");
            char[] password = files.text("password", "").toCharArray();
            return isBytes ? Identity.pkcs12(Files.readAllBytes(file), password) : Identity.pkcs12(file, password);
        }
        Path certificate = files.path("certificate");
        Path key = files.path("key");
        return isBytes ? Identity.pem(Files.readAllBytes(certificate), Files.readAllBytes(key)) : Identity.pem(certificate, key);
    }

    private static ClientBuilder with(ClientBuilder builder, Step options) {
        options.millis("connect_timeout_ms").ifPresent(builder::connectTimeout);
        options.millis("idle_timeout_ms").ifPresent(builder::idleTimeout);
        options.millis("call_timeout_ms").ifPresent(builder::callTimeout);
        options.millis("first_pause_ms").ifPresent(builder::firstPause);
        options.millis("pause_max_ms").ifPresent(builder::pauseMax);
        if (options.has("attempts_max")) {
            builder.attemptsMax((int) options.number("attempts_max", 1));
        }
        if (options.text("tls_max", "").equals("1.2")) {
            builder.tlsMax(TlsVersion.TLS_1_2);
        }
        if (options.has("user_agent")) {
            builder.userAgent(options.text("user_agent"));
        }
        return builder.compression(options.is("compression", true));
    }
}
