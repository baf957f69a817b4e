<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

/**
 * A clock that only moves forward, whatever happens to the machine's time.
 *
 * @internal
 */
final class Clock
{
    /** Seconds since some moment. */
    public static function now(): float
    {
        return hrtime(true) / 1e9;
    }
}
