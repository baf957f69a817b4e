<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Bounds;
use Tdam\Client\Internal\Members;

/**
 * Problem details (RFC 9457): why the exchange refused a request. Decide by `code`; texts may change.
 *
 * ```php
 * try {
 *     $client->submit(Body::file('payments.xml'));
 * } catch (ExchangeException $error) {
 *     echo $error->problem()?->code, ' ', $error->problem()?->latvian->title, "\n";
 * }
 * ```
 */
final class Problem
{
    /**
     * @param list<Finding> $findings
     * @param array<array-key, mixed> $members
     */
    private function __construct(
        /** The HTTP status. */
        public readonly int $status,
        /** The code of the catalogue, `TDAM-2109`; empty when the answer had no problem document. */
        public readonly string $code,
        public readonly string $title,
        public readonly ?string $detail,
        /** What to do. */
        public readonly string $remedy,
        /** By what the operator finds the request. */
        public readonly string $requestId,
        /** ISO 20022 reason code with the same meaning, if there is one. */
        public readonly ?string $isoReason,
        public readonly array $findings,
        /** How many findings there were; not listed ones included. */
        public readonly int $findingsTotal,
        public readonly ?float $retryAfterSeconds,
        /** Address of the catalogue's entry, which needs no certificate. */
        public readonly ?string $documentation,
        public readonly Texts $latvian,
        public readonly Texts $english,
        /** All members of the document, also those that this version does not know. */
        public readonly array $members,
    ) {
    }

    /** @internal */
    public static function of(int $status, Members $m, string $requestId, ?float $retryAfter): self
    {
        $texts = $m->object('texts');
        $seconds = $m->numberOrNull('retry_after_seconds');
        return new self(
            $status,
            $m->text('code'),
            $m->text('title') !== '' ? $m->text('title') : "HTTP status {$status}",
            $m->textOrNull('detail'),
            $m->text('remedy'),
            $m->text('request_id') !== '' ? $m->text('request_id') : $requestId,
            $m->textOrNull('iso_reason'),
            array_map(Finding::of(...), array_slice($m->objects('findings'), 0, Bounds::FINDINGS_MAX)),
            $m->number('findings_total'),
            $retryAfter ?? ($seconds === null ? null : (float) $seconds),
            $m->textOrNull('documentation'),
            Texts::of($texts->object('lv')),
            Texts::of($texts->object('en')),
            $m->members,
        );
    }

    /** The problem in one sentence: code, what was found, what to do, by what the operator finds it. */
    public function sentence(): string
    {
        if ($this->code === '') {
            return "HTTP status {$this->status}, and the answer says no more";
        }
        $sentence = "{$this->code} " . ($this->detail ?? $this->title);
        $sentence .= $this->remedy === '' ? '' : " {$this->remedy}";
        return $sentence . ($this->requestId === '' ? '' : " [request {$this->requestId}]");
    }
}
