<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\Authority;
use Tdam\Client\ExchangeException;
use Tdam\Client\Identity;
use Tdam\Client\Options;
use Tdam\Client\RequestSigner;
use Tdam\Client\Transport\CurlTransport;
use Tdam\Client\Transport\Transport;

/**
 * The transport with the identity in use: the newest certificate that is valid now. Reading the files again replaces both.
 *
 * @internal
 */
final class Connection
{
    private Transport $transport;
    private ?Credentials $credentials = null;
    private ?Identity $identity = null;
    private ?RequestSigner $signer = null;

    /** @param list<Identity> $identities */
    public function __construct(
        private readonly Authority $authority,
        private readonly array $identities,
        private readonly Options $options,
        private readonly Log $log,
        private readonly Loop $loop = new Loop(),
    ) {
        $this->transport = $this->connect();
    }

    /** A connection with another certificate, which is not in files yet. */
    public function with(Credentials $credentials): self
    {
        $identity = Identity::pem($credentials->chainPem, $credentials->keyPem);
        return new self($this->authority, [$identity], $this->options, $this->log, $this->loop);
    }

    /** What runs several calls at once; null where the transport cannot do that. */
    public function loop(): ?Loop
    {
        return $this->options->transport === null ? $this->loop : null;
    }

    public function transport(): Transport
    {
        return $this->transport;
    }

    public function signer(): ?RequestSigner
    {
        return $this->options->sign ? $this->signer : null;
    }

    public function identity(): ?Identity
    {
        return $this->identity;
    }

    public function credentials(): ?Credentials
    {
        return $this->credentials;
    }

    /** Reads the files again. What is unusable changes nothing. */
    public function reload(): void
    {
        $this->transport = $this->connect();
    }

    /** Whether another certificate than this one can be used now: because another call took it up, or because the files hold another. */
    public function hasOtherThan(?string $fingerprint): bool
    {
        if ($this->credentials?->fingerprint !== $fingerprint) {
            return true;
        }
        try {
            [, $credentials] = $this->newest();
            if ($credentials === null || $credentials->fingerprint === $fingerprint) {
                return false;
            }
            $this->reload();
            return true;
        } catch (ExchangeException) {
            return false;
        }
    }

    private function connect(): Transport
    {
        $authority = $this->authority->load();
        [$identity, $credentials] = $this->newest();
        $signer = $credentials !== null && $this->options->sign ? RequestSigner::ofCredentials($credentials) : null;
        if ($this->options->sign && $signer === null) {
            throw ExchangeException::configuration('submissions cannot be signed without certificate and key: give an identity');
        }
        $transport = $this->options->transport ?? new CurlTransport($authority, $credentials, $this->options, $this->loop);
        [$this->identity, $this->credentials, $this->signer] = [$identity, $credentials, $signer];
        if ($credentials !== null) {
            $this->log->debug("the certificate in use is {$credentials->serial}, valid until " . gmdate('Y-m-d\TH:i:s\Z', $credentials->validUntil));
        }
        return $transport;
    }

    /**
     * The newest identity that is valid by this machine's clock; if none is, the newest of all, since the exchange's clock counts.
     *
     * @return array{Identity|null, Credentials|null}
     */
    private function newest(): array
    {
        $now = time();
        $best = [null, null];
        $failure = null;
        foreach ($this->identities as $identity) {
            try {
                $credentials = $identity->load();
            } catch (ExchangeException $unusable) {
                $failure ??= $unusable;
                $this->log->warning("an identity is passed over: {$unusable->getMessage()}");
                continue;
            }
            $rank = [$credentials->isValidAt($now), $credentials->validFrom, $credentials->validUntil];
            $bestRank = $best[1] === null ? null : [$best[1]->isValidAt($now), $best[1]->validFrom, $best[1]->validUntil];
            if ($bestRank === null || $rank > $bestRank) {
                $best = [$identity, $credentials];
            }
        }
        if ($best[1] === null && $failure !== null) {
            throw $failure;
        }
        return $best;
    }
}
