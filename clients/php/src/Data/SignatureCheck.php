<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * How the exchange judges the signature of a request.
 *
 * ```php
 * $check = $client->checkSignature(Body::file('payments.xml'));
 * echo $check->isAccepted ? 'right' : "{$check->code} {$check->text}";
 * ```
 */
final class SignatureCheck
{
    /** @param list<SignatureStep> $steps */
    private function __construct(
        public readonly bool $isAccepted,
        /** Whether this online user has to sign. */
        public readonly bool $isRequired,
        /** The code that such a submission is refused with. */
        public readonly ?string $code,
        public readonly ?string $text,
        public readonly array $steps,
        /** What the exchange takes for signed. */
        public readonly ?string $signatureBase,
        public readonly string $contentDigest,
        /** Fingerprint of the certificate in use. */
        public readonly string $keyid,
        /** The exchange's time in seconds since 1970. */
        public readonly int $serverTime,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        return new self(
            $m->flag('accepted'),
            $m->flag('required'),
            $m->textOrNull('code'),
            $m->textOrNull('text'),
            array_map(SignatureStep::of(...), $m->objects('steps')),
            $m->textOrNull('signature_base'),
            $m->text('content_digest'),
            $m->text('keyid'),
            $m->number('server_time'),
        );
    }
}
