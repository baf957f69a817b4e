<?php

declare(strict_types=1);

namespace Tdam\Client\Data;

use Tdam\Client\Internal\Members;

/**
 * For whom the next certificate will be, and what its request must be like.
 *
 * ```php
 * echo $client->certificateRules()->subject; // /O=Daugavas novada pašvaldība/CN=Daugava grāmatvedība
 * ```
 */
final class EnrolmentRules
{
    /**
     * @param list<string> $keys
     * @param list<string> $signatures
     */
    private function __construct(
        /** `request` (send a certificate request) or `key_store` (pick up a PKCS#12 file) */
        public readonly string $kind,
        /** As OpenSSL takes it (`-subj`). */
        public readonly string $subject,
        public readonly string $subjectAlternativeName,
        /** Keys that are accepted. */
        public readonly array $keys,
        /** Signatures of requests that are accepted. */
        public readonly array $signatures,
        /** The command that makes key and request. */
        public readonly string $openssl,
        /** Last day of the registration (`YYYY-MM-DD`); no certificate ends later. */
        public readonly string $registrationUntil,
        /** Until when the code can be used (RFC 3339); null without a code. */
        public readonly ?string $codeUntil,
        /** How many wrong codes are still borne; null without a code. */
        public readonly ?int $codeTriesLeft,
    ) {
    }

    /** @internal */
    public static function of(Members $m): self
    {
        return new self(
            $m->text('kind'),
            $m->text('subject'),
            $m->text('subject_alternative_name'),
            $m->texts('keys'),
            $m->texts('signatures'),
            $m->text('openssl'),
            $m->text('registration_valid_until'),
            $m->textOrNull('code_valid_until'),
            $m->numberOrNull('code_tries_left'),
        );
    }
}
