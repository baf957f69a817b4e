<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\ExchangeException;
use Tdam\Client\Transport\Response;

/**
 * Answer to a call that the exchange did not refuse.
 *
 * @internal
 */
final class Reply
{
    public const ACCEPTED = 202;

    public function __construct(public readonly Response $response)
    {
    }

    public function status(): int
    {
        return $this->response->status;
    }

    public function field(string $name): ?string
    {
        return $this->response->field($name);
    }

    public function isJson(): bool
    {
        $type = strtolower(trim(explode(';', $this->field('content-type') ?? '')[0]));
        return in_array($type, ['application/json', 'application/problem+json'], true);
    }

    /** The whole body, which is short. */
    public function text(): string
    {
        $text = stream_get_contents($this->response->body, Bounds::JSON_BYTES_MAX + 1, 0);
        if ($text === false || strlen($text) > Bounds::JSON_BYTES_MAX) {
            throw ExchangeException::unexpected('the answer is longer than ' . Bounds::JSON_BYTES_MAX . ' bytes, although it should be short');
        }
        return $text;
    }

    public function json(): Members
    {
        try {
            $members = json_decode($this->text(), true, 64, JSON_THROW_ON_ERROR);
        } catch (\JsonException $error) {
            throw ExchangeException::unexpected("the answer is not what this library expects ({$error->getMessage()}); is the address that of an exchange?", $error);
        }
        if (!is_array($members)) {
            throw ExchangeException::unexpected('the answer is not what this library expects; is the address that of an exchange?');
        }
        return new Members($members);
    }

    /** Seconds of `Retry-After`: a number, or a date. */
    public function retryAfter(): ?float
    {
        $value = $this->field('retry-after');
        if ($value === null) {
            return null;
        }
        if (preg_match('/^\d{1,9}$/', $value) === 1) {
            return (float) $value;
        }
        $then = strtotime($value);
        return $then === false ? null : (float) max(0, $then - time());
    }
}
