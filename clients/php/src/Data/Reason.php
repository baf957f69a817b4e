<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * Why a payment, block or message was refused.
 *
 * ```php
 * echo $refused->reason->code, ' ', $refused->reason->isoReason, ' ', $refused->reason->text;
 * ```
 */
final class Reason
{
    private function __construct(
        public readonly string $code,
        public readonly ?string $isoReason,
        /** What is wrong, in the language asked for. */
        public readonly string $text,
        /** What to do. */
        public readonly string $remedy,
        public readonly string $element,
        /** What was found there. */
        public readonly string $value,
        public readonly string $expected,
        public readonly string $given,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        return new self(
            $m->text('code'),
            $m->textOrNull('iso_reason'),
            $m->text('text'),
            $m->text('remedy'),
            $m->text('element'),
            $m->text('value'),
            $m->text('expected'),
            $m->text('given'),
        );
    }
}
