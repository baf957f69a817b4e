<?php

declare(strict_types=1);

namespace Tdam\Client;

/**
 * Kinds of keys that the exchange accepts.
 *
 * ```php
 * $enrolment->enroll('certificate.pem', 'key.pem', KeyKind::P384);
 * ```
 */
enum KeyKind: string
{
    case P256 = 'p256';
    case P384 = 'p384';
    case Rsa2048 = 'rsa2048';
    case Rsa3072 = 'rsa3072';
    case Rsa4096 = 'rsa4096';

    /** @internal */
    public function curve(): ?string
    {
        return ['p256' => 'prime256v1', 'p384' => 'secp384r1'][$this->value] ?? null;
    }

    /** @internal */
    public function bits(): int
    {
        return (int) preg_replace('/\D/', '', $this->value);
    }

    /** @internal The kind of the key in use, for its successor. */
    public static function like(string $keyPem): self
    {
        $key = openssl_pkey_get_private($keyPem);
        $details = $key === false ? false : openssl_pkey_get_details($key);
        return match (true) {
            $details === false => self::P256,
            $details['type'] !== OPENSSL_KEYTYPE_RSA => ($details['ec']['curve_name'] ?? '') === 'secp384r1' ? self::P384 : self::P256,
            $details['bits'] > 3072 => self::Rsa4096,
            $details['bits'] > 2048 => self::Rsa3072,
            default => self::Rsa2048,
        };
    }
}
