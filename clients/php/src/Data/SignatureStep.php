<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * A step of the exchange's judgement of a signature.
 *
 * ```php
 * foreach ($check->steps as $step) {
 *     echo $step->step, $step->isPassed ? ' ok ' : ' WRONG ', $step->detail, "\n";
 * }
 * ```
 */
final class SignatureStep
{
    private function __construct(
        /** `encoding`, `fields`, `key`, `covered`, `time`, `algorithm`, `base`, `signature` or `digest` */
        public readonly string $step,
        public readonly bool $isPassed,
        /** What the exchange found. */
        public readonly string $detail,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        return new self($m->text('step'), $m->flag('passed'), $m->text('detail'));
    }
}
