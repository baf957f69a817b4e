<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * A code of the exchange's catalogue of errors.
 *
 * ```php
 * echo $client->catalogueEntry('TDAM-3107')->english->remedy;
 * ```
 */
final class CatalogueEntry
{
    private function __construct(
        public readonly string $code,
        public readonly ?string $isoReason,
        /** The HTTP status, if the code can be the answer to a request. */
        public readonly ?int $httpStatus,
        /** Whether the same request, unchanged, may succeed later. */
        public readonly bool $isRetryable,
        /** Where the rule comes from. */
        public readonly string $source,
        public readonly Texts $latvian,
        public readonly Texts $english,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        $texts = $m->object('texts');
        return new self(
            $m->text('code'),
            $m->textOrNull('iso_reason'),
            $m->numberOrNull('http_status'),
            $m->flag('retryable'),
            $m->text('source'),
            Texts::of($texts->object('lv')),
            Texts::of($texts->object('en')),
        );
    }
}
