<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * How many payments are in a status, and what they add up to.
 *
 * ```php
 * foreach ($overview->counts as $count) {
 *     echo "{$count->status}: {$count->count} {$count->total} {$count->currency}\n";
 * }
 * ```
 */
final class StatusCount
{
    private function __construct(
        public readonly string $status,
        public readonly int $count,
        /** Their exact sum, where it is known. */
        public readonly ?string $total,
        public readonly ?string $currency,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        return new self($m->text('status'), $m->number('count'), $m->textOrNull('total'), $m->textOrNull('currency'));
    }
}
