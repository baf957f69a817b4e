<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\Options;

/**
 * How long to pause between attempts. Up to a quarter is added at random, so that clients that were cut off together do not come back together.
 *
 * @internal
 */
final class Retries
{
    /** Doubling further changes nothing but the range of numbers. */
    private const DOUBLINGS_MAX = 30;

    public static function pauseAfter(int $attempt, float $askedFor, Options $options): float
    {
        $doubled = $options->firstPause * 2 ** min($attempt - 1, self::DOUBLINGS_MAX);
        $pause = min(max($doubled, $askedFor), $options->pauseMax);
        return $pause + $pause / 4 * random_int(0, 1000) / 1000;
    }
}
