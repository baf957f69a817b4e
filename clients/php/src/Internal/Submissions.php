<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\Answer;
use Tdam\Client\Body;
use Tdam\Client\ExchangeException;
use Tdam\Client\InProgress;
use Tdam\Client\Language;
use Tdam\Client\StatusReport;

/**
 * Submits messages and gets their answer.
 *
 * @internal
 */
final class Submissions
{
    public const PATH = '/v1/payments';
    /** Shortest pause between two questions for an answer. */
    private const POLL_PAUSE_MIN = 0.1;

    public function __construct(private readonly Calls $calls)
    {
    }

    public function submit(Body $body, float $wait, bool $test, ?Language $language, ?string $requestId, ?\Closure $onProgress): Answer|InProgress
    {
        $call = new Call(
            'POST',
            self::PATH . ($test ? '?mode=test' : ''),
            Call::MESSAGE,
            $body,
            language: $language,
            requestId: $requestId,
            wait: max(0.0, $wait),
            isSubmission: true,
            onProgress: $onProgress,
        );
        return $this->outcome($this->calls->call($call));
    }

    /** Asks once. */
    public function ask(InProgress $inProgress, float $wait, ?Language $language): Answer|InProgress
    {
        $call = new Call('GET', $inProgress->location, Call::MESSAGE, language: $language, wait: $wait);
        return $this->outcome($this->calls->call($call));
    }

    public function await(InProgress $inProgress, float $timeout, ?Language $language): Answer
    {
        $deadline = Clock::now() + $timeout;
        while (true) {
            $left = max(0.0, $deadline - Clock::now());
            $outcome = $this->ask($inProgress, min($left, Bounds::WAIT_DEFAULT), $language);
            if ($outcome instanceof Answer) {
                return $outcome;
            }
            $pause = min(max($outcome->retryAfter, self::POLL_PAUSE_MIN), $this->calls->options->pauseMax);
            if (Clock::now() + $pause >= $deadline) {
                throw ExchangeException::timeout("waiting for the answer to a message that was received ({$inProgress->location})", $timeout);
            }
            $this->calls->log->debug(sprintf('%s is in progress: pause of %.2f s', $inProgress->location, $pause));
            $this->calls->connection->transport()->pause($pause);
        }
    }

    /**
     * Submits many messages, so many at once.
     *
     * @template K
     *
     * @param iterable<K, Body> $bodies
     *
     * @return \Generator<K, Answer|ExchangeException>
     */
    public function each(iterable $bodies, int $connections, float $timeout, ?Language $language): \Generator
    {
        $one = function (Body $body) use ($timeout, $language): Answer|ExchangeException {
            try {
                $outcome = $this->submit($body, Bounds::WAIT_DEFAULT, false, $language, null, null);
                return $outcome instanceof Answer ? $outcome : $this->await($outcome, $timeout, $language);
            } catch (ExchangeException $error) {
                return $error;
            }
        };
        $loop = $this->calls->connection->loop();
        if ($loop !== null) {
            yield from $loop->each($bodies, max(1, $connections), $one);
            return;
        }
        foreach ($bodies as $key => $body) {
            yield $key => $one($body);
        }
    }

    private function outcome(Reply $reply): Answer|InProgress
    {
        if ($reply->status() === Reply::ACCEPTED) {
            $location = $reply->field('location');
            if ($location === null) {
                throw ExchangeException::unexpected('the message was received, but the exchange does not say where its answer will be: ask for its status');
            }
            return new InProgress(
                $location,
                $reply->retryAfter() ?? Bounds::POLL_PAUSE,
                $reply->field('x-request-id'),
                StatusReport::of($reply->response),
            );
        }
        if ($reply->isJson()) {
            throw ExchangeException::unexpected('a pain.002 was expected, and the answer is JSON; is the address that of an exchange?');
        }
        return Answer::of($reply->response);
    }
}
