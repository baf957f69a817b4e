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
        private readonly mixed $file,
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

    /** @return resource The same as a stream of its own, for transports that take one and may rewind or close it. */
    public function stream()
    {
        $path = is_resource($this->file) ? stream_get_meta_data($this->file)['uri'] : '';
        if (is_resource($this->file) && ftell($this->file) === 0 && is_file($path)) {
            $stream = @fopen($path, 'rb');
        } else {
            $stream = @fopen('php://temp/maxmemory:' . Bounds::CHUNK_BYTES, 'w+b');
            while ($stream !== false && ($piece = $this->read(Bounds::CHUNK_BYTES)) !== '') {
                if (@fwrite($stream, $piece) !== strlen($piece)) {
                    throw ExchangeException::input("{$this->name} cannot be kept in `" . sys_get_temp_dir() . '`: make room there');
                }
            }
        }
        if ($stream === false) {
            throw ExchangeException::input("{$this->name} cannot be opened once more");
        }
        rewind($stream);
        return $stream;
    }
}
