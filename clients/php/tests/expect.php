<?php

declare(strict_types=1);

use Tdam\Client\ErrorKind;
use Tdam\Client\ExchangeException;

/** A test found something else than it expects. */
final class Unexpected extends Exception
{
}

function same(mixed $expected, mixed $found): void
{
    if ($expected !== $found) {
        throw new Unexpected('expected ' . var_export($expected, true) . "\nfound    " . var_export($found, true));
    }
}

function holds(string $part, string $whole): void
{
    if (!str_contains($whole, $part)) {
        throw new Unexpected("expected `{$part}`\nin       `{$whole}`");
    }
}

/** The error that a call throws. */
function fails(ErrorKind $kind, Closure $call): ExchangeException
{
    try {
        $call();
    } catch (ExchangeException $error) {
        same($kind, $error->kind());
        return $error;
    }
    throw new Unexpected("expected an error of kind {$kind->value}, and there was none");
}

/** A folder that is gone after the test. */
function folder(Closure $test): void
{
    $folder = sys_get_temp_dir() . '/tdam-php-' . bin2hex(random_bytes(6));
    mkdir($folder, 0700);
    try {
        $test($folder);
    } finally {
        array_map(unlink(...), glob("{$folder}/*") ?: []);
        rmdir($folder);
    }
}

/**
 * A self-signed certificate and its key, PEM.
 *
 * @return array{string, string}
 */
function pair(array $settings = ['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1'], int $days = 10): array
{
    $settings += ['config' => Tdam\Client\Internal\Openssl::configuration(), 'digest_alg' => 'sha256'];
    $key = openssl_pkey_new($settings);
    $certificate = openssl_csr_sign(openssl_csr_new(['commonName' => 'test'], $key, $settings), null, $key, $days, $settings, random_int(1, 1 << 30));
    openssl_x509_export($certificate, $certificatePem);
    openssl_pkey_export($key, $keyPem, null, $settings);
    return [$certificatePem, $keyPem];
}
