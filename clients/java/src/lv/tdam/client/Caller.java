package lv.tdam.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/** Makes calls: headers, attempts, pauses, time limits, and the meaning of the answer's status. */
final class Caller {
    /** Longest body for which the JDK's own time limit, which does not see bytes move, may stand behind ours. */
    private static final long SHORT_BODY_BYTES_MAX = 1 << 20;
    private static final Duration GRACE = Duration.ofSeconds(5);

    final Settings settings;
    private final Warnings warnings;
    private Identities identities;
    private Link link;
    private boolean isClosed;

    Caller(Settings settings) {
        this(settings, Identities.read(settings.identities), new Warnings(settings.onWarning));
    }

    /** Calls as somebody else than the settings say. Nobody is told of warnings: they concern the identity in use. */
    Caller(Settings settings, Credentials credentials) {
        this(settings, Identities.of(credentials), new Warnings(warning -> { }));
    }

    private Caller(Settings settings, Identities identities, Warnings warnings) {
        this.settings = settings;
        this.warnings = warnings;
        this.identities = identities;
        this.link = new Link(settings, identities.at(settings.clock.instant()));
    }

    Warnings warnings() {
        return warnings;
    }

    synchronized Optional<IdentityFiles> identityFiles() {
        return identities.filesAt(settings.clock.instant());
    }

    /** Reads the identities again; calls that run end with the connections that they have. */
    synchronized void reload() {
        identities = Identities.read(settings.identities);
        replace(new Link(settings, identities.at(settings.clock.instant())));
    }

    synchronized void close() {
        isClosed = true;
        replace(null);
    }

    /** Connections with the identity that counts now. */
    synchronized Link link() {
        if (isClosed) {
            throw TdamException.configuration("the client is closed; make another one");
        }
        Optional<Credentials> now = identities.at(settings.clock.instant());
        if (now.isPresent() && !now.get().isSameAs(link.credentials.orElse(null))) {
            replace(new Link(settings, now));
        }
        return link;
    }

    /** After a silence all connections are in doubt: a firewall may have forgotten them. */
    private synchronized void distrust(Link silent) {
        if (link == silent && !isClosed) {
            link = new Link(settings, silent.credentials);
        }
    }

    private void replace(Link next) {
        if (link != null) {
            link.shutdown();
        }
        link = next;
    }

    /** A path, or an address that the exchange gave, as an address of this exchange and of no other. */
    URI resolve(String target) {
        URI resolved;
        try {
            resolved = settings.url.resolve(target);
        } catch (IllegalArgumentException e) {
            throw TdamException.unexpected("the exchange names something that is no address: " + target, e);
        }
        boolean isHere = settings.url.getScheme().equalsIgnoreCase(resolved.getScheme())
                && settings.url.getHost().equalsIgnoreCase(resolved.getHost()) && port(settings.url) == port(resolved);
        if (!isHere) {
            throw TdamException.unexpected("the exchange names an address elsewhere: " + target);
        }
        return resolved;
    }

    private static int port(URI url) {
        return url.getPort() < 0 ? 443 : url.getPort();
    }

    /** Makes the call, again where that makes sense. */
    Reply call(Call call) {
        return call(call, Deadline.in(settings.callTimeout));
    }

    Reply call(Call call, Deadline deadline) {
        if (call.body == null) {
            return attempts(call, null, deadline);
        }
        try (Body.Prepared body = call.body.prepare()) {
            return attempts(call, body, deadline);
        }
    }

    private Reply attempts(Call call, Body.Prepared body, Deadline deadline) {
        Retries retries = settings.retries();
        byte[] digest = null;
        for (int attempt = 1;; attempt++) {
            TdamException failure;
            Link current = link();
            try {
                if (digest == null && body != null && call.isSubmission && current.signer.isPresent()) {
                    digest = RequestSigner.digest(body);
                }
                log(LogEvent.Kind.ATTEMPT, call, attempt, "", null);
                Reply reply = new Attempt(call, body, digest, current, deadline).run();
                log(LogEvent.Kind.OUTCOME, call, attempt, "status " + reply.status, null);
                return reply;
            } catch (TdamException e) {
                failure = e.after(attempt);
            }
            Optional<Duration> pause = call.isOnce ? Optional.empty() : pause(retries, failure, attempt);
            if (isOfReplaced(failure, current) && !call.isOnce) {
                pause = retries.pauseAfter(attempt, Duration.ZERO);
            }
            if (pause.isEmpty() || Thread.currentThread().isInterrupted() || deadline.nanosLeft() <= Deadline.nanos(pause.get())) {
                log(LogEvent.Kind.OUTCOME, call, attempt, failure.kind() + ": " + failure.getMessage(), null);
                throw failure;
            }
            log(LogEvent.Kind.PAUSE, call, attempt, failure.kind() + ": " + failure.getMessage(), pause.get());
            if (!deadline.sleeps(pause.get())) {
                throw failure;
            }
        }
    }

