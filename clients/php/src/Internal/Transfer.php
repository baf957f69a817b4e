<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\ExchangeException;
use Tdam\Client\Transport\Request;

/**
 * One request on its way by curl: what has moved, when it moved last, what came so far.
 *
 * @internal
 */
final class Transfer
{
    public bool $isDone = false;
    public int $result = CURLE_OK;
    /** Why this library broke it off; curl's result does not count then. */
    public ?ExchangeException $failure = null;
    public int $status = 0;
    /** @var array<string, string> */
    public array $fields = [];
    /** @var resource */
    public readonly mixed $answer;
    private readonly ?Reader $reader;
    private readonly float $since;
    private float $moved;
    private int $sent = 0;
    private int $came = 0;

    public function __construct(public readonly \CurlHandle $handle, public readonly Request $request)
    {
        $answer = @fopen('php://temp/maxmemory:' . Bounds::ANSWER_MEMORY_BYTES, 'w+b');
        if ($answer === false) {
            throw ExchangeException::configuration('no temporary file can be made for the answer');
        }
        $this->answer = $answer;
        $this->reader = $request->body?->reader();
        $this->since = $this->moved = Clock::now();
        // The handle keeps these functions. If they held the transfer, only the collector would free both, and files would stay open.
        $self = \WeakReference::create($this);
        curl_setopt_array($handle, [
            CURLOPT_HEADERFUNCTION => static fn (\CurlHandle $h, string $line): int => $self->get()?->takeField($line) ?? 0,
            CURLOPT_WRITEFUNCTION => static fn (\CurlHandle $h, string $piece): int => $self->get()?->takePiece($piece) ?? 0,
        ]);
        if ($this->reader !== null) {
            curl_setopt_array($handle, [
                CURLOPT_UPLOAD => true,
                CURLOPT_INFILESIZE => $this->reader->length,
                CURLOPT_READFUNCTION => static fn (\CurlHandle $h, mixed $file, int $most): string => $self->get()?->givePiece($most) ?? '',
            ]);
        }
        curl_setopt($handle, CURLOPT_CUSTOMREQUEST, $request->method);
    }

    /** Breaks the transfer off if nothing has moved for too long. */
    public function check(): void
    {
        $now = Clock::now();
        if ($now - $this->since >= $this->request->timeout) {
            $this->failure ??= ExchangeException::timeout('making the call', $this->request->timeout);
        }
        if ($now - $this->moved >= $this->request->idleTimeout) {
            $doing = $this->came > 0 ? 'reading the answer' : 'waiting for the answer';
            $this->failure ??= ExchangeException::timeout($doing, $this->request->idleTimeout);
        }
        $this->isDone = $this->isDone || $this->failure !== null;
    }

    /** Seconds until {@see Transfer::check()} may find something. */
    public function patience(): float
    {
        $now = Clock::now();
        return max(0.0, min($this->since + $this->request->timeout, $this->moved + $this->request->idleTimeout) - $now);
    }

    private function givePiece(int $most): string
    {
        $this->moved = Clock::now();
        try {
            $piece = $this->reader?->read($most) ?? '';
        } catch (ExchangeException $failure) {
            $this->failure = $failure;
            return '';
        }
        $this->sent += strlen($piece);
        if ($this->request->onProgress !== null && $piece !== '') {
            ($this->request->onProgress)($this->sent, $this->reader?->length ?? 0);
        }
        return $piece;
    }

    private function takeField(string $line): int
    {
        $this->moved = Clock::now();
        if (preg_match('~^HTTP/[\d.]+ (\d{3})~', $line, $found) === 1) {
            $this->status = (int) $found[1];
            $this->fields = [];
        } elseif (str_contains($line, ':')) {
            [$name, $value] = explode(':', $line, 2);
            $name = strtolower(trim($name));
            $this->fields[$name] = (isset($this->fields[$name]) ? $this->fields[$name] . ', ' : '') . trim($value);
        }
        return strlen($line);
    }

    private function takePiece(string $piece): int
    {
        $this->moved = Clock::now();
        $this->came += strlen($piece);
        if ($this->came > $this->request->answerBytesMax) {
            $this->failure = ExchangeException::unexpected(
                "the answer is longer than {$this->request->answerBytesMax} bytes: allow more by the option `answerBytesMax`",
            );
            return 0;
        }
        $written = @fwrite($this->answer, $piece);
        if ($written !== strlen($piece)) {
            $this->failure = ExchangeException::configuration(
                'the answer cannot be kept in `' . sys_get_temp_dir() . '`: make room there; the same bytes then get the same answer',
            );
            return 0;
        }
        return $written;
    }
}
