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
    /** Made when the first transfer needs it: another transport needs no curl. */
    private ?\CurlMultiHandle $multi = null;
    /** @var array<int, Transfer> by the handle's id */
    private array $transfers = [];
    /** @var array<int, array{\Fiber<mixed, mixed, mixed, mixed>, Transfer|float}> what each fiber waits for: a transfer, or a moment */
    private array $waiting = [];
    /** @var array<int, true> */
    private array $fibers = [];

    /** Longest sleep in curl, in seconds. */
    private const SLEEP_MAX = 1.0;

    /** Brings a transfer to its end, whatever that is. */
    public function perform(Transfer $transfer): void
    {
        $id = spl_object_id($transfer->handle);
        $this->transfers[$id] = $transfer;
        curl_multi_add_handle($this->multi(), $transfer->handle);
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
            curl_multi_remove_handle($this->multi(), $transfer->handle);
        }
    }

    /** Ends the connections that no transfer uses. */
    public function close(): void
    {
        if ($this->transfers === []) {
            $this->multi = null;
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
        /** @var array<int, \Fiber<mixed, mixed, mixed, mixed>> $running fibers of this call; held, so that no other gets the id of one that ended */
        $running = [];
        /** @var array<int, array{mixed, mixed}> $ended */
        $ended = [];
        try {
            while ($items->valid() || $running !== []) {
                while (count($running) < $width && $items->valid()) {
                    $fiber = $this->fiber($task, $items->key(), $items->current(), $ended);
                    $running[spl_object_id($fiber)] = $fiber;
                    $this->await($fiber, $fiber->start());
                    $items->next();
                }
                if ($ended === []) {
                    $this->step($this->untilNextWake());
                    $this->resume();
                }
                foreach ($ended as $id => [$key, $result]) {
                    unset($ended[$id], $running[$id]);
                    yield $key => $result;
                }
            }
        } finally {
            // A caller that takes no more results gives up what is under way: without a reference the fibers end, and their transfers with them.
            $this->waiting = array_diff_key($this->waiting, $running);
            $this->fibers = array_diff_key($this->fibers, $running);
            unset($fiber, $running);
        }
    }

    /**
     * @param array<int, array{mixed, mixed}> $ended where the fiber puts key and result
     *
     * @return \Fiber<mixed, mixed, mixed, mixed>
     */
    private function fiber(\Closure $task, mixed $key, mixed $item, array &$ended): \Fiber
    {
        $fiber = new \Fiber(static function () use ($task, $key, $item, &$ended): void {
            $result = $task($item);
            $ended[spl_object_id(\Fiber::getCurrent() ?? $task)] = [$key, $result];
        });
        $this->fibers[spl_object_id($fiber)] = true;
        return $fiber;
    }

    private function multi(): \CurlMultiHandle
    {
        return $this->multi ??= curl_multi_init();
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
        curl_multi_exec($this->multi(), $active);
        $anyDone = $this->collect();
        foreach ($this->transfers as $transfer) {
            $transfer->check();
            $anyDone = $anyDone || $transfer->isDone;
            $sleep = min($sleep, $transfer->patience());
        }
        if ($anyDone || $sleep <= 0.0) {
            return;
        }
        if ($active === 0 || curl_multi_select($this->multi(), $sleep) === -1) {
            usleep((int) (min($sleep, 0.01) * 1e6));
        }
    }

    private function collect(): bool
    {
        $any = false;
        while (($message = curl_multi_info_read($this->multi())) !== false) {
            $transfer = $this->transfers[spl_object_id($message['handle'])] ?? null;
            if ($transfer !== null) {
                $transfer->result = $message['result'];
                $transfer->isDone = $any = true;
            }
        }
        return $any;
    }
}
