package lv.tdam.client;

import static lv.tdam.client.Check.equal;
import static lv.tdam.client.Check.fails;
import static lv.tdam.client.Check.test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Identities as their files are, and what is said of wrong ones. */
final class CredentialsTest {
    private CredentialsTest() {
    }

    static void add() {
        test("keys of each kind are read from PEM and PKCS#12", () -> {
            for (Credentials made : List.of(Keys.p256(), Keys.of("secp384r1"), Keys.rsa())) {
                Credentials stored = KeyReader.pkcs12(Keys.pkcs12(made), Keys.PASSWORD, "store");
                Credentials read = Identity.pem(Keys.certificatePem(stored), Keys.keyPem(stored)).read();
                equal(true, read.isSameAs(stored));
                equal(64, read.fingerprint().length());
            }
        });
        test("text around PEM blocks and lines of Windows do not matter", () -> {
            Credentials stored = Keys.p256();
            String pem = "subject=CN = Test\n" + new String(Keys.certificatePem(stored), StandardCharsets.US_ASCII).replace("\n", "\r\n") + "\n\n";
            equal(1, KeyReader.certificates(pem.getBytes(StandardCharsets.US_ASCII), "x").size());
        });
        test("each wrong identity is told apart, with what to do", () -> {
            Credentials one = Keys.p256();
            Credentials other = Keys.p256();
            byte[] store = Keys.pkcs12(one);
            configuration("the password of", () -> Identity.pkcs12(store, "wrong".toCharArray()).read());
            configuration("is a PEM file", () -> Identity.pkcs12(Keys.certificatePem(one), Keys.PASSWORD).read());
            configuration("no PKCS#12 file", () -> Identity.pkcs12(new byte[] {1, 2, 3}, Keys.PASSWORD).read());
            configuration("not that of the certificate", () -> Identity.pem(Keys.certificatePem(one), Keys.keyPem(other)).read());
            configuration("not that of the certificate", () -> Identity.pem(Keys.certificatePem(one), Keys.keyPem(Keys.rsa())).read());
            configuration("not that of the certificate",
                    () -> Identity.pem(Keys.certificatePem(one), Keys.keyPem(Keys.of("secp384r1"))).read());
            configuration("holds no private key", () -> Identity.pem(Keys.certificatePem(one), Keys.certificatePem(one)).read());
            configuration("holds no certificate", () -> Identity.pem(Keys.keyPem(one), Keys.keyPem(one)).read());
            configuration("no such file", () -> Identity.pem(Path.of("/nowhere/c.pem"), Path.of("/nowhere/k.pem")).read());
            byte[] whole = Keys.certificatePem(one);
            configuration("incomplete", () -> KeyReader.certificates(java.util.Arrays.copyOf(whole, whole.length / 2), "x"));
            configuration("damaged", () -> KeyReader.certificates(
                    "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----".getBytes(StandardCharsets.US_ASCII), "x"));
            configuration("openssl pkcs8 -topk8", () -> KeyReader.key(
                    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----".getBytes(StandardCharsets.US_ASCII), null, "x"));
            configuration("is encrypted", () -> KeyReader.key(
                    "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----".getBytes(StandardCharsets.US_ASCII), null, "x"));
        });
        test("the newest identity that is valid counts", () -> {
            byte[] old = Keys.pkcs12(Keys.of("secp256r1", Duration.ofDays(-10), Duration.ofDays(10)));
            byte[] present = Keys.pkcs12(Keys.of("secp256r1", Duration.ofDays(-1), Duration.ofDays(4)));
            byte[] future = Keys.pkcs12(Keys.of("secp256r1", Duration.ofDays(2), Duration.ofDays(102)));
            Identity[] all = {Identity.pkcs12(future, Keys.PASSWORD), Identity.pkcs12(old, Keys.PASSWORD), Identity.pkcs12(present, Keys.PASSWORD)};
            Identities identities = Identities.read(List.of(all));
            Instant now = Instant.now();
            Object[][] expected = {{Duration.ZERO, all[2]}, {Duration.ofDays(-5), all[1]}, {Duration.ofDays(3), all[0]}, {Duration.ofDays(400), all[0]}};
            for (Object[] one : expected) {
                equal(true, identities.at(now.plus((Duration) one[0])).get().isSameAs(((Identity) one[1]).read()));
            }
            equal(true, Identities.read(List.of()).at(now).isEmpty());
            Identity later = Identity.pem(Path.of("/nowhere/c.pem"), Path.of("/nowhere/k.pem"));
            equal(true, Identities.read(List.of(later, all[2])).at(now).isPresent());
            configuration("no such file", () -> Identities.read(List.of(later, later)));
        });
        test("certificate and key in one PEM file are one file, by whatever names", () -> {
            Path folder = Files.createTempDirectory("tdam-one-file");
            Path both = folder.resolve("both.pem");
            Path other = folder.resolve("key.pem");
            Files.write(both, new byte[0]);
            Files.write(other, new byte[0]);
            Path link = Files.createSymbolicLink(folder.resolve("link.pem"), both);
            equal(true, new IdentityFiles(both, both, null).isOnePemFile());
            equal(true, new IdentityFiles(both, link, null).isOnePemFile());
            equal(false, new IdentityFiles(both, other, null).isOnePemFile());
            equal(false, new IdentityFiles(both, null, null).isOnePemFile());
            FilesTest.remove(folder);
        });
        test("a renewal that stopped between its two renamings is mended when the files are read", () -> {
            Path folder = Files.createTempDirectory("tdam-interrupted");
            Path certificate = folder.resolve("certificate.pem");
            Path key = folder.resolve("key.pem");
            Credentials old = Keys.p256();
            Credentials renewed = Keys.p256();
            Files.write(certificate, Keys.certificatePem(old));
            Files.write(key, Keys.keyPem(old));
            IdentityFiles files = new IdentityFiles(certificate, key, null);
            Files.write(IdentityFiles.next(certificate), Keys.certificatePem(renewed));
            Files.write(IdentityFiles.next(key), Keys.keyPem(renewed));
            equal(true, files.read().isSameAs(old));
            Files.move(IdentityFiles.next(key), key, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            equal(true, files.read().isSameAs(renewed));
            Files.move(IdentityFiles.next(certificate), certificate, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            equal(true, files.read().isSameAs(renewed));
            FilesTest.remove(folder);
        });
    }

    private static void configuration(String words, Check.Test test) {
        fails(ErrorKind.CONFIGURATION, words, test);
    }
}
