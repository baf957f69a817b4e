<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * An account that the online user may see. Amounts are decimals as ISO 20022 writes them (`-12.50`): never calculate with floats.
 *
 * ```php
 * foreach ($client->accounts() as $account) {
 *     echo "{$account->iban} {$account->available} {$account->currency}\n";
 * }
 * ```
 */
final class Account
{
    /** @param array<array-key, mixed> $members */
    private function __construct(
        public readonly string $iban,
        public readonly string $currency,
        public readonly string $owner,
        public readonly string $kind,
        /** `open`, `blocked` or `closed` */
        public readonly string $state,
        public readonly string $booked,
        /** Held for payments that are due. */
        public readonly string $held,
        /** What can be spent now. */
        public readonly string $available,
        /** Most that one payment may be. */
        public readonly ?string $paymentLimit,
        /** Most that the payments of one day may be. */
        public readonly ?string $dayLimit,
        public readonly bool $mayDebit,
        public readonly array $members,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        return new self(
            $m->text('iban'),
            $m->text('currency'),
            $m->text('owner'),
            $m->text('kind'),
            $m->text('state'),
            $m->text('booked_balance'),
            $m->text('held'),
            $m->text('available'),
            $m->textOrNull('payment_limit'),
            $m->textOrNull('day_limit'),
            $m->flag('may_debit'),
            $m->members,
        );
    }
}