    /** The caller was not accepted, and is another one by now: a renewal replaced the identity while the call was on its way. */
    private boolean isOfReplaced(TdamException failure, Link used) {
        boolean isOfCaller = failure.problem().map(problem -> problem.status() == 401).orElse(failure.isUnauthorised());
        return isOfCaller && link() != used;
    }

    /** A message that the exchange works on is a reason to ask again as long as the call may take; another failure counts attempts. */
    private static Optional<Duration> pause(Retries retries, TdamException failure, int attempt) {
        Optional<Duration> asked = failure.retryAfter();
        if (asked.isPresent() && failure.problem().map(Problem::isInProgress).orElse(false)) {
            return Optional.of(retries.pause(attempt, asked.get()));
        }
        return asked.flatMap(atLeast -> retries.pauseAfter(attempt, atLeast));
    }

    private void log(LogEvent.Kind kind, Call call, int attempt, String text, Duration pause) {
        Hooks.tell(settings.onLog, new LogEvent(kind, call.method, call.target, attempt, text, pause));
    }

    /** One attempt of a call. */
    private final class Attempt {
        private final Call call;
        private final Body.Prepared body;
        private final byte[] digest;
        private final Link link;
        private final Deadline deadline;
        private final Duration idle;
        private final Activity activity = new Activity();
        private volatile Download download;

        Attempt(Call call, Body.Prepared body, byte[] digest, Link link, Deadline deadline) {
            this.call = call;
            this.body = body;
            this.digest = digest;
            this.link = link;
            this.deadline = deadline;
            this.idle = call.wait == null ? settings.idleTimeout : settings.idleTimeout.plus(call.wait);
        }

        Reply run() {
            if (deadline.isOver()) {
                throw TdamException.timeout("making the call", settings.callTimeout);
            }
            HttpResponse<Spool> response;
            try (Upload upload = body == null ? null : new Upload(body, activity)) {
                response = await(link.http.sendAsync(request(upload), this::download), upload);
            } catch (TdamException e) {
                Download begun = download;
                if (begun != null) {
                    begun.discard();
                }
                throw e;
            }
            warnings.hear(response.headers().allValues("x-exchange-warning"));
            Spool content = unpacked(response.body(), response.headers());
            if (!isGood(response.statusCode())) {
                try (Spool problem = content) {
                    Problem read = problem(response.statusCode(), response.headers(), problem);
                    throw TdamException.refused(read, hint(read, response.headers()));
                }
            }
            return new Reply(response.statusCode(), response.headers(), content);
        }

        /** What this side knows beyond the problem. */
        private String hint(Problem problem, HttpHeaders headers) {
            if (problem.isOfSignature()) {
                return ClockSkew.hint(headers, settings.clock);
            }
            boolean isOfEnrollment = call.bearer != null && problem.asksForCertificate();
            return isOfEnrollment ? " Enrolment has an address of its own, and this is that for callers with a certificate" : "";
        }

        private Download download(HttpResponse.ResponseInfo head) {
            download = new Download(activity, isGood(head.statusCode()) ? settings.answerBytesMax : Bounds.PROBLEM_BYTES_MAX);
            return download;
        }

