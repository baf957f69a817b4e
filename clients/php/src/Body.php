<?php

declare(strict_types=1);

namespace Tdam\Client;

use Tdam\Client\Internal\Bounds;
use Tdam\Client\Internal\Reader;

/**
 * A message to send. It can be read again from its beginning; that makes repetitions safe.
 *
 * ```php
 * $client->submit(Body::file('payments.xml'));
 * $client->submit(Body::bytes($xml));
 * $client->submit(Body::stream(STDIN));
 * ```
 */
final class Body
{
    private ?int $length = null;
    private int $start = 0;
    private ?int $changed = null;
    private ?string $sha256 = null;

    /** @param resource|object|null $stream */
    private function __construct(private readonly string $bytes, private readonly ?string $path, private $stream)
    {
    }

    /** A message in memory. */
    public static function bytes(string $bytes): self
    {
        return new self($bytes, null, null);
    }

    /** A message in a file, which must not change until the call returns. It is never in memory as a whole. */
    public static function file(string $path): self
    {
        return new self('', $path, null);
    }

    /**
     * A message in a stream, from where it stands now: a resource, or a PSR-7 stream. One that cannot be rewound goes to a temporary
     * file that only this user may read, and that is deleted with this object.
     *
     * @param resource|object $stream
     */
    public static function stream($stream): self
    {
        $isStream = is_resource($stream) ? get_resource_type($stream) === 'stream' : is_object($stream) && method_exists($stream, 'read') && method_exists($stream, 'eof');
        if (!$isStream) {
            throw ExchangeException::input('the body is no stream: give an open resource or a PSR-7 stream');
        }
        return new self('', null, $stream);
    }

    /** The length in bytes. A stream that cannot be rewound is read for it. */
    public function length(): int
    {
        if ($this->length === null) {
            $this->prepare();
        }
        if ($this->length > Bounds::BODY_BYTES_MAX) {
            throw ExchangeException::input($this->tooLong());
        }
        return $this->length ?? 0;
    }

    /** @internal */
    public function reader(): Reader
    {
        $length = $this->length();
        if ($this->path !== null && $this->stream === null) {
            $file = $this->openFile($this->path);
            $now = fstat($file) ?: ['size' => -1, 'mtime' => -1];
            if ($now['size'] !== $length || $now['mtime'] !== $this->changed) {
                throw ExchangeException::input("`{$this->path}` changed while it was being sent: send the new content as a call of its own");
            }
            return new Reader('', $file, $length, "`{$this->path}`");
        }
        if (is_resource($this->stream)) {
            if (@fseek($this->stream, $this->start) !== 0) {
                throw ExchangeException::input('the stream was closed or cannot be rewound: keep it open until the call returns');
            }
            return new Reader('', $this->stream, $length, 'the stream');
        }
        return new Reader($this->bytes, null, $length, 'the message');
    }

    /** @internal SHA-256 of the bytes, 32 bytes. */
    public function sha256(): string
    {
        if ($this->sha256 === null) {
            $hash = hash_init('sha256');
            $reader = $this->reader();
            while (($piece = $reader->read(Bounds::CHUNK_BYTES)) !== '') {
                hash_update($hash, $piece);
            }
            $this->sha256 = hash_final($hash, true);
        }
        return $this->sha256;
    }

    private function prepare(): void
    {
        if ($this->path !== null) {
            $file = $this->openFile($this->path);
            $stat = fstat($file);
            if ($stat !== false && ($stat['mode'] & 0170000) === 0100000) {
                $this->length = $stat['size'];
                $this->changed = $stat['mtime'];
                return;
            }
            $this->stream = $file;
        }
        if ($this->stream === null) {
            $this->length = strlen($this->bytes);
        } elseif (is_resource($this->stream) && $this->isRewindable($this->stream)) {
            $this->start = ftell($this->stream) ?: 0;
            $this->length = max(0, (fstat($this->stream)['size'] ?? 0) - $this->start);
        } else {
            $this->spool($this->stream);
        }
    }

    /** @return resource */
    private function openFile(string $path)
    {
        if (is_dir($path)) {
            throw ExchangeException::input("`{$path}` is a folder: name a file");
        }
        $file = @fopen($path, 'rb');
        if ($file === false) {
            $why = file_exists($path) ? 'let the user that runs PHP read it' : 'it does not exist, check the path';
            throw ExchangeException::input("`{$path}` cannot be read: {$why}");
        }
        return $file;
    }

    /** @param resource $stream */
    private function isRewindable($stream): bool
    {
        $data = stream_get_meta_data($stream);
        return $data['seekable'] && in_array($data['stream_type'], ['STDIO', 'MEMORY', 'TEMP'], true)
            && fseek($stream, 0, SEEK_CUR) === 0;
    }

    /** @param resource|object $from */
    private function spool($from): void
    {
        $spool = @tmpfile();
        if ($spool === false) {
            throw ExchangeException::input($this->noRoom());
        }
        $length = 0;
        if (is_resource($from)) {
            stream_set_blocking($from, true);
        }
        while (is_resource($from) ? !feof($from) : !$from->eof()) {
            $piece = is_resource($from) ? @fread($from, Bounds::CHUNK_BYTES) : $from->read(Bounds::CHUNK_BYTES);
            if ($piece === false) {
                throw ExchangeException::input("the stream failed after {$length} bytes");
            }
            if (@fwrite($spool, $piece) !== strlen($piece)) {
                throw ExchangeException::input($this->noRoom());
            }
            $length += strlen($piece);
            if ($length > Bounds::BODY_BYTES_MAX) {
                throw ExchangeException::input($this->tooLong());
            }
        }
        fflush($spool);
        $this->stream = $spool;
        $this->length = $length;
    }

    private function tooLong(): string
    {
        return 'the message is longer than ' . Bounds::BODY_BYTES_MAX . ' bytes, which the exchange does not take: send it as several messages';
    }

    private function noRoom(): string
    {
        return 'the stream cannot be kept in `' . sys_get_temp_dir() . '` for repetitions: make room there, or name another folder by `sys_temp_dir` in php.ini';
    }
}
