<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

/**
 * Drives curl's transfers. Outside of {@see Loop::each()} a transfer simply blocks. Inside, each task runs in a fiber of its own that gives
 * way while its transfer or its pause lasts, so that the code of a call is written once for both.
 *
 * @internal
 */
final class Loop
{
    private \CurlMultiHandle $multi;
    /** @var array<int, Transfer> by the handle's id */
    private array $transfers = [];
    /** @var array<int, array{\Fiber<mixed, mixed, mixed, mixed>, Transfer|float}> what each fiber waits for: a transfer, or a moment */
    private array $waiting = [];
    /** @var array<int, true> */
    private array $fibers = [];

    /** Longest sleep in curl, in seconds. */
    private const SLEEP_MAX = 1.0;

    public function __construct()
    {
        $this->multi = curl_multi_init();
    }

    /** Brings a transfer to its end, whatever that is. */
    public function perform(Transfer $transfer): void
    {
        $id = spl_object_id($transfer->handle);
        $this->transfers[$id] = $transfer;
        curl_multi_add_handle($this->multi, $transfer->handle);
        try {
            if ($this->isOurFiber()) {
                \Fiber::suspend($transfer);
            } else {
                while (!$transfer->isDone) {
                    $this->step(self::SLEEP_MAX);
                }
            }
        } finally {
            unset($this->transfers[$id]);
            curl_multi_remove_handle($this->multi, $transfer->handle);
        }
    }

    /** Ends the connections that no transfer uses. */
    public function close(): void
    {
        if ($this->transfers === []) {
            $this->multi = curl_multi_init();
        }
    }

    public function pause(float $seconds): void
    {
        if ($this->isOurFiber()) {
            \Fiber::suspend(Clock::now() + $seconds);
        } else {
            usleep((int) ($seconds * 1e6));
        }
    }

    /**
     * Runs a task for each item, so many at once, and yields each result as soon as it is there.
     *
     * @template K
     * @template V
     * @template R
     *
     * @param iterable<K, V> $items
     * @param \Closure(V): R $task
     *
     * @return \Generator<K, R>
     */
    public function each(iterable $items, int $width, \Closure $task): \Generator
    {
        $items = (static fn (): \Generator => yield from $items)();
        $running = 0;
        /** @var array<int, array{mixed, mixed}> $ended */
        $ended = [];
        while (true) {
            while ($running < $width && $items->valid()) {
                [$key, $item] = [$items->key(), $items->current()];
                $items->next();
                $running++;
                $fiber = new \Fiber(static function () use ($task, $item, $key, &$ended): void {
                    $ended[] = [$key, $task($item)];
                });
                $this->fibers[spl_object_id($fiber)] = true;
                $this->await($fiber, $fiber->start());
            }
            while ($ended !== []) {
                [$key, $result] = array_shift($ended);
                $running--;
                yield $key => $result;
            }
            if ($running === 0 && !$items->valid()) {
                return;
            }
            if ($this->waiting !== [] && ($running === $width || !$items->valid())) {
                $this->step($this->untilNextWake());
                $this->resume();
            }
        }
    }

    private function isOurFiber(): bool
    {
        $fiber = \Fiber::getCurrent();
        return $fiber !== null && isset($this->fibers[spl_object_id($fiber)]);
    }

    /** @param \Fiber<mixed, mixed, mixed, mixed> $fiber */
    private function await(\Fiber $fiber, mixed $for): void
    {
        $id = spl_object_id($fiber);
        if ($fiber->isTerminated()) {
            unset($this->fibers[$id], $this->waiting[$id]);
        } elseif ($for instanceof Transfer || is_float($for)) {
            $this->waiting[$id] = [$fiber, $for];
        }
    }

    private function resume(): void
    {
        $now = Clock::now();
        foreach ($this->waiting as $id => [$fiber, $for]) {
            if ($for instanceof Transfer ? $for->isDone : $for <= $now) {
                unset($this->waiting[$id]);
                $this->await($fiber, $fiber->resume());
            }
        }
    }

    private function untilNextWake(): float
    {
        $wakes = array_filter(array_column($this->waiting, 1), is_float(...));
        return $wakes === [] ? self::SLEEP_MAX : max(0.0, min(self::SLEEP_MAX, min($wakes) - Clock::now()));
    }

    /** Moves all transfers on; sleeps at most so long when none can move. */
    private function step(float $sleep): void
    {
        curl_multi_exec($this->multi, $active);
        $anyDone = $this->collect();
        foreach ($this->transfers as $transfer) {
            $transfer->check();
            $anyDone = $anyDone || $transfer->isDone;
            $sleep = min($sleep, $transfer->patience());
        }
        if ($anyDone || $sleep <= 0.0) {
            return;
        }
        if ($active === 0 || curl_multi_select($this->multi, $sleep) === -1) {
            usleep((int) (min($sleep, 0.01) * 1e6));
        }
    }

    private function collect(): bool
    {
        $any = false;
        while (($message = curl_multi_info_read($this->multi)) !== false) {
            $transfer = $this->transfers[spl_object_id($message['handle'])] ?? null;
            if ($transfer !== null) {
                $transfer->result = $message['result'];
                $transfer->isDone = $any = true;
            }
        }
        return $any;
    }
}
