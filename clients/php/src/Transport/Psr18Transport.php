<?php

declare(strict_types=1);

namespace Tdam\Client\Transport;

use Tdam\Client\ExchangeException;
use Tdam\Client\Internal\Bounds;
use Tdam\Client\Internal\CurlFailure;

/**
 * Sends by an HTTP client of yours (PSR-18) with factories of yours (PSR-17). That client holds the certificate, trusts the authority,
 * takes a proxy or none, and has its own time limits: set them there. This library still repeats, signs and reads answers.
 *
 * ```php
 * $guzzle = new \GuzzleHttp\Client(['cert' => 'certificate.pem', 'ssl_key' => 'key.pem', 'verify' => 'ca.pem', 'proxy' => '',
 *     'connect_timeout' => 10, 'timeout' => 120]);
 * $factory = new \GuzzleHttp\Psr7\HttpFactory();
 * $client = new Client($url, Authority::file('ca.pem'), [], new Options(transport: new Psr18Transport($guzzle, $factory, $factory)));
 * ```
 */
final class Psr18Transport implements Transport
{
    /**
     * @param object $client `Psr\Http\Client\ClientInterface`
     * @param object $requests `Psr\Http\Message\RequestFactoryInterface`
     * @param object $streams `Psr\Http\Message\StreamFactoryInterface`
     */
    public function __construct(private readonly object $client, private readonly object $requests, private readonly object $streams)
    {
        $needed = [[$client, 'sendRequest', 'PSR-18 client'], [$requests, 'createRequest', 'PSR-17 request factory'], [$streams, 'createStreamFromResource', 'PSR-17 stream factory']];
        foreach ($needed as [$object, $method, $name]) {
            if (!method_exists($object, $method)) {
                throw ExchangeException::configuration($object::class . " is no {$name}: it has no method `{$method}`");
            }
        }
    }

    public function send(Request $request): Response
    {
        $message = $this->requests->createRequest($request->method, $request->url);
        foreach ($request->fields as $name => $value) {
            $message = $message->withHeader($name, $value);
        }
        if ($request->body !== null) {
            $message = $message
                ->withHeader('Content-Length', (string) $request->body->length())
                ->withBody($this->streams->createStreamFromResource($request->body->reader()->stream()));
        }
        try {
            $answer = $this->client->sendRequest($message);
            return new Response($answer->getStatusCode(), $this->fields($answer), $this->body($answer->getBody(), $request));
        } catch (ExchangeException $error) {
            throw $error;
        } catch (\Exception $error) {
            throw $this->failure($error, $request);
        }
    }

    public function pause(float $seconds): void
    {
        usleep((int) ($seconds * 1e6));
    }

    public function close(): void
    {
    }

    /** @return array<string, string> */
    private function fields(object $answer): array
    {
        $fields = [];
        foreach ($answer->getHeaders() as $name => $values) {
            $fields[strtolower((string) $name)] = implode(', ', $values);
        }
        return $fields;
    }

    /** @return resource */
    private function body(object $from, Request $request)
    {
        $to = fopen('php://temp/maxmemory:' . Bounds::ANSWER_MEMORY_BYTES, 'w+b');
        if ($to === false) {
            throw ExchangeException::configuration('no temporary file can be made for the answer');
        }
        for ($came = 0; !$from->eof(); $came += strlen($piece)) {
            $piece = $from->read(Bounds::CHUNK_BYTES);
            if ($came + strlen($piece) > $request->answerBytesMax) {
                throw ExchangeException::unexpected("the answer is longer than {$request->answerBytesMax} bytes: allow more by the option `answerBytesMax`");
            }
            if (@fwrite($to, $piece) !== strlen($piece)) {
                throw ExchangeException::configuration('the answer cannot be kept in `' . sys_get_temp_dir() . '`: make room there; the same bytes then get the same answer');
            }
        }
        rewind($to);
        return $to;
    }

    /** PSR-18 does not say why a request failed; clients that use curl say it in words. */
    private function failure(\Exception $error, Request $request): ExchangeException
    {
        if (preg_match('/cURL error (\d+): (.*?)(?: \(see .*)?$/s', $error->getMessage(), $found) === 1) {
            return CurlFailure::exception((int) $found[1], $found[2], $request->origin, $request->timeout, null);
        }
        return ExchangeException::connection($request->origin, $error->getMessage(), $error);
    }
}
