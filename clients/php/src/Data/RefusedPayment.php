<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * A refused payment, or a range of payments that were refused for one reason.
 *
 * ```php
 * foreach ($client->statusOverview('MSG-1')->refused as $refused) {
 *     echo "line {$refused->line}: {$refused->endToEndId} {$refused->reason->text}\n";
 * }
 * ```
 */
final class RefusedPayment
{
    /** @param list<Reason> $furtherReasons */
    private function __construct(
        /** Place of the (first) payment in the file, from 1. */
        public readonly int $first,
        public readonly int $last,
        /** How many payments are meant. */
        public readonly int $count,
        public readonly ?string $paymentInformationId,
        public readonly ?string $endToEndId,
        public readonly ?string $amount,
        public readonly ?string $currency,
        public readonly ?string $creditorName,
        /** Line of the file where the (first) payment begins. */
        public readonly ?int $line,
        /** `admission`, `execution` or `settlement` */
        public readonly string $stage,
        public readonly Reason $reason,
        public readonly array $furtherReasons,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        return new self(
            $m->number('first'),
            $m->number('last'),
            $m->number('count'),
            $m->textOrNull('payment_information_id'),
            $m->textOrNull('end_to_end_id'),
            $m->textOrNull('amount'),
            $m->textOrNull('currency'),
            $m->textOrNull('creditor_name'),
            $m->numberOrNull('line'),
            $m->text('stage'),
            Reason::of($m->object('reason')),
            array_map(Reason::of(...), $m->objects('further_reasons')),
        );
    }
}
