<?php

declare(strict_types=1);

namespace Tdam\Client;

/**
 * Version of this library, and how it names itself to the exchange.
 *
 * ```php
 * echo Version::USER_AGENT; // tdam-client-php/0.1.0
 * ```
 */
final class Version
{
    public const NUMBER = '0.1.0';
    public const USER_AGENT = 'tdam-client-php/' . self::NUMBER;
}
