<?php

declare(strict_types=1);

namespace Tdam\Client;

use Tdam\Client\Internal\Bounds;
use Tdam\Client\Internal\Files;
use Tdam\Client\Transport\Response;

/**
 * An ISO 20022 message as the exchange sent it. What is longer than 1 MiB lies in a temporary file until this object is gone.
 *
 * ```php
 * $client->status('MSG-1')->saveTo('status.xml');
 * ```
 */
class Document
{
    /** @var resource */
    private $content;

    /** @internal */
    final protected function __construct(
        Response $response,
        /** Its type as the exchange names it: `pain.002.001.10`. */
        public readonly ?string $messageType,
        /** By what the operator finds the request. */
        public readonly ?string $requestId,
    ) {
        $this->content = $response->body;
    }

    /** @internal */
    public static function of(Response $response): static
    {
        return new static($response, $response->field('x-message-type'), $response->field('x-request-id'));
    }

    /** The whole message. It is in memory then. */
    public function xml(): string
    {
        return (string) stream_get_contents($this->stream());
    }

    /** @return resource The message as a stream, at its beginning. The same one each time; it ends with this object. */
    public function stream()
    {
        rewind($this->content);
        return $this->content;
    }

    /** Writes the message to a file, in pieces; the file is whole or not there. */
    public function saveTo(string $path): void
    {
        $part = $path . '.part';
        $file = @fopen($part, 'wb');
        if ($file === false) {
            throw ExchangeException::configuration("`{$part}` cannot be written: let the user that runs PHP write to the folder");
        }
        $whole = @stream_copy_to_stream($this->stream(), $file) === $this->length() && fclose($file);
        if (!$whole) {
            @unlink($part);
            throw ExchangeException::configuration("`{$path}` cannot be written as a whole: is the disk full?");
        }
        Files::replace($part, $path);
    }

    /** Bytes of the message. */
    public function length(): int
    {
        return fstat($this->content)['size'] ?? 0;
    }

    /** SHA-256 of the message, 64 hexadecimal digits. */
    public function sha256(): string
    {
        $hash = hash_init('sha256');
        hash_update_stream($hash, $this->stream());
        return hash_final($hash);
    }

    /** The text of the first element of this name near the beginning of the message. */
    protected function firstText(string $element): ?string
    {
        $head = (string) fread($this->stream(), Bounds::CHUNK_BYTES);
        return preg_match("~<(?:[\\w.-]+:)?{$element}(?:\\s[^>]*)?>([^<]*)</~", $head, $found) === 1 ? trim($found[1]) : null;
    }
}
