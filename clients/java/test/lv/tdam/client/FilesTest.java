package lv.tdam.client;

import static lv.tdam.client.Check.equal;
import static lv.tdam.client.Check.fails;
import static lv.tdam.client.Check.test;
import static lv.tdam.client.Check.that;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Files that the library makes: bodies of streams, keys, certificates on their way. */
final class FilesTest {
    private FilesTest() {
    }

    static void add() {
        test("a spool gives its bytes back as often as they are wanted, in memory and in a file", () -> {
            byte[] bytes = new byte[10_000];
            new java.util.Random(1).nextBytes(bytes);
            for (int memory : new int[] {0, 9_999, 10_000, 1 << 20}) {
                try (Spool spool = new Spool(memory)) {
                    for (int at = 0; at < bytes.length; at += 1_000) {
                        spool.write(ByteBuffer.wrap(bytes, at, 1_000));
                    }
                    equal(10_000L, spool.length());
                    InputStream one = spool.open();
                    equal(bytes[0] & 0xff, one.read());
                    equal(bytes, spool.open().readAllBytes());
                    equal(Arrays.copyOfRange(bytes, 1, bytes.length), one.readAllBytes());
                }
            }
        });
        test("a stream leaves no file behind, also when it breaks", () -> {
            List<Path> before = temporary();
            try (Body.Prepared body = Body.stream(new ByteArrayInputStream(new byte[100_000])).prepare()) {
                equal(100_000L, body.length);
                equal(100_000, body.open().readAllBytes().length);
            }
            fails(ErrorKind.INPUT, "the stream cannot be read: broken pipe", () -> Body.stream(new InputStream() {
                private int left = 100_000;

                @Override
                public int read() throws IOException {
                    if (left <= 0) {
                        throw new IOException("broken pipe");
                    }
                    left--;
                    return 'x';
                }
            }).prepare());
            equal(before, temporary());
        });
        test("a stream that never ends does not fill the disk", () -> {
            byte[] zeros = new byte[1_000];
            fails(ErrorKind.INPUT, "longer than 2500 bytes", () -> Body.spooled(new InputStream() {
                @Override
                public int read() {
                    return 0;
                }

                @Override
                public int read(byte[] into, int offset, int count) {
                    System.arraycopy(zeros, 0, into, offset, Math.min(count, zeros.length));
                    return Math.min(count, zeros.length);
                }
            }, 2_500));
        });
        test("a file that is none is told before anything is sent", () -> {
            fails(ErrorKind.INPUT, "there is no such file", () -> Body.file(Path.of("/nowhere/payments.xml")).prepare());
            fails(ErrorKind.INPUT, "no regular file", () -> Body.file(Path.of("/")).prepare());
        });
        test("a key is for its owner alone, and a replaced file keeps its permissions", () -> {
            Path folder = Files.createTempDirectory("tdam-secret");
            Path key = folder.resolve("key.pem");
            SecretFile.write(key, new byte[] {1});
            equal("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
            SecretFile.write(IdentityFiles.next(key), new byte[] {2});
            SecretFile.replace(IdentityFiles.next(key), key);
            equal("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
            equal(new byte[] {2}, Files.readAllBytes(key));
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--------"));
            SecretFile.requireReplaceable(key);
            SecretFile.write(IdentityFiles.next(key), new byte[] {3});
            SecretFile.replace(IdentityFiles.next(key), key);
            equal("r--------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
            fails(ErrorKind.CONFIGURATION, "never overwritten", () -> SecretFile.requireAbsent(key));
            remove(folder);
        });
        test("an interrupted request is taken up, and a refused one is forgotten", () -> {
            Path folder = Files.createTempDirectory("tdam-pending");
            for (boolean isPkcs12 : new boolean[] {false, true}) {
                Credentials present = Keys.p256();
                IdentityFiles files = new IdentityFiles(folder.resolve("certificate"), isPkcs12 ? null : folder.resolve("key"), isPkcs12 ? Keys.PASSWORD : null);
                byte[] first = new PendingCertificate(files, present.chain()).request(KeyKind.P256, () -> "/CN=A");
                PendingCertificate again = new PendingCertificate(files, present.chain());
                equal(first, again.request(KeyKind.P384, () -> "/CN=B"));
                fails(ErrorKind.UNEXPECTED, "for another key", () -> again.accept(Keys.certificatePem(present)));
                again.discard();
                equal(List.of(), names(folder));
                byte[] other = again.request(KeyKind.P256, () -> "/CN=A");
                that(!Arrays.equals(first, other), "the refused key was used again");
                again.discard();
            }
            remove(folder);
        });
        test("a key that was cut off by a crash is made anew", () -> {
            Path folder = Files.createTempDirectory("tdam-torn");
            IdentityFiles files = new IdentityFiles(folder.resolve("certificate"), folder.resolve("key"), null);
            byte[] first = new PendingCertificate(files, null).request(KeyKind.P256, () -> "/CN=A");
            Path next = IdentityFiles.next(files.key());
            Files.write(next, Arrays.copyOf(Files.readAllBytes(next), 60));
            that(!Arrays.equals(first, new PendingCertificate(files, null).request(KeyKind.P256, () -> "/CN=A")), "half a key was used");
            remove(folder);
        });
    }

    private static List<Path> temporary() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().endsWith(".part")).sorted().collect(Collectors.toList());
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.toList());
        }
    }

    static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.collect(Collectors.toList())) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
