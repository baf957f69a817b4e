<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * A block (`PmtInf`) of a message and its status.
 *
 * ```php
 * foreach ($overview->blocks as $block) {
 *     echo "{$block->paymentInformationId}: {$block->status}\n";
 * }
 * ```
 */
final class Block
{
    /**
     * @param list<Reason> $furtherReasons
     * @param list<Reason> $notices
     * @param list<StatusCount> $counts
     */
    private function __construct(
        public readonly string $paymentInformationId,
        public readonly ?string $debtorIban,
        public readonly string $status,
        /** Why the whole block is refused, if it is. */
        public readonly ?Reason $reason,
        public readonly array $furtherReasons,
        /** Which of its payments are executed on another day than requested. */
        public readonly array $notices,
        public readonly ?string $requestedExecutionDate,
        public readonly array $counts,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        return new self(
            $m->text('payment_information_id'),
            $m->textOrNull('debtor_iban'),
            $m->text('status'),
            $m->has('reason') ? Reason::of($m->object('reason')) : null,
            array_map(Reason::of(...), $m->objects('further_reasons')),
            array_map(Reason::of(...), $m->objects('notices')),
            $m->textOrNull('requested_execution_date'),
            array_map(StatusCount::of(...), $m->objects('counts')),
        );
    }
}
