<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\ExchangeException;

/**
 * A certificate with its chain and key, read and checked: they belong together.
 *
 * @internal
 */
final class Credentials
{
    private function __construct(
        /** The online user's certificate first, then what else there was; PEM. */
        public readonly string $chainPem,
        public readonly string $keyPem,
        /** The key store as it was given, for curl; null when PEM was given. */
        public readonly ?string $keyStore,
        public readonly ?string $password,
        /** SHA-256 of the certificate, as `keyid` names it. */
        public readonly string $fingerprint,
        public readonly string $serial,
        public readonly int $validFrom,
        public readonly int $validUntil,
    ) {
    }

    /** @return array<string, string> Without the key. */
    public function __debugInfo(): array
    {
        return ['fingerprint' => $this->fingerprint, 'serial' => $this->serial];
    }

    public static function fromPem(
        string $chainPem,
        #[\SensitiveParameter] string $keyPem,
        #[\SensitiveParameter] ?string $passphrase,
        string $where,
    ): self {
        preg_match_all('/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/s', $chainPem, $blocks);
        if ($blocks[0] === []) {
            $other = str_contains($chainPem, 'PRIVATE KEY') ? ' (it holds a key: are the two files swapped?)' : '';
            throw ExchangeException::configuration("the certificate {$where} holds no `-----BEGIN CERTIFICATE-----`{$other}");
        }
        $key = @openssl_pkey_get_private($keyPem, $passphrase ?? '');
        if ($key === false) {
            Openssl::errors();
            $encrypted = str_contains($keyPem, 'ENCRYPTED');
            throw ExchangeException::configuration(match (true) {
                $encrypted && $passphrase === null => "the private key {$where} is encrypted: give its passphrase",
                $encrypted => "the private key {$where} does not open with the passphrase given",
                default => "the private key {$where} cannot be read: give a PEM key (`-----BEGIN PRIVATE KEY-----`)",
            });
        }
        if (str_contains($keyPem, 'ENCRYPTED')) {
            openssl_pkey_export($key, $keyPem, null, ['config' => Openssl::configuration()]);
        }
        return self::checked($blocks[0], $keyPem, null, null, $where);
    }

    public static function fromKeyStore(
        #[\SensitiveParameter] string $bytes,
        #[\SensitiveParameter] string $password,
        string $where,
    ): self {
        Openssl::errors();
        $content = [];
        if (!@openssl_pkcs12_read($bytes, $content, $password)) {
            $error = Openssl::errors();
            throw ExchangeException::configuration(match (true) {
                str_contains($error, 'mac verify failure') => "the password of the key store {$where} is wrong",
                str_contains($error, 'unsupported') => "the key store {$where} is encrypted in an old way (RC2), which OpenSSL 3 does not open; "
                    . 'make it anew: openssl pkcs12 -legacy -in OLD -nodes -out both.pem && openssl pkcs12 -export -in both.pem -out NEW',
                default => "{$where} is no key store (PKCS#12) that can be read ({$error})",
            });
        }
        if (!isset($content['cert'], $content['pkey'])) {
            throw ExchangeException::configuration("the key store {$where} lacks the certificate or its key");
        }
        $chain = array_map(trim(...), [$content['cert'], ...array_values($content['extracerts'] ?? [])]);
        return self::checked($chain, $content['pkey'], $bytes, $password, $where);
    }

    public function isValidAt(int $time): bool
    {
        return $this->validFrom <= $time && $time <= $this->validUntil;
    }

    /** @param list<string> $chain */
    private static function checked(
        array $chain,
        #[\SensitiveParameter] string $keyPem,
        #[\SensitiveParameter] ?string $keyStore,
        #[\SensitiveParameter] ?string $password,
        string $where,
    ): self {
        $certificate = @openssl_x509_read($chain[0]);
        $parsed = $certificate === false ? false : openssl_x509_parse($certificate);
        if ($certificate === false || $parsed === false) {
            throw ExchangeException::configuration("the certificate {$where} cannot be read: is the file whole?");
        }
        if (!openssl_x509_check_private_key($certificate, $keyPem)) {
            $later = array_filter(array_slice($chain, 1), static fn (string $pem): bool => openssl_x509_check_private_key($pem, $keyPem));
            $advice = $later === []
                ? 'compare what `openssl x509 -noout -pubkey -in CERTIFICATE` and `openssl pkey -pubout -in KEY` print'
                : 'put the certificate of the key first in the file, before its issuers';
            throw ExchangeException::configuration("certificate and private key do not belong together ({$where}): {$advice}");
        }
        return new self(
            implode("\n", $chain) . "\n",
            $keyPem,
            $keyStore,
            $password,
            (string) openssl_x509_fingerprint($certificate, 'sha256'),
            strtolower((string) $parsed['serialNumberHex']),
            (int) $parsed['validFrom_time_t'],
            (int) $parsed['validTo_time_t'],
        );
    }
}
