<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * What is left of one quota.
 *
 * ```php
 * $requests = $client->quotas()->requests;
 * echo $requests === null ? 'no quota' : "{$requests->left} left, all in {$requests->fullInSeconds} s";
 * ```
 */
final class QuotaLeft
{
    private function __construct(
        public readonly int $left,
        /** Of requests: how many more heartbeats, statuses and answers the reserve allows. */
        public readonly ?int $reserveLeft,
        public readonly int $burst,
        public readonly int $perSecond,
        public readonly int $fullInSeconds,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        return new self($m->number('left'), $m->numberOrNull('reserve_left'), $m->number('burst'), $m->number('per_second'), $m->number('full_in_seconds'));
    }
}
