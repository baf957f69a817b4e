<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\ExchangeException;

/**
 * Reads a body once from its beginning, piece by piece; each attempt has its own.
 *
 * @internal
 */
final class Reader
{
    private int $position = 0;

    /** @param resource|null $file */
    public function __construct(
        private readonly string $bytes,
        private $file,
        public readonly int $length,
        private readonly string $name,
    ) {
    }

    /** The next bytes, at most `$most`; empty at the end. */
    public function read(int $most): string
    {
        $most = min($most, $this->length - $this->position);
        if ($most <= 0) {
            return '';
        }
        $piece = is_resource($this->file) ? @fread($this->file, $most) : substr($this->bytes, $this->position, $most);
        if ($piece === false || $piece === '') {
            throw ExchangeException::input("{$this->name} ended or failed after {$this->position} of {$this->length} bytes: it must not change while it is sent");
        }
        $this->position += strlen($piece);
        return $piece;
    }

    /** @return resource The same as a stream, for transports that take one. */
    public function stream()
    {
        if (is_resource($this->file)) {
            return $this->file;
        }
        $stream = fopen('php://temp', 'w+b');
        if ($stream === false) {
            throw ExchangeException::input('no temporary file can be made');
        }
        fwrite($stream, $this->bytes);
        rewind($stream);
        return $stream;
    }
}
