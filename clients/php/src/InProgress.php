<?php

declare(strict_types=1);

namespace Tdam\Client;

use Tdam\Client\Internal\Bounds;

/**
 * A message that the exchange has received durably and not answered yet. Keep `location`: it finds the answer, also after a restart.
 *
 * ```php
 * $outcome = $client->submit(Body::file('payments.xml'), wait: 0);
 * if ($outcome instanceof InProgress) {
 *     file_put_contents('pending', $outcome->location);
 * }
 * $answer = $client->waitForAnswer(InProgress::at(file_get_contents('pending')), timeout: 600);
 * ```
 */
final class InProgress
{
    /** @internal */
    public function __construct(
        /** Where the answer will be. */
        public readonly string $location,
        /** Seconds after which the exchange suggests to ask. */
        public readonly float $retryAfter,
        public readonly ?string $requestId,
        /** The receipt: a pain.002 with `GrpSts` RCVD. */
        public readonly ?StatusReport $receipt,
    ) {
    }

    /** A message whose location was kept from an earlier run. */
    public static function at(string $location): self
    {
        return new self(trim($location), Bounds::POLL_PAUSE, null, null);
    }
}
