<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\Data\Problem;
use Tdam\Client\ExchangeException;
use Tdam\Client\Options;
use Tdam\Client\Transport\Request;
use Tdam\Client\Version;

/**
 * Makes calls: fields, attempts, pauses, time limits, and what the answer's status means.
 *
 * @internal
 */
final class Calls
{
    /** Codes after which another certificate may help: missing, unknown, revoked, ended. */
    private const CERTIFICATE_CODES = ['TDAM-1001', 'TDAM-1002', 'TDAM-1003', 'TDAM-1004'];
    /** A signature is refused when the clock differs by more. */
    private const CLOCK_SKEW_SECONDS = 60;

    public function __construct(
        public readonly Address $address,
        public readonly Connection $connection,
        public readonly Options $options,
        public readonly Log $log,
        public readonly Warnings $warnings,
    ) {
    }

    /** The same exchange by another connection. */
    public function with(Connection $connection): self
    {
        return new self($this->address, $connection, $this->options, $this->log, $this->warnings);
    }

    /** Makes the call, again where that is safe and makes sense. */
    public function call(Call $call): Reply
    {
        $deadline = Clock::now() + $this->options->callTimeout;
        $hasReloaded = false;
        for ($attempt = $counted = 1;; $attempt++) {
            $used = $this->connection->credentials()?->fingerprint;
            try {
                return $this->attempt($call, $deadline);
            } catch (ExchangeException $error) {
                $error->after($attempt);
            }
            $this->logFailure($call, $attempt, $error);
            if (!$hasReloaded && $this->isCertificateRefused($error) && $this->connection->hasOtherThan($used)) {
                $this->log->info('the files hold another certificate: once more with that');
                $hasReloaded = true;
                continue;
            }
            // The exchange works on these very bytes: that is asking for the answer, not another attempt.
            $counted += $error->isBeingProcessed() ? 0 : 1;
            if (!$call->mayRepeat || !$error->isRepeated() || $counted > $this->options->attemptsMax) {
                throw $error;
            }
            $pause = Retries::pauseAfter(max(1, $counted - 1), $error->problem()?->retryAfterSeconds ?? 0.0, $this->options);
            if (Clock::now() + $pause >= $deadline) {
                throw $error;
            }
            $this->log->debug(sprintf('pause of %.2f s', $pause));
            $this->connection->transport()->pause($pause);
        }
    }

    /** Asks for JSON and reads it. */
    public function json(Call $call): Members
    {
        return $this->call($call)->json();
    }

    private function attempt(Call $call, float $deadline): Reply
    {
        $path = $this->address->path($call->target);
        $left = max(0.001, $deadline - Clock::now());
        $request = new Request(
            $call->method,
            $this->address->origin . $path,
            $this->address->origin,
            $this->fields($call, $path),
            $call->body,
            $this->options->idleTimeout + ($call->wait ?? 0.0),
            $left,
            $this->options->answerBytesMax,
            $call->onProgress,
        );
        $begin = Clock::now();
        $reply = new Reply($this->connection->transport()->send($request));
        $this->log->debug(sprintf('%s %s: %d after %.3f s', $call->method, $this->shown($call), $reply->status(), Clock::now() - $begin), ['request_id' => $reply->field('x-request-id')]);
        $this->warnings->hear($reply->field('x-exchange-warning'));
        if ($reply->status() >= 400) {
            throw ExchangeException::refused($this->problem($reply, $call));
        }
        if ($reply->status() < 200 || $reply->status() >= 300) {
            throw ExchangeException::unexpected("{$this->address->origin} answers with status {$reply->status()}, which an exchange never does: check the address");
        }
        return $reply;
    }

    /** @return array<string, string> */
    private function fields(Call $call, string $path): array
    {
        $fields = ['User-Agent' => trim("{$this->options->userAgent} " . Version::USER_AGENT), 'Accept' => $call->accept];
        $language = $call->language ?? $this->options->language;
        if ($language !== null) {
            $fields['Accept-Language'] = $language->value;
        }
        if ($call->requestId !== null) {
            $fields['X-Request-Id'] = $call->requestId;
        }
        if ($call->wait !== null) {
            $fields['Prefer'] = 'wait=' . (int) ceil($call->wait);
        }
        if ($call->bearer !== null) {
            $fields['Authorization'] = "Bearer {$call->bearer}";
        }
        if ($call->body !== null) {
            $fields['Content-Type'] = $call->contentType;
            $signer = $call->isSubmission ? $this->connection->signer() : null;
            $fields += $signer?->sign($call->method, $this->address->authority, $path, $call->body->sha256()) ?? [];
        }
        return $fields;
    }

    /** The problem document of an answer; one that cannot be read is made from the status alone. */
    private function problem(Reply $reply, Call $call): Problem
    {
        try {
            $members = $reply->isJson() ? $reply->json() : new Members([]);
        } catch (ExchangeException) {
            $members = new Members([]);
        }
        if ($call->isSubmission && $members->text('code') === 'TDAM-1011') {
            $members = $this->withClock($members, $reply);
        }
        return Problem::of($reply->status(), $members, $reply->field('x-request-id') ?? '', $reply->retryAfter());
    }

    /** A signature that is refused while the clocks differ: most likely because of it. */
    private function withClock(Members $members, Reply $reply): Members
    {
        $theirs = strtotime($reply->field('date') ?? '');
        $ahead = $theirs === false ? 0 : time() - $theirs;
        if (abs($ahead) <= self::CLOCK_SKEW_SECONDS) {
            return $members;
        }
        $remedy = sprintf("This machine's clock is %d s %s the exchange's: set it right.", abs($ahead), $ahead > 0 ? 'ahead of' : 'behind');
        return new Members(['remedy' => trim("{$members->text('remedy')} {$remedy}")] + $members->members);
    }

    private function isCertificateRefused(ExchangeException $error): bool
    {
        return $error->isUnauthorised() && ($error->problem() === null || in_array($error->problem()->code, self::CERTIFICATE_CODES, true));
    }

    /** Texts of problems quote the message that was sent, so the log gets their code only. */
    private function logFailure(Call $call, int $attempt, ExchangeException $error): void
    {
        $problem = $error->problem();
        $why = $problem === null ? $error->getMessage() : "{$problem->status} {$problem->code}";
        $context = $problem === null ? [] : ['request_id' => $problem->requestId];
        $this->log->info("{$call->method} {$this->shown($call)}: attempt {$attempt} failed ({$error->kind()->value}): {$why}", $context);
    }

    /** The target without its query, which may name messages. */
    private function shown(Call $call): string
    {
        return explode('?', $call->target)[0];
    }
}
