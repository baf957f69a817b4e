<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\Body;
use Tdam\Client\Data\EnrolmentRules;
use Tdam\Client\ErrorKind;
use Tdam\Client\ExchangeException;
use Tdam\Client\Identity;
use Tdam\Client\KeyKind;

/**
 * Renews the certificate in files. Order: key and request beside the old key, certificate beside the old one, a call with the new pair,
 * then both are renamed into place. Whatever is interrupted, one pair works, and the next renewal goes on where this one was.
 *
 * @internal
 */
final class Renewal
{
    public function __construct(private readonly Calls $calls)
    {
    }

    public function rules(): EnrolmentRules
    {
        return EnrolmentRules::of($this->calls->json(new Call('GET', '/v1/certificates/enrollment')));
    }

    /** The next certificate with its chain, PEM. */
    public function certificate(string $request): string
    {
        $call = new Call('POST', '/v1/certificates', Call::PEM, Body::bytes($request), Call::CERTIFICATE_REQUEST);
        return $this->calls->call($call)->text();
    }

    public function renew(?KeyKind $kind): Credentials
    {
        [$identity, $path] = $this->files();
        $lock = $this->lock($path);
        $used = $this->calls->connection->credentials();
        $this->calls->connection->reload();
        $current = $this->calls->connection->credentials();
        if ($current === null || $current->fingerprint !== $used?->fingerprint) {
            // Another process has renewed it meanwhile.
            fclose($lock);
            return $current ?? throw ExchangeException::configuration('the certificate is gone');
        }
        if ($this->hasFinished($identity)) {
            fclose($lock);
            return $current;
        }
        $request = KeyRequest::at($path, $kind ?? KeyKind::like($current->keyPem), $this->rules()->subject, $identity->password());
        $chain = $this->chain($request, $identity);
        $next = Credentials::fromPem($chain, $request->keyPem, null, 'that the exchange issued');
        $this->try($next);
        $identity->keyStorePath === null ? $this->swapPair($identity, $request) : $this->swapKeyStore($identity, $request, $next);
        $request->forgetRequest();
        fclose($lock);
        $this->calls->connection->reload();
        $this->calls->log->info("the certificate is renewed: {$next->serial} instead of {$current->serial}");
        return $next;
    }

    /** @return array{Identity, string} the identity in use, and the file that holds its key */
    private function files(): array
    {
        $identity = $this->calls->connection->identity();
        $path = $identity?->keyPath ?? $identity?->keyStorePath;
        if ($identity === null || $path === null) {
            throw ExchangeException::configuration('only a certificate in files can be renewed by `renew`: the client has it as bytes, or has none; use `renewCertificate` with a request of your own');
        }
        if ($this->calls->options->transport !== null) {
            throw ExchangeException::configuration('the HTTP client given holds the certificate itself: use `renewCertificate` with a request of your own');
        }
        // The new certificate would take the place of the key.
        if ($identity->certificatePath !== null && realpath($identity->certificatePath) === realpath($path)) {
            throw ExchangeException::configuration("`{$path}` holds the certificate and the key, and a renewal exchanges two files: put the key into a file of its own, or use `renewCertificate` with a request of your own; nothing was changed");
        }
        // Files are replaced by renaming, so their own modes do not matter and stay as they are.
        foreach (array_unique(array_map(dirname(...), array_filter([$path, $identity->certificatePath]))) as $folder) {
            if (!is_writable($folder)) {
                throw ExchangeException::configuration("the folder `{$folder}` is read-only, so the new certificate cannot be put there: let the user that runs PHP write to it, and renew again; nothing was changed");
            }
        }
        return [$identity, $path];
    }

    /** Finishes a renewal that broke off between its two renamings. */
    private function hasFinished(Identity $identity): bool
    {
        $certificate = (string) $identity->certificatePath;
        if ($identity->keyPath === null || is_file("{$identity->keyPath}.next") || !is_file("{$certificate}.next")) {
            return false;
        }
        $isNext = openssl_x509_check_private_key(Files::read("{$certificate}.next", 'the next certificate'), [Files::read($identity->keyPath, 'the private key'), $identity->password() ?? '']);
        if ($isNext) {
            Files::replace("{$certificate}.next", $certificate);
            @unlink("{$identity->keyPath}.request");
        }
        return $isNext;
    }

    /** @return resource One renewal of a file at a time. */
    private function lock(string $path)
    {
        $lock = fopen($path, 'rb');
        if ($lock === false || !flock($lock, LOCK_EX)) {
            throw ExchangeException::configuration("`{$path}` cannot be locked");
        }
        return $lock;
    }

    private function chain(KeyRequest $request, Identity $identity): string
    {
        $path = $identity->certificatePath === null ? null : "{$identity->certificatePath}.next";
        try {
            $chain = $this->certificate($request->requestPem);
        } catch (ExchangeException $error) {
            if ($error->kind() === ErrorKind::Refused && !$error->isUnauthorised()) {
                $request->discard();
            }
            throw $error;
        }
        if ($path !== null) {
            @unlink($path);
            Files::writeSecret($path, $chain);
        }
        return $chain;
    }

    /** A call with the new pair. If it fails, the old pair stays. */
    private function try(Credentials $next): void
    {
        $trial = $this->calls->with($this->calls->connection->with($next));
        try {
            $trial->json(new Call('GET', '/v1/heartbeat'));
        } catch (ExchangeException $error) {
            throw $error->withAdvice('the new certificate has not worked yet, so the old one stays in use: renew again');
        }
    }

    private function swapPair(Identity $identity, KeyRequest $request): void
    {
        [$certificate, $key] = [(string) $identity->certificatePath, (string) $identity->keyPath];
        $this->likeOld("{$certificate}.next", $certificate);
        $this->likeOld($request->keyPath, $key);
        // Between the two, readers find the certificate of the new key as `.next` (Identity::load).
        Files::replace($request->keyPath, $key);
        Files::replace("{$certificate}.next", $certificate);
    }

    private function swapKeyStore(Identity $identity, KeyRequest $request, Credentials $next): void
    {
        $path = (string) $identity->keyStorePath;
        preg_match_all('/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/s', $next->chainPem, $blocks);
        $settings = ['extracerts' => array_slice($blocks[0], 1), 'friendly_name' => 'online user'];
        if (!openssl_pkcs12_export($blocks[0][0], $bytes, $next->keyPem, $identity->password() ?? '', $settings)) {
            throw ExchangeException::configuration('OpenSSL writes no key store: ' . Openssl::errors());
        }
        $new = "{$path}.new";
        @unlink($new);
        Files::writeSecret($new, $bytes);
        $this->likeOld($new, $path);
        Files::replace($new, $path);
        $request->discard();
    }

    /** Who may read the old file may read the new one. */
    private function likeOld(string $new, string $old): void
    {
        $stat = stat($old);
        if ($stat === false) {
            return;
        }
        // Only the superuser can give a file away, and only then it is needed.
        if ($stat['uid'] !== fileowner($new)) {
            @chown($new, $stat['uid']);
        }
        if ($stat['gid'] !== filegroup($new)) {
            @chgrp($new, $stat['gid']);
        }
        chmod($new, $stat['mode'] & 0777);
    }
}
