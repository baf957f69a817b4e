<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\Body;
use Tdam\Client\ExchangeException;
use Tdam\Client\Language;
use Tdam\Client\ReportPage;

/**
 * Orders reports and fetches their pages, one after the other.
 *
 * @internal
 */
final class Reports
{
    private const POLL_PAUSE_MIN = 0.1;

    public function __construct(private readonly Calls $calls)
    {
    }

    /** @return \Generator<int, ReportPage> */
    public function pages(Body $camt060, ?Language $language, bool $checkBalances): \Generator
    {
        $call = new Call('POST', '/v1/reports', Call::MESSAGE, $camt060, language: $language, wait: Bounds::WAIT_DEFAULT);
        $reply = $this->calls->call($call);
        if ($reply->isJson()) {
            foreach ($reply->json()->objects('reports') as $index => $report) {
                $first = $this->page($report->text('location'));
                yield from $this->report($first, $index + 1, $checkBalances);
            }
            return;
        }
        if ($reply->status() === Reply::ACCEPTED) {
            $location = $reply->field('location') ?? throw ExchangeException::unexpected('the report is being made, but the exchange does not say where it will be');
            $reply = $this->page($location);
        }
        yield from $this->report($reply, 1, $checkBalances);
    }

    /** One page; asks until it is there. */
    public function page(string $location): Reply
    {
        $deadline = Clock::now() + $this->calls->options->callTimeout;
        while (true) {
            $reply = $this->calls->call(new Call('GET', $location, Call::MESSAGE, wait: Bounds::WAIT_DEFAULT));
            if ($reply->status() !== Reply::ACCEPTED) {
                return $reply;
            }
            $pause = min(max($reply->retryAfter() ?? Bounds::POLL_PAUSE, self::POLL_PAUSE_MIN), $this->calls->options->pauseMax);
            if (Clock::now() + $pause >= $deadline) {
                throw ExchangeException::timeout('waiting for a report to be made', $this->calls->options->callTimeout);
            }
            $this->calls->connection->transport()->pause($pause);
        }
    }

    /** @return \Generator<int, ReportPage> */
    private function report(Reply $first, int $report, bool $checkBalances): \Generator
    {
        $reply = $first;
        $before = null;
        for ($number = 1; $number <= Bounds::PAGES_MAX; $number++) {
            $next = Link::target($reply->field('link') ?? '', 'next');
            $page = ReportPage::ofReport($reply->response, $report, $number, $next !== null);
            $balances = $checkBalances && Balances::canRead() ? Balances::of($page->stream()) : null;
            $this->check($balances, $before, $report, $number);
            $before = $balances?->last;
            yield $page->checked($balances?->first !== null);
            if ($next === null) {
                return;
            }
            $reply = $this->page($next);
        }
        throw ExchangeException::unexpected('the report has more than ' . Bounds::PAGES_MAX . ' pages');
    }

    private function check(?Balances $balances, ?int $before, int $report, int $number): void
    {
        $fault = $balances?->fault();
        if ($before !== null && $balances?->first !== null && $balances->first !== $before) {
            $fault ??= sprintf('its first balance is %s, and the last one of the page before is %s', Amount::write($balances->first), Amount::write($before));
        }
        if ($fault !== null) {
            throw ExchangeException::unexpected("page {$number} of report {$report} does not add up: {$fault}; do not import the report, and tell the operator");
        }
    }
}
