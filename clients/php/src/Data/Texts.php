<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * Title, explanation and remedy of a code in one language.
 *
 * ```php
 * echo $client->catalogueEntry('TDAM-3107')->latvian->remedy;
 * ```
 */
final class Texts
{
    private function __construct(
        public readonly string $title,
        public readonly string $explanation,
        public readonly string $remedy,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        return new self($m->text('title'), $m->text('explanation'), $m->text('remedy'));
    }
}
