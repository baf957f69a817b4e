<?php

declare(strict_types=1);

namespace Tdam\Client\Transport;

use Tdam\Client\ExchangeException;

/**
 * Sends one request and takes its answer. {@see CurlTransport} is the usual one.
 *
 * ```php
 * $options = new Options(transport: new Psr18Transport($guzzle, $httpFactory, $httpFactory));
 * ```
 */
interface Transport
{
    /**
     * Sends the request, follows no redirect, and returns any answer, whatever its status.
     *
     * @throws ExchangeException Of the kinds connection, tls, timeout, configuration, input or unexpected.
     */
    public function send(Request $request): Response;

    /** Waits, so that other calls may proceed meanwhile where the transport can do that. */
    public function pause(float $seconds): void;

    /** Ends its connections. The next request makes new ones. */
    public function close(): void;
}
