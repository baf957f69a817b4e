package lv.tdam.client;

import static lv.tdam.client.Check.equal;
import static lv.tdam.client.Check.test;
import static lv.tdam.client.Check.that;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/** DER, certificate requests and keys as they are written. */
final class DerTest {
    private DerTest() {
    }

    static void add() {
        test("DER is written byte for byte (X.690)", () -> {
            equal("06092a864886f70d01010b", Hex.of(Der.oid("1.2.840.113549.1.1.11")));
            equal("06052b81040022", Hex.of(Der.oid("1.3.132.0.34")));
            equal("0603550403", Hex.of(Der.oid("2.5.4.3")));
            equal("020100", Hex.of(Der.smallInteger(0)));
            equal("0500", Hex.of(Der.nothing()));
            equal("0c02c481", Hex.of(Der.utf8("ā")));
            equal("a000", Hex.of(Der.context(0)));
            equal("0303000102", Hex.of(Der.bitString(new byte[] {1, 2})));
            equal("047f", Hex.of(Arrays.copyOf(Der.octetString(new byte[127]), 2)));
            equal("048180", Hex.of(Arrays.copyOf(Der.octetString(new byte[128]), 3)));
            equal("04820100", Hex.of(Arrays.copyOf(Der.octetString(new byte[256]), 4)));
            equal("0483010000", Hex.of(Arrays.copyOf(Der.octetString(new byte[65536]), 5)));
        });
        test("a subject is split at its slashes, and a name cannot leave its place", () -> {
            equal(List.of("O=A/CN=B+C\\", "CN=O'Brien, x=1"), CertificateRequest.split("/O=A\\/CN\\=B\\+C\\\\/CN=O'Brien\\, x\\=1"));
            equal(List.of(), CertificateRequest.split(""));
        });
        test("a request of each kind of key carries its signature", () -> {
            // The larger RSA key differs in nothing but its length, and takes seconds to make.
            for (KeyKind kind : List.of(KeyKind.P256, KeyKind.P384, KeyKind.RSA_2048)) {
                KeyPair pair = CertificateRequest.newKey(kind);
                Pem pem = Pem.read(CertificateRequest.make(pair, kind, "/O=Novads/CN=Grāmatvedība")).get(0);
                equal("CERTIFICATE REQUEST", pem.label);
                byte[][] parts = parts(pem.der);
                byte[] bits = content(parts[2]);
                Signature signature = Signature.getInstance(kind.signature);
                signature.initVerify(pair.getPublic());
                signature.update(parts[0]);
                that(signature.verify(Arrays.copyOfRange(bits, 1, bits.length)), kind + " is not signed by its key");
                that(new String(pem.der, StandardCharsets.UTF_8).contains("Grāmatvedība"), "the name is not there");
            }
        });
        test("a key is written with its public half and read back", () -> {
            // A number that begins with a zero byte is as long as the others: about one key of 256 has one.
            boolean hasShort = false;
            for (int i = 0; i < 10_000 && !hasShort || i < 8; i++) {
                KeyKind kind = i == 1 ? KeyKind.P384 : KeyKind.P256;
                KeyPair pair = CertificateRequest.newKey(kind);
                byte[] der = CertificateRequest.pkcs8(pair, kind);
                ECPrivateKey read = (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
                equal(((ECPrivateKey) pair.getPrivate()).getS(), read.getS());
                hasShort |= read.getS().bitLength() <= kind.bits - 8;
            }
            that(hasShort, "no short number came by");
        });
    }

    /** The elements of a sequence. */
    private static byte[][] parts(byte[] sequence) {
        java.util.List<byte[]> parts = new java.util.ArrayList<>();
        byte[] rest = content(sequence);
        while (rest.length > 0) {
            int length = rest.length - after(rest).length;
            parts.add(Arrays.copyOf(rest, length));
            rest = after(rest);
        }
        return parts.toArray(new byte[0][]);
    }

    private static byte[] content(byte[] element) {
        int header = header(element);
        return Arrays.copyOfRange(element, header, header + length(element));
    }

    private static byte[] after(byte[] elements) {
        return Arrays.copyOfRange(elements, header(elements) + length(elements), elements.length);
    }

    private static int header(byte[] element) {
        return (element[1] & 0x80) == 0 ? 2 : 2 + (element[1] & 0x7f);
    }

    private static int length(byte[] element) {
        if ((element[1] & 0x80) == 0) {
            return element[1];
        }
        int length = 0;
        for (int i = 2; i < header(element); i++) {
            length = length << 8 | element[i] & 0xff;
        }
        return length;
    }
}
