<?php

declare(strict_types=1);

namespace Tdam\Client;

use Tdam\Client\Internal\Credentials;
use Tdam\Client\Internal\Files;

/**
 * The online user's certificate and private key. Passwords and keys appear in no stack trace and no `var_dump`.
 *
 * ```php
 * $identity = Identity::files('certificate.pem', 'key.pem');
 * $identity = Identity::keyStoreFile('certificate.p12', $password);
 * ```
 */
final class Identity
{
    private function __construct(
        /** @internal */
        public readonly ?string $certificatePath,
        /** @internal */
        public readonly ?string $keyPath,
        /** @internal */
        public readonly ?string $keyStorePath,
        private readonly string $certificatePem,
        private readonly string $keyPem,
        private readonly ?string $keyStore,
        private readonly ?string $password,
    ) {
    }

    /** @return array<string, string|null> Without keys and passwords. */
    public function __debugInfo(): array
    {
        return ['certificate' => $this->certificatePath, 'key' => $this->keyPath, 'keyStore' => $this->keyStorePath];
    }

    /** From two PEM files. The certificate's file may hold its chain too; the key may be encrypted. */
    public static function files(string $certificate, string $key, #[\SensitiveParameter] ?string $passphrase = null): self
    {
        return new self($certificate, $key, null, '', '', null, $passphrase);
    }

    /** From PEM bytes, for example out of a vault. */
    public static function pem(
        string $certificate,
        #[\SensitiveParameter] string $key,
        #[\SensitiveParameter] ?string $passphrase = null,
    ): self {
        return new self(null, null, null, $certificate, $key, null, $passphrase);
    }

    /** From a key store (PKCS#12), usually `.p12` or `.pfx`. */
    public static function keyStoreFile(string $path, #[\SensitiveParameter] string $password): self
    {
        return new self(null, null, $path, '', '', null, $password);
    }

    /** From the bytes of a key store (PKCS#12). */
    public static function keyStore(#[\SensitiveParameter] string $bytes, #[\SensitiveParameter] string $password): self
    {
        return new self(null, null, null, '', '', $bytes, $password);
    }

    /** @internal */
    public function isFromFiles(): bool
    {
        return $this->keyPath !== null || $this->keyStorePath !== null;
    }

    /** @internal */
    public function password(): ?string
    {
        return $this->password;
    }

    /** @internal */
    public function load(): Credentials
    {
        if ($this->keyStorePath !== null) {
            $bytes = Files::read($this->keyStorePath, 'the key store');
            return Credentials::fromKeyStore($bytes, $this->password ?? '', "`{$this->keyStorePath}`");
        }
        if ($this->keyStore !== null) {
            return Credentials::fromKeyStore($this->keyStore, $this->password ?? '', 'given as bytes');
        }
        if ($this->certificatePath === null || $this->keyPath === null) {
            return Credentials::fromPem($this->certificatePem, $this->keyPem, $this->password, 'given as bytes');
        }
        return $this->loadPair($this->certificatePath, $this->keyPath);
    }

    /** A renewal that is in the middle of its two renamings, or broke off there, left the key's certificate beside the old one. */
    private function loadPair(string $certificatePath, string $keyPath): Credentials
    {
        $read = function (string $path) use ($keyPath): Credentials {
            $key = Files::read($keyPath, 'the private key');
            return Credentials::fromPem(Files::read($path, 'the certificate'), $key, $this->password, "`{$path}`, `{$keyPath}`");
        };
        try {
            return $read($certificatePath);
        } catch (ExchangeException $mismatch) {
            foreach (["{$certificatePath}.next", $certificatePath] as $path) {
                try {
                    return is_file($path) ? $read($path) : throw $mismatch;
                } catch (ExchangeException) {
                    continue;
                }
            }
            throw $mismatch;
        }
    }
}
