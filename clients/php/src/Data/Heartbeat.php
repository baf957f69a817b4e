<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * Am I connected, as whom, and for how long. Days are counted in Europe/Riga; on the last day 0 are left.
 *
 * ```php
 * $heartbeat = $client->heartbeat();
 * echo "{$heartbeat->onlineUser}: {$heartbeat->certificateDaysLeft} days left\n";
 * ```
 */
final class Heartbeat
{
    /** @param array<array-key, mixed> $members */
    private function __construct(
        /** The exchange's clock (RFC 3339). */
        public readonly string $time,
        /** `YYYY-MM-DD` */
        public readonly string $businessDay,
        /** The institution. */
        public readonly string $client,
        /** The information system. */
        public readonly string $onlineUser,
        /** `view` or `manage` */
        public readonly string $accessMode,
        /** When the certificate ends (RFC 3339). */
        public readonly string $certificateUntil,
        public readonly int $certificateDaysLeft,
        /** Last day of the registration (`YYYY-MM-DD`). */
        public readonly string $registrationUntil,
        public readonly int $registrationDaysLeft,
        /** All members of the answer. */
        public readonly array $members,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        $caller = $m->object('caller');
        return new self(
            $m->text('time'),
            $m->text('business_day'),
            $caller->text('client'),
            $caller->text('online_user'),
            $caller->text('access_mode'),
            $caller->text('certificate_not_after'),
            $caller->number('certificate_days_left'),
            $caller->text('registration_valid_until'),
            $caller->number('registration_days_left'),
            $m->members,
        );
    }
}
