<?php

declare(strict_types=1);

namespace Tdam\Client\Transport;

use Tdam\Client\Body;

/**
 * One request as a {@see Transport} gets it.
 *
 * ```php
 * public function send(Request $request): Response
 * {
 *     $lines = array_map(static fn (string $name, string $value): string => "{$name}: {$value}",
 *         array_keys($request->fields), $request->fields);
 *     // …
 * }
 * ```
 */
final class Request
{
    /** @param array<string, string> $fields */
    public function __construct(
        public readonly string $method,
        /** `https://host:port/path?query` */
        public readonly string $url,
        /** `https://host:port`, for messages to people. */
        public readonly string $origin,
        public readonly array $fields,
        public readonly ?Body $body,
        /** Seconds that no byte may move. */
        public readonly float $idleTimeout,
        /** Seconds that the whole request may take. */
        public readonly float $timeout,
        public readonly int $answerBytesMax,
        /** Called with bytes sent so far and bytes of all; after a lost connection it starts over. */
        public readonly ?\Closure $onProgress = null,
    ) {
    }
}
