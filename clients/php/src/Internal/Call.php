<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\Body;
use Tdam\Client\ExchangeException;
use Tdam\Client\Language;

/**
 * One call: what is asked of the exchange, before attempts and time limits come into play.
 *
 * @internal
 */
final class Call
{
    public const JSON = 'application/json';
    /** Messages are XML; problems are easier read as JSON. */
    public const MESSAGE = 'application/xml, application/problem+json';
    public const PEM = 'application/pem-certificate-chain';
    public const KEY_STORE = 'application/x-pkcs12';
    public const CERTIFICATE_REQUEST = 'application/pkcs10';

    public function __construct(
        public readonly string $method,
        /** Path with query, or an address that the exchange gave. */
        public readonly string $target,
        public readonly string $accept = self::JSON,
        public readonly ?Body $body = null,
        public readonly string $contentType = 'application/xml; charset=utf-8',
        public readonly ?Language $language = null,
        public readonly ?string $requestId = null,
        /** Seconds that the exchange is asked to wait for the answer. */
        public readonly ?float $wait = null,
        /** Whether it is signed, where the client signs. */
        public readonly bool $isSubmission = false,
        /** Whether the same request is safe a second time. */
        public readonly bool $mayRepeat = true,
        #[\SensitiveParameter]
        public readonly ?string $bearer = null,
        public readonly ?\Closure $onProgress = null,
    ) {
        if ($requestId !== null && preg_match('/^[A-Za-z0-9._:-]{1,' . Bounds::REQUEST_ID_CHARS_MAX . '}$/D', $requestId) !== 1) {
            $most = Bounds::REQUEST_ID_CHARS_MAX;
            throw ExchangeException::configuration("the request id cannot be sent: give 1 to {$most} of A-Z a-z 0-9 - _ . :");
        }
    }
}
