<?php

declare(strict_types=1);

namespace Tdam\Client;

/**
 * What kind of error an {@see ExchangeException} is: what to do depends on it.
 *
 * ```php
 * if ($error->kind() === ErrorKind::Unavailable) {
 *     // the same call succeeds later
 * }
 * ```
 */
enum ErrorKind: string
{
    /** Address, authority, certificate or key is unusable: correct the settings. */
    case Configuration = 'configuration';
    /** The file or stream to send cannot be read. */
    case Input = 'input';
    /** No connection, or it was lost. */
    case Connection = 'connection';
    /** One side does not trust or accept the other's certificate. */
    case Tls = 'tls';
    /** Nothing came in time. The outcome is not known; the same bytes may be sent again. */
    case Timeout = 'timeout';
    /** The exchange says no. The problem document says why. */
    case Refused = 'refused';
    /** The exchange says not now. */
    case Unavailable = 'unavailable';
    /** An answer that this library does not understand. */
    case Unexpected = 'unexpected';
}
