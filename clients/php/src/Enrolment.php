<?php

declare(strict_types=1);

namespace Tdam\Client;

use Tdam\Client\Data\EnrolmentRules;
use Tdam\Client\Data\IssuedCertificate;
use Tdam\Client\Internal\Address;
use Tdam\Client\Internal\Call;
use Tdam\Client\Internal\Calls;
use Tdam\Client\Internal\Connection;
use Tdam\Client\Internal\Credentials;
use Tdam\Client\Internal\Files;
use Tdam\Client\Internal\KeyRequest;
use Tdam\Client\Internal\Log;
use Tdam\Client\Internal\Warnings;

/**
 * Gets the first certificate with the code that the Treasury gave your contact person. The exchange has an address of its own for it.
 *
 * ```php
 * $enrolment = new Enrolment('https://127.0.0.1:8444', Authority::file('ca.pem'), $code);
 * $issued = $enrolment->enroll('certificate.pem', 'key.pem');
 * $client = new Client('https://127.0.0.1:8443', Authority::file('ca.pem'), Identity::files('certificate.pem', 'key.pem'));
 * ```
 */
final class Enrolment
{
    private readonly Calls $calls;

    /** @param string $url Of the enrolment listener: `https://host:port` */
    public function __construct(string $url, Authority $authority, #[\SensitiveParameter] private readonly string $code, ?Options $options = null)
    {
        if (preg_match('/^[A-Za-z0-9-]{1,200}$/D', trim($code)) !== 1) {
            throw ExchangeException::configuration('the enrolment code holds something else than letters, digits and hyphens: is it copied whole?');
        }
        $options ??= new Options();
        $log = new Log($options->log);
        $this->calls = new Calls(
            Address::of($url),
            new Connection($authority, [], $options, $log),
            $options,
            $log,
            new Warnings(null, $log),
        );
    }

    /** @return array<string, string> Without the code. */
    public function __debugInfo(): array
    {
        return ['url' => $this->calls->address->origin];
    }

    /**
     * What the code opens, and how long. Asking does not use it up.
     *
     * ```php
     * echo $enrolment->rules()->subject;
     * ```
     */
    public function rules(): EnrolmentRules
    {
        return EnrolmentRules::of($this->calls->json(new Call('GET', '/v1/enrollment', bearer: trim($this->code))));
    }

    /**
     * Makes a key and a certificate request, gets the certificate, and writes both files. The key never leaves this machine. If it is
     * interrupted, the same call goes on where it was.
     *
     * ```php
     * $enrolment->enroll('certificate.pem', 'key.pem', KeyKind::P256);
     * ```
     *
     * @param string $certificate File to be made, with the chain.
     * @param string $key File to be made, mode 0600.
     * @param string|null $passphrase Encrypts the key's file.
     */
    public function enroll(
        string $certificate,
        string $key,
        KeyKind $keyKind = KeyKind::P256,
        #[\SensitiveParameter] ?string $passphrase = null,
    ): IssuedCertificate {
        if ($this->hasFinished($certificate, $key, $passphrase)) {
            return IssuedCertificate::of(Identity::files($certificate, $key, $passphrase)->load());
        }
        $this->demandNew($certificate);
        $this->demandNew($key);
        $request = KeyRequest::at($key, $keyKind, $this->rules()->subject, $passphrase);
        $call = new Call('POST', '/v1/enrollment', Call::PEM, Body::bytes($request->requestPem), Call::CERTIFICATE_REQUEST, bearer: trim($this->code));
        try {
            $chain = $this->calls->call($call)->text();
        } catch (ExchangeException $error) {
            if ($error->kind() === ErrorKind::Refused && !$error->isUnauthorised()) {
                $request->discard();
            }
            throw $error;
        }
        $credentials = Credentials::fromPem($chain, $request->keyPem, null, 'that the exchange issued');
        Files::writeSecret($certificate, $credentials->chainPem);
        Files::replace($request->keyPath, $key);
        $request->forgetRequest();
        return IssuedCertificate::of($credentials);
    }

    /**
     * Gets a key store (PKCS#12) with key and certificate, for programs that cannot make a request; the operator chose this when making
     * the code. The code works once. Returns the password of the file: the code without its hyphens.
     *
     * ```php
     * $password = $enrolment->enrollKeyStore('certificate.p12');
     * ```
     *
     * @param string $keyStore File to be made, mode 0600.
     */
    public function enrollKeyStore(string $keyStore): string
    {
        $this->demandNew($keyStore);
        // Whether it can be written is found out before the code is used up.
        $part = "{$keyStore}.next";
        @unlink($part);
        Files::writeSecret($part, '');
        $call = new Call('POST', '/v1/enrollment/key-store', Call::KEY_STORE, mayRepeat: false, bearer: trim($this->code));
        try {
            $bytes = $this->calls->call($call)->text();
        } catch (ExchangeException $error) {
            throw $error->isRepeated() ? $error->withAdvice('the code works once: if it is refused now, ask the Treasury for a new one') : $error;
        } finally {
            @unlink($part);
        }
        $password = str_replace('-', '', trim($this->code));
        Files::writeSecret($part, $bytes);
        Files::replace($part, $keyStore);
        Credentials::fromKeyStore($bytes, $password, "`{$keyStore}`");
        return $password;
    }

    /** Finishes what broke off after the certificate was written and before the key got its name. */
    private function hasFinished(string $certificate, string $key, #[\SensitiveParameter] ?string $passphrase): bool
    {
        if (!is_file($certificate) || !is_file("{$key}.next") || file_exists($key)) {
            return false;
        }
        Identity::files($certificate, "{$key}.next", $passphrase)->load();
        Files::replace("{$key}.next", $key);
        @unlink("{$key}.request");
        return true;
    }

    private function demandNew(string $path): void
    {
        if (file_exists($path)) {
            throw ExchangeException::configuration("`{$path}` exists: move it away, or name another file; this library overwrites no key");
        }
        if (!is_dir(dirname($path))) {
            throw ExchangeException::configuration('the folder `' . dirname($path) . '` does not exist: make it first');
        }
    }
}
