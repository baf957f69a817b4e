<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

/**
 * Limits on waiting and memory. Times are in seconds. Those that a user may change are defaults of {@see \Tdam\Client\Options}.
 *
 * @internal
 */
final class Bounds
{
    public const CONNECT_TIMEOUT = 10.0;
    public const IDLE_TIMEOUT = 60.0;
    public const CALL_TIMEOUT = 1800.0;
    /** How long the exchange is asked to wait for an answer before it gives a receipt. */
    public const WAIT_DEFAULT = 30.0;
    public const ATTEMPTS_MAX = 5;
    public const FIRST_PAUSE = 0.25;
    public const PAUSE_MAX = 30.0;
    /** Pause between two questions for an answer when the exchange names none. */
    public const POLL_PAUSE = 1.0;
    /** Longest message that the exchange takes, in bytes; a stream that does not end fills no disk. */
    public const BODY_BYTES_MAX = 2 << 30;
    /** Longest answer, in bytes. It lies in a temporary file, so it costs no memory. */
    public const ANSWER_BYTES_MAX = 512 << 20;
    /** Longest JSON answer or problem document, in bytes; these are read into memory. */
    public const JSON_BYTES_MAX = 8 << 20;
    /** Bytes of an answer that stay in memory; what is longer goes to a temporary file. */
    public const ANSWER_MEMORY_BYTES = 1 << 20;
    /** A chain of pages that never ends is not followed for ever. */
    public const PAGES_MAX = 100_000;
    /** Bytes read at a time from files and streams. */
    public const CHUNK_BYTES = 256 << 10;
    /** So many warnings are read of one answer, and remembered. */
    public const WARNINGS_MAX = 16;
    /** A connection that was idle for so long is not used again: the exchange closes it after 60 s. */
    public const CONNECTION_IDLE = 30;
    public const REQUEST_ID_CHARS_MAX = 64;
    public const FINDINGS_MAX = 100;
}
