<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * A message and where its payments stand now.
 *
 * ```php
 * $overview = $client->statusOverview('MSG-1');
 * echo "{$overview->status}: {$overview->refusedTotal} of {$overview->payments} refused\n";
 * ```
 */
final class StatusOverview
{
    /**
     * @param list<Reason> $furtherReasons
     * @param list<StatusCount> $counts
     * @param list<Block> $blocks
     * @param list<RefusedPayment> $refused
     * @param array<array-key, mixed> $members
     */
    private function __construct(
        /** `MsgId` */
        public readonly string $messageId,
        /** `pain.001.001.09` */
        public readonly string $messageType,
        /** Status of the group: RCVD, RJCT, PART, PDNG, ACCP, ACSP or ACSC. */
        public readonly string $status,
        /** How many payments the message holds. */
        public readonly int $payments,
        public readonly ?string $controlSum,
        /** Why the message is refused as a whole, if it is. */
        public readonly ?Reason $reason,
        public readonly array $furtherReasons,
        public readonly array $counts,
        public readonly array $blocks,
        /** Refused payments in file order, up to a bound. */
        public readonly array $refused,
        /** How many payments are refused in all. */
        public readonly int $refusedTotal,
        public readonly array $members,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        return new self(
            $m->text('message_id'),
            $m->text('message_type'),
            $m->text('status'),
            $m->number('number_of_transactions'),
            $m->textOrNull('control_sum'),
            $m->has('reason') ? Reason::of($m->object('reason')) : null,
            array_map(Reason::of(...), $m->objects('further_reasons')),
            array_map(StatusCount::of(...), $m->objects('counts')),
            array_map(Block::of(...), $m->objects('blocks')),
            array_map(RefusedPayment::of(...), $m->objects('refused')),
            $m->number('refused_total'),
            $m->members,
        );
    }
}
