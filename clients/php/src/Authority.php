<?php

declare(strict_types=1);

namespace Tdam\Client;

use Tdam\Client\Internal\Files;

/**
 * The authority that signed the exchange's certificate; the library trusts no other.
 *
 * ```php
 * $authority = Authority::file('ca.pem');
 * $authority = Authority::pem($bytesFromYourVault);
 * ```
 */
final class Authority
{
    private function __construct(private readonly ?string $path, private readonly string $pem)
    {
    }

    /** From a PEM file; it may hold several certificates. {@see Client::reload()} reads it again. */
    public static function file(string $path): self
    {
        return new self($path, '');
    }

    /** From PEM bytes. */
    public static function pem(string $pem): self
    {
        return new self(null, $pem);
    }

    /** @internal */
    public function load(): string
    {
        $pem = $this->path === null ? $this->pem : Files::read($this->path, 'the certificate authority');
        $where = $this->path ?? 'what was given';
        preg_match_all('/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/s', $pem, $blocks);
        if ($blocks[0] === []) {
            throw ExchangeException::configuration(
                "the certificate authority ({$where}) holds no certificate: give the PEM file with `-----BEGIN CERTIFICATE-----`",
            );
        }
        foreach ($blocks[0] as $block) {
            if (@openssl_x509_read($block) === false) {
                throw ExchangeException::configuration("the certificate authority ({$where}) holds a certificate that cannot be read");
            }
        }
        return implode("\n", $blocks[0]) . "\n";
    }
}
