<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\ExchangeException;
use Tdam\Client\KeyKind;

/**
 * A new key and its certificate request, kept beside the key in use until the certificate is there. The same request gets the same
 * certificate, so whatever is interrupted goes on where it was.
 *
 * @internal
 */
final class KeyRequest
{
    /** The longest name in a request (X.520). The exchange takes names from its register, not from the request. */
    private const NAME_CHARS_MAX = 64;

    private function __construct(
        public readonly string $keyPath,
        private readonly string $requestPath,
        /** Unencrypted. */
        public readonly string $keyPem,
        public readonly string $requestPem,
    ) {
    }

    /** Takes up what was begun at this path, or begins. With a passphrase the key's file is encrypted. */
    public static function at(string $path, KeyKind $kind, string $subject, #[\SensitiveParameter] ?string $passphrase): self
    {
        [$keyPath, $requestPath] = ["{$path}.next", "{$path}.request"];
        if (is_file($keyPath) && is_file($requestPath)) {
            $key = openssl_pkey_get_private(Files::read($keyPath, 'the next key'), $passphrase ?? '');
            if ($key === false) {
                throw ExchangeException::configuration("`{$keyPath}`, which an interrupted call left, does not open with the passphrase given: give the same as then; or delete it, and its certificate is lost if the exchange has issued it");
            }
            return new self($keyPath, $requestPath, self::export($key, null), Files::read($requestPath, 'the certificate request'));
        }
        @unlink($keyPath);
        @unlink($requestPath);
        $key = self::key($kind);
        $requestPem = self::request($key, $kind, $subject);
        Files::writeSecret($keyPath, self::export($key, $passphrase));
        Files::writeSecret($requestPath, $requestPem);
        return new self($keyPath, $requestPath, self::export($key, null), $requestPem);
    }

    /** The request is answered. */
    public function forgetRequest(): void
    {
        @unlink($this->requestPath);
    }

    /** The exchange does not take it: the next try makes another. */
    public function discard(): void
    {
        @unlink($this->keyPath);
        @unlink($this->requestPath);
    }

    private static function key(KeyKind $kind): \OpenSSLAsymmetricKey
    {
        $settings = ['config' => Openssl::configuration()];
        $settings += $kind->curve() === null
            ? ['private_key_type' => OPENSSL_KEYTYPE_RSA, 'private_key_bits' => $kind->bits()]
            : ['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => $kind->curve()];
        $key = openssl_pkey_new($settings);
        return $key === false ? throw ExchangeException::configuration('OpenSSL makes no key: ' . Openssl::errors()) : $key;
    }

    private static function request(\OpenSSLAsymmetricKey $key, KeyKind $kind, string $subject): string
    {
        $settings = ['config' => Openssl::configuration(), 'digest_alg' => $kind === KeyKind::P384 ? 'sha384' : 'sha256'];
        foreach ([self::names($subject), ['commonName' => 'online user']] as $names) {
            $signed = $key;
            $request = @openssl_csr_new($names, $signed, $settings);
            if ($request instanceof \OpenSSLCertificateSigningRequest && openssl_csr_export($request, $pem)) {
                return $pem;
            }
        }
        throw ExchangeException::configuration('OpenSSL makes no certificate request: ' . Openssl::errors());
    }

    /**
     * The names of `/O=…/CN=…`.
     *
     * @return array<string, string>
     */
    public static function names(string $subject): array
    {
        $long = ['O' => 'organizationName', 'CN' => 'commonName'];
        preg_match_all('~/([A-Z]+)=((?:\\\\.|[^/\\\\])*)~su', $subject, $parts, PREG_SET_ORDER);
        $names = [];
        foreach ($parts as [, $short, $value]) {
            $value = preg_replace('/\\\\(.)/su', '$1', $value) ?? '';
            if (isset($long[$short]) && preg_match('/^.{1,' . self::NAME_CHARS_MAX . '}/su', $value, $found) === 1) {
                $names[$long[$short]] = $found[0];
            }
        }
        return $names === [] ? ['commonName' => 'online user'] : $names;
    }

    private static function export(\OpenSSLAsymmetricKey $key, #[\SensitiveParameter] ?string $passphrase): string
    {
        if (!openssl_pkey_export($key, $pem, $passphrase, ['config' => Openssl::configuration()])) {
            throw ExchangeException::configuration('OpenSSL does not write the key: ' . Openssl::errors());
        }
        return $pem;
    }
}
