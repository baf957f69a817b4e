<?php

declare(strict_types=1);

namespace Tdam\Client;

use Tdam\Client\Internal\Bounds;
use Tdam\Client\Transport\Transport;

/**
 * Settings of a {@see Client}; each has a default that suits. Times are in seconds.
 *
 * ```php
 * $options = new Options(
 *     sign: true,
 *     userAgent: 'Grāmatvedība/4.2',
 *     onWarning: static fn (Warning $warning) => error_log("{$warning->code} ends {$warning->ends}"),
 * );
 * ```
 */
final class Options
{
    /** @internal */
    public readonly ?\Closure $onWarning;
    /** @internal */
    public readonly \Closure|null $log;

    /**
     * @param bool $sign Sign submissions with the key of the certificate (RFC 9421).
     * @param Language|null $language Language of texts for people, where a call names none; English when both name none.
     * @param float $connectTimeout How long connecting may take, TLS included.
     * @param float $idleTimeout How long no byte may move in either direction; what the exchange is asked to wait is added.
     * @param float $callTimeout How long a call may take in all, pauses and repetitions included.
     * @param int $attemptsMax Attempts of one call, the first included.
     * @param float $firstPause Pause before the second attempt; it doubles from then on.
     * @param float $pauseMax Longest pause, also when the exchange asks for a longer one.
     * @param bool $compression Let the exchange compress its answers.
     * @param string|null $userAgent Name and version of your system, for the exchange's log; the library's own is added.
     * @param string|null $tlsMax `1.2` where something in between cannot do TLS 1.3.
     * @param string|null $proxy `http://proxy.example:3128`; without it no proxy is used, whatever the environment says.
     * @param int $answerBytesMax Longest answer; it lies in a temporary file.
     * @param callable(Warning): void|null $onWarning Called once of each thing that ends soon.
     * @param callable(string, string, array<string, mixed>): void|object|null $log Called with level, message and context
     *        of attempts, pauses and outcomes, never with keys, passwords or message contents; or a PSR-3 logger.
     * @param Transport|null $transport Another way to send than curl, for example a {@see Transport\Psr18Transport}.
     */
    public function __construct(
        public readonly bool $sign = false,
        public readonly ?Language $language = null,
        public readonly float $connectTimeout = Bounds::CONNECT_TIMEOUT,
        public readonly float $idleTimeout = Bounds::IDLE_TIMEOUT,
        public readonly float $callTimeout = Bounds::CALL_TIMEOUT,
        public readonly int $attemptsMax = Bounds::ATTEMPTS_MAX,
        public readonly float $firstPause = Bounds::FIRST_PAUSE,
        public readonly float $pauseMax = Bounds::PAUSE_MAX,
        public readonly bool $compression = true,
        public readonly ?string $userAgent = null,
        public readonly ?string $tlsMax = null,
        public readonly ?string $proxy = null,
        public readonly int $answerBytesMax = Bounds::ANSWER_BYTES_MAX,
        ?callable $onWarning = null,
        callable|object|null $log = null,
        public readonly ?Transport $transport = null,
    ) {
        foreach (['connectTimeout', 'idleTimeout', 'callTimeout'] as $name) {
            if ($this->{$name} <= 0.0) {
                throw ExchangeException::configuration("`{$name}` is {$this->{$name}}: give a number of seconds above 0");
            }
        }
        if ($attemptsMax < 1 || $firstPause < 0.0 || $pauseMax < 0.0 || $answerBytesMax < 1) {
            throw ExchangeException::configuration('`attemptsMax` and `answerBytesMax` are at least 1, pauses at least 0');
        }
        if (!in_array($tlsMax, [null, '1.2', '1.3'], true)) {
            throw ExchangeException::configuration("`tlsMax` is `{$tlsMax}`: give `1.2` or `1.3`, or leave it out");
        }
        if ($userAgent !== null && preg_match('/^[\x20-\x7e\x80-\xff]+$/', $userAgent) !== 1) {
            throw ExchangeException::configuration('`userAgent` holds a line feed or another control character');
        }
        $this->onWarning = $onWarning === null ? null : $onWarning(...);
        $this->log = self::logger($log);
    }

    /** @return (\Closure(string, string, array<string, mixed>): void)|null */
    private static function logger(callable|object|null $log): ?\Closure
    {
        if ($log === null || $log instanceof \Closure) {
            return $log;
        }
        if (is_object($log) && method_exists($log, 'log')) {
            return static function (string $level, string $message, array $context) use ($log): void {
                $log->log($level, $message, $context);
            };
        }
        if (is_callable($log)) {
            return $log(...);
        }
        throw ExchangeException::configuration('`log` is neither callable nor a logger (PSR-3: a method `log`)');
    }
}
