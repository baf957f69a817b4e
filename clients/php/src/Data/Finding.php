<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * One mistake at one place of the message that was sent.
 *
 * ```php
 * foreach ($error->problem()?->findings ?? [] as $finding) {
 *     echo "line {$finding->line}: {$finding->code} {$finding->message}\n";
 * }
 * ```
 */
final class Finding
{
    private function __construct(
        public readonly string $code,
        /** What is wrong, in the language asked for. */
        public readonly string $message,
        public readonly ?int $line,
        public readonly ?int $column,
        /** Path of elements: `/Document/CstmrCdtTrfInitn/GrpHdr/NbOfTxs`. */
        public readonly ?string $path,
        public readonly ?string $rule,
        public readonly ?string $value,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        return new self(
            $m->text('code'),
            $m->text('message'),
            $m->numberOrNull('line'),
            $m->numberOrNull('column'),
            $m->textOrNull('path'),
            $m->textOrNull('rule'),
            $m->textOrNull('value'),
        );
    }
}
