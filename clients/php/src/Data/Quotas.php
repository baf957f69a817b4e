<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * What is left of the quotas of the online user and of the address that the requests come from; null where there is no quota.
 *
 * ```php
 * echo $client->quotas()->bytes?->left;
 * ```
 */
final class Quotas
{
    private function __construct(
        public readonly ?QuotaLeft $requests,
        public readonly ?QuotaLeft $bytes,
        public readonly ?QuotaLeft $addressRequests,
        public readonly ?QuotaLeft $addressBytes,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        [$user, $address] = [$m->object('online_user'), $m->object('address')];
        $left = static fn (Members $holder, string $name): ?QuotaLeft => $holder->has($name) ? QuotaLeft::of($holder->object($name)) : null;
        return new self($left($user, 'requests'), $left($user, 'bytes'), $left($address, 'requests'), $left($address, 'bytes'));
    }
}
