<?php

declare(strict_types=1);

namespace Tdam\Client;

use Tdam\Client\Data\Problem;

/**
 * Why a call failed. The message says what happened and what to do; {@see ExchangeException::kind()} is for programs.
 *
 * ```php
 * try {
 *     $answer = $client->submitAndWait(Body::file('payments.xml'));
 * } catch (ExchangeException $error) {
 *     if ($error->isUnauthorised()) {
 *         mail('it@example.org', 'Certificate', $error->getMessage());
 *     } elseif ($error->problem() !== null) {
 *         error_log($error->problem()->code . ' ' . $error->problem()->title);
 *     } else {
 *         error_log($error->getMessage());
 *     }
 * }
 * ```
 */
final class ExchangeException extends \RuntimeException
{
    private int $attempts = 1;

    private function __construct(
        private readonly ErrorKind $kind,
        string $message,
        private readonly ?Problem $problem = null,
        private readonly bool $clientCertificateRefused = false,
        ?\Throwable $previous = null,
    ) {
        parent::__construct($message, 0, $previous);
    }

    /** What kind of error it is. */
    public function kind(): ErrorKind
    {
        return $this->kind;
    }

    /** The problem document, where the exchange sent one (kinds refused and unavailable). */
    public function problem(): ?Problem
    {
        return $this->problem;
    }

    /** The exchange does not accept who calls: certificate missing, revoked or ended, address not allowed, no right to it. */
    public function isUnauthorised(): bool
    {
        return $this->clientCertificateRefused
            || ($this->kind === ErrorKind::Refused && in_array($this->problem?->status, [401, 403], true));
    }

    /** Whether the same call, unchanged, may succeed later. The library has repeated most of them already; 408 and 500 are left to you. */
    public function isWorthRepeating(): bool
    {
        return $this->isRepeated() || ($this->kind === ErrorKind::Refused && in_array($this->problem?->status, [408, 500], true));
    }

    /** @internal Whether the library repeats such a call by itself. */
    public function isRepeated(): bool
    {
        return in_array($this->kind, [ErrorKind::Connection, ErrorKind::Timeout, ErrorKind::Unavailable], true);
    }

    /** How many attempts the library made before it gave up. */
    public function attempts(): int
    {
        return $this->attempts;
    }

    /** @internal */
    public static function configuration(string $message, ?\Throwable $previous = null): self
    {
        return new self(ErrorKind::Configuration, $message, previous: $previous);
    }

    /** @internal */
    public static function input(string $message, ?\Throwable $previous = null): self
    {
        return new self(ErrorKind::Input, $message, previous: $previous);
    }

    /** @internal */
    public static function connection(string $origin, string $detail, ?\Throwable $previous = null): self
    {
        $message = "no connection to {$origin}: {$detail}; check the address and that the service runs, then send the same bytes again";
        return new self(ErrorKind::Connection, $message, previous: $previous);
    }

    /** @internal */
    public static function tls(string $origin, string $failure, bool $clientCertificateRefused = false): self
    {
        $message = "no secure connection to {$origin}: {$failure}";
        return new self(ErrorKind::Tls, $message, null, $clientCertificateRefused);
    }

    /** @internal */
    public static function timeout(string $doing, float $seconds): self
    {
        $seconds = rtrim(rtrim(number_format($seconds, 3, '.', ''), '0'), '.');
        $message = "no answer within {$seconds} s while {$doing}; the outcome is not known, and sending the same bytes again is safe";
        return new self(ErrorKind::Timeout, $message);
    }

    /** @internal */
    public static function refused(Problem $problem): self
    {
        $beingProcessed = $problem->status === 409 && $problem->code === self::BEING_PROCESSED;
        if ($beingProcessed || in_array($problem->status, [429, 502, 503, 504], true)) {
            return new self(ErrorKind::Unavailable, "the exchange cannot answer now: {$problem->sentence()}", $problem);
        }
        return new self(ErrorKind::Refused, "refused: {$problem->sentence()}", $problem);
    }

    /** @internal */
    public static function unexpected(string $message, ?\Throwable $previous = null): self
    {
        return new self(ErrorKind::Unexpected, $message, previous: $previous);
    }

    /** @internal */
    public function isBeingProcessed(): bool
    {
        return $this->problem?->code === self::BEING_PROCESSED;
    }

    /** @internal */
    public function withAdvice(string $advice): self
    {
        $this->message .= " ({$advice})";
        return $this;
    }

    /** @internal */
    public function after(int $attempts): self
    {
        if ($attempts > 1 && $this->attempts === 1) {
            $this->attempts = $attempts;
            $this->message .= " (after {$attempts} attempts)";
        }
        return $this;
    }

    /** The exchange works on the same bytes, which another request brought. */
    private const BEING_PROCESSED = 'TDAM-5009';
}