        private HttpRequest request(Upload upload) {
            HttpRequest.Builder request = HttpRequest.newBuilder(call.target).header("Accept", call.accept).header("User-Agent", settings.userAgent);
            if (settings.isCompressed) {
                request.header("Accept-Encoding", "gzip");
            }
            if (call.language != null) {
                request.header("Accept-Language", call.language.code());
            }
            if (call.requestId != null) {
                request.header("X-Request-Id", call.requestId);
            }
            if (call.wait != null) {
                request.header("Prefer", "wait=" + call.wait.getSeconds());
            }
            if (call.bearer != null) {
                request.header("Authorization", "Bearer " + call.bearer);
            }
            if (upload != null) {
                request.header("Content-Type", call.contentType);
                if (digest != null) {
                    SignedFields fields = link.signer.orElseThrow().signDigest(call.method, call.target, digest);
                    request.header("Content-Digest", fields.contentDigest()).header("Signature-Input", fields.signatureInput())
                            .header("Signature", fields.signature());
                }
            }
            // Behind our own limits: before Java 16 only this one ends an exchange whose head has not come.
            Duration silence = idle.plus(GRACE);
            boolean isShort = body == null || body.length <= SHORT_BODY_BYTES_MAX;
            Duration most = deadline.left().plus(GRACE);
            request.timeout(isShort && silence.compareTo(most) < 0 ? silence : most);
            return request.method(call.method, upload == null ? HttpRequest.BodyPublishers.noBody() : upload.publisher()).build();
        }

        /** Waits as long as bytes move and the call may take. */
        private HttpResponse<Spool> await(CompletableFuture<HttpResponse<Spool>> future, Upload upload) {
            while (true) {
                long silenceLeft = Deadline.nanos(idle) - activity.idleNanos();
                long left = Math.min(deadline.nanosLeft(), silenceLeft);
                if (left <= 0) {
                    activity.cancel(future);
                    if (silenceLeft > 0) {
                        throw TdamException.timeout("making the call", settings.callTimeout);
                    }
                    distrust(link);
                    throw TdamException.timeout("waiting for the answer of " + settings.url, idle);
                }
                try {
                    return future.get(left, TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    // Bytes may have moved meanwhile.
                } catch (InterruptedException e) {
                    activity.cancel(future);
                    Thread.currentThread().interrupt();
                    throw TdamException.connection(settings.url, "the thread was interrupted while it waited", e);
                } catch (ExecutionException | CancellationException e) {
                    throw failure(e.getCause() == null ? e : e.getCause(), upload);
                }
            }
        }

        private TdamException failure(Throwable cause, Upload upload) {
            if (upload != null && upload.failure() != null) {
                return TdamException.input(body.name, upload.failure());
            }
            Download.NoRoom noRoom = Reasons.find(cause, Download.NoRoom.class);
            if (noRoom != null) {
                return TdamException.unexpected(noRoom.getMessage(), noRoom);
            }
            return Reasons.ofTransport(settings.url, cause, link.credentials, settings.connectTimeout, idle);
        }

        private Spool unpacked(Spool content, HttpHeaders headers) {
            String encoding = headers.firstValue("content-encoding").orElse("identity").trim();
            if (encoding.equalsIgnoreCase("identity") || content.length() == 0) {
                return content;
            }
            if (!encoding.equalsIgnoreCase("gzip")) {
                content.close();
                throw TdamException.unexpected("the answer is packed in a way that was not asked for: " + encoding);
            }
            Spool unpacked = new Spool(Bounds.MEMORY_BYTES_MAX);
            try (Spool packed = content; InputStream in = new GZIPInputStream(packed.open(), Bounds.CHUNK_BYTES)) {
                byte[] chunk = new byte[Bounds.CHUNK_BYTES];
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    if (unpacked.length() + read > settings.answerBytesMax) {
                        throw new IOException("it is longer than " + settings.answerBytesMax + " bytes; allow more with answerBytesMax");
                    }
                    unpacked.write(ByteBuffer.wrap(chunk, 0, read));
                }
                return unpacked;
            } catch (IOException e) {
                unpacked.close();
                throw TdamException.unexpected("the answer cannot be unpacked: " + Reasons.words(e), e);
            }
        }

        /** The problem document of an answer; one that cannot be read is made from the status alone. */
        private Problem problem(int status, HttpHeaders headers, Spool content) {
            String requestId = headers.firstValue("x-request-id").orElse("");
            if (Reply.isJson(headers)) {
                try (Document document = new Document(content, null, null)) {
                    Problem problem = new Problem(JsonObject.read(document.bytes()), status, requestId, Reply.retryAfterSeconds(headers));
                    problem.requireReadable();
                    return problem;
                } catch (TdamException unreadable) {
                    // Something between us and the exchange answered, or an exchange of another time.
                }
            }
            return new Problem(JsonObject.empty(), status, requestId, Reply.retryAfterSeconds(headers));
        }
    }

    private static boolean isGood(int status) {
        return status >= 200 && status < 300;
    }
}
