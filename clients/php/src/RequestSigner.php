<?php

declare(strict_types=1);

namespace Tdam\Client;

use Tdam\Client\Internal\Credentials;
use Tdam\Client\Internal\Openssl;

/**
 * Signs requests (HTTP Message Signatures, RFC 9421). {@see Client} signs by itself; this is for HTTP libraries of your own.
 *
 * RSA keys sign by `rsa-v1_5-sha256`: PHP 8.2's `openssl_sign` has no PSS.
 *
 * ```php
 * $signer = RequestSigner::of(Identity::files('certificate.pem', 'key.pem'));
 * $fields = $signer->sign('POST', 'exchange.example:8443', '/v1/payments', hash('sha256', $xml, true));
 * // ['Content-Digest' => …, 'Signature-Input' => …, 'Signature' => …]
 * ```
 */
final class RequestSigner
{
    private const LABEL = 'sig1';

    private function __construct(
        private readonly \OpenSSLAsymmetricKey $key,
        private readonly string $fingerprint,
        private readonly string $algorithm,
        private readonly int $digest,
        /** Bytes of each of an ECDSA signature's two numbers; RSA has none. */
        private readonly int $numberBytes,
    ) {
    }

    /** Takes certificate and key of an identity. */
    public static function of(Identity $identity): self
    {
        return self::ofCredentials($identity->load());
    }

    /** @internal */
    public static function ofCredentials(Credentials $credentials): self
    {
        $key = openssl_pkey_get_private($credentials->keyPem);
        $details = $key === false ? false : openssl_pkey_get_details($key);
        if ($key === false || $details === false) {
            throw ExchangeException::configuration('submissions cannot be signed: the private key cannot be read');
        }
        [$algorithm, $digest, $numberBytes] = match (true) {
            $details['type'] === OPENSSL_KEYTYPE_RSA => ['rsa-v1_5-sha256', OPENSSL_ALGO_SHA256, 0],
            ($details['ec']['curve_name'] ?? '') === 'prime256v1' => ['ecdsa-p256-sha256', OPENSSL_ALGO_SHA256, 32],
            ($details['ec']['curve_name'] ?? '') === 'secp384r1' => ['ecdsa-p384-sha384', OPENSSL_ALGO_SHA384, 48],
            default => throw ExchangeException::configuration('submissions cannot be signed with a key of this kind: use EC P-256, EC P-384 or RSA'),
        };
        return new self($key, $credentials->fingerprint, $algorithm, $digest, $numberBytes);
    }

    /**
     * The fields to send with a request.
     *
     * @param string $authority Host and port as the `Host` field has them; no port if it is 443.
     * @param string $pathAndQuery The target as it is sent.
     * @param string $sha256 SHA-256 of the body's bytes as they are sent, 32 bytes.
     * @param int|null $created Seconds since 1970; now if it is left out.
     *
     * @return array<string, string>
     */
    public function sign(string $method, string $authority, string $pathAndQuery, string $sha256, ?int $created = null): array
    {
        $digest = 'sha-256=:' . base64_encode($sha256) . ':';
        $authority = strtolower($authority);
        $created ??= time();
        $parameters = '("@method" "@authority" "@target-uri" "content-digest")'
            . ";created={$created};keyid=\"{$this->fingerprint}\";alg=\"{$this->algorithm}\"";
        $base = "\"@method\": {$method}\n\"@authority\": {$authority}\n\"@target-uri\": https://{$authority}{$pathAndQuery}\n"
            . "\"content-digest\": {$digest}\n\"@signature-params\": {$parameters}";
        if (!openssl_sign($base, $signature, $this->key, $this->digest)) {
            throw ExchangeException::configuration('the submission cannot be signed: ' . Openssl::errors());
        }
        if ($this->numberBytes > 0) {
            $signature = self::fixed($signature, $this->numberBytes);
        }
        return [
            'Content-Digest' => $digest,
            'Signature-Input' => self::LABEL . "={$parameters}",
            'Signature' => self::LABEL . '=:' . base64_encode($signature) . ':',
        ];
    }

    /** The two numbers of an ECDSA signature, of so many bytes each, out of their DER: a sequence of two integers. */
    private static function fixed(string $der, int $bytes): string
    {
        $at = (ord($der[1]) & 0x80) === 0 ? 2 : 3;
        $fixed = '';
        for ($number = 0; $number < 2; $number++) {
            $length = ord($der[$at + 1]);
            $digits = ltrim(substr($der, $at + 2, $length), "\0");
            $fixed .= str_pad($digits, $bytes, "\0", STR_PAD_LEFT);
            $at += 2 + $length;
        }
        return $fixed;
    }
}
