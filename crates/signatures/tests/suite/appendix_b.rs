//! The test vectors of RFC 9421, appendix B, with the keys of B.1. No vector is signed by `test-key-rsa` (B.1.1), and none by
//! `ecdsa-p384-sha384` or `rsa-v1_5-sha256`, which the profile has too.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use signatures::{Algorithm, Component, Message, PublicKey, signatures_of};

/// `test-key-rsa-pss` (B.1.2), as an `RSAPublicKey`.
const RSA_PSS: &str = "MIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+oAXj\
    yQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHqgDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd1\
    1nqqzi+bJ9cvSKADYdUAAN5WUtzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4aOT9v6d+nb4b\
    nNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI2wIDAQAB";
/// `test-key-ecc-p256` (B.1.3), as a point.
const ECC_P256: &str = "BKiFWGVSwqz2Rxh4z9ewk1tP/g/S38NBJI6he8QeBYrwMc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0=";

/// `test-key-ed25519` (B.1.4), as a point.
const ED25519_POINT: &str = "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=";
/// `test-shared-secret` (B.1.5).
const SHARED_SECRET: &str = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";
/// The `Client-Cert` field that the proxy of B.3 adds.
const CLIENT_CERT: &str = ":MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIElu\
    dGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU\
    /IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED\
    2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3Vl\
    iL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:";

/// The messages of the examples.
#[derive(Clone, Copy)]
enum Example {
    /// `test-request` of B.2.
    Request,
    /// `test-response` of B.2.
    Response,
    /// What the proxy of B.3 sends on.
    Proxied,
    /// The request of B.4.
    Transformed,
}

impl Message for Example {
    fn component(&self, component: &Component) -> Option<String> {
        let value = match (component.name.as_str(), self) {
            ("@status", Example::Response) => "200",
            ("content-length", Example::Response) => "23",
            ("content-digest", Example::Response) => {
                "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:"
            }
            ("@method", Example::Transformed) => "GET",
            ("@authority", Example::Transformed) => "example.org",
            ("@path", Example::Transformed) => "/demo",
            ("accept", Example::Transformed) => "application/json, */*",
            ("@method", Example::Request | Example::Proxied) => "POST",
            ("@authority", Example::Request) => "example.com",
            ("@authority", Example::Proxied) => "service.internal.example",
            ("@path", Example::Request | Example::Proxied) => "/foo",
            ("@query", Example::Request | Example::Proxied) => "?param=Value&Pet=dog",
            ("client-cert", Example::Proxied) => CLIENT_CERT,
            ("@query-param", Example::Request) => "dog",
            ("date", Example::Request) => "Tue, 20 Apr 2021 02:07:55 GMT",
            ("content-length", Example::Request) => "18",
            ("content-digest", Example::Request) => {
                "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"
            }
            ("content-type", Example::Request | Example::Response) => "application/json",
            _ => return None,
        };
        Some(value.to_owned())
    }
}

struct Vector {
    input: &'static str,
    signature: &'static str,
    base: &'static str,
    of: Example,
    key: &'static str,
    algorithm: Algorithm,
}

