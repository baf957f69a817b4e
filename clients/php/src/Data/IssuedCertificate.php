<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Credentials;

/**
 * A certificate that the exchange has issued, and that has worked.
 *
 * ```php
 * $issued = $client->renew();
 * echo "{$issued->serial} until {$issued->until}\n";
 * ```
 */
final class IssuedCertificate
{
    private function __construct(
        /** Serial number, hexadecimal. */
        public readonly string $serial,
        /** Its end (RFC 3339, UTC). */
        public readonly string $until,
        /** SHA-256 of the certificate, hexadecimal. */
        public readonly string $fingerprint,
    ) {
    }

    /** @internal */
    public static function of(Credentials $credentials): self
    {
        return new self($credentials->serial, gmdate('Y-m-d\TH:i:s\Z', $credentials->validUntil), $credentials->fingerprint);
    }
}