const VECTORS: [Vector; 5] = [
    Vector {
        input: r#"sig-b21=();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd""#,
        signature: "sig-b21=:d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8\
    Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQK\
    hO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1f\
    V5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==:",
        base: r#""@signature-params": ();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd""#,
        of: Example::Request,
        key: RSA_PSS,
        algorithm: Algorithm::RsaPssSha512,
    },
    Vector {
        input: r#"sig-b22=("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example""#,
        signature: "sig-b22=:LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH\
    7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8\
    NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tF\
    TQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==:",
        base: r#""@authority": example.com
"content-digest": sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:
"@query-param";name="Pet": dog
"@signature-params": ("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example""#,
        of: Example::Request,
        key: RSA_PSS,
        algorithm: Algorithm::RsaPssSha512,
    },
    Vector {
        input: r#"sig-b23=("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss""#,
        signature: "sig-b23=:bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU\
    5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZz\
    NBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9\
    iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==:",
        base: r#""date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@query": ?param=Value&Pet=dog
"@authority": example.com
"content-type": application/json
"content-digest": sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss""#,
        of: Example::Request,
        key: RSA_PSS,
        algorithm: Algorithm::RsaPssSha512,
    },
    Vector {
        input: r#"sig-b24=("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256""#,
        signature: "sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==:",
        base: r#""@status": 200
"content-type": application/json
"content-digest": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:
"content-length": 23
"@signature-params": ("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256""#,
        of: Example::Response,
        key: ECC_P256,
        algorithm: Algorithm::EcdsaP256Sha256,
    },
    Vector {
        input: r#"ttrp=("@path" "@query" "@method" "@authority" "client-cert");created=1618884473;keyid="test-key-ecc-p256""#,
        signature: "ttrp=:xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==:",
        base: r#""@path": /foo
"@query": ?param=Value&Pet=dog
"@method": POST
"@authority": service.internal.example
"client-cert": CLIENT_CERT
"@signature-params": ("@path" "@query" "@method" "@authority" "client-cert");created=1618884473;keyid="test-key-ecc-p256""#,
        of: Example::Proxied,
        key: ECC_P256,
        algorithm: Algorithm::EcdsaP256Sha256,
    },
];

#[test]
fn bases_and_signatures_are_those_of_the_rfc() {
    for Vector { input, signature, base, of, key, algorithm } in VECTORS {
        let read = signatures_of(input, signature).unwrap().remove(0);
        let made = read.input.base(&of).unwrap();
        assert_eq!(made, base.replace("CLIENT_CERT", CLIENT_CERT));
        let bytes = STANDARD.decode(key).unwrap();
        let is_elliptic = algorithm == Algorithm::EcdsaP256Sha256;
        let key = if is_elliptic { PublicKey::P256(bytes) } else { PublicKey::Rsa(bytes) };
        assert!(key.verifies(algorithm, made.as_bytes(), &read.bytes), "{input}");
        assert!(!key.verifies(algorithm, format!("{made} ").as_bytes(), &read.bytes), "{input}");
    }
}

/// Whether a signature over a base is right.
type Verifies<'v> = dyn Fn(&str, &[u8]) -> bool + 'v;

/// The profile has neither `hmac-sha256` (a secret that both know proves nothing to a third) nor `ed25519` (no certificate of an
/// online user has such a key). Their vectors prove the bases all the same, by the library that knows the algorithms.
#[test]
fn bases_are_those_of_the_rfc_for_algorithms_outside_the_profile() {
    let by_ed25519 = |base: &str, bytes: &[u8]| {
        let point = STANDARD.decode(ED25519_POINT).unwrap();
        UnparsedPublicKey::new(&ED25519, point).verify(base.as_bytes(), bytes).is_ok()
    };
    let by_hmac = |base: &str, bytes: &[u8]| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(SHARED_SECRET).unwrap());
        hmac::verify(&key, base.as_bytes(), bytes).is_ok()
    };
    let vectors: [(&str, &str, Example, &Verifies<'_>); 3] = [
        (
            r#"sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret""#,
            "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:",
            Example::Request,
            &by_hmac,
        ),
        (
            r#"sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519""#,
            "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
            Example::Request,
            &by_ed25519,
        ),
        (
            r#"transform=("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519""#,
            "transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==:",
            Example::Transformed,
            &by_ed25519,
        ),
    ];
    for (input, signature, of, verifies) in vectors {
        let read = signatures_of(input, signature).unwrap().remove(0);
        let made = read.input.base(&of).unwrap();
        assert!(verifies(&made, &read.bytes), "{input}: {made}");
        assert!(!verifies(&format!("{made} "), &read.bytes), "{input}");
    }
    for name in ["hmac-sha256", "ed25519"] {
        assert_eq!(Algorithm::of_name(name), None, "{name}");
    }
}
