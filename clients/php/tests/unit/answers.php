<?php

declare(strict_types=1);

use Tdam\Client\Data\Heartbeat;
use Tdam\Client\Data\Problem;
use Tdam\Client\Data\StatusOverview;
use Tdam\Client\ErrorKind;
use Tdam\Client\ExchangeException;
use Tdam\Client\Internal\Link;
use Tdam\Client\Internal\Log;
use Tdam\Client\Internal\Members;
use Tdam\Client\Internal\Reply;
use Tdam\Client\Internal\Warnings;
use Tdam\Client\Transport\Response;
use Tdam\Client\Warning;

/** @return list<string> */
$warnings = static fn (string $field): array => array_map(
    static fn (Warning $w): string => "{$w->code}|{$w->daysLeft}|{$w->ends}",
    Warning::read($field),
);
$reply = static function (string $body, array $fields = [], int $status = 200): Reply {
    $stream = fopen('php://memory', 'w+b');
    fwrite($stream, $body);
    rewind($stream);
    return new Reply(new Response($status, $fields, $stream));
};

return [
    'warnings are read, and what is unknown is passed over' => static function () use ($warnings): void {
        same(
            ['TDAM-1071|12|2026-12-31', 'TDAM-1072|0|2026-12-19', 'TDAM-9999||'],
            $warnings('TDAM-1071;days=12;ends="2026-12-31", TDAM-1072;days=0;ends="2026-12-19", TDAM-9999'),
        );
        same(['A-1||'], $warnings("A-1;new=1;days=soon;ends=\"\u{1b}[2J\", ;days=1, A B"));
        same(16, count($warnings(str_repeat('A,', 100))));
    },
    'a listener hears each warning once, and one that fails costs nothing' => static function (): void {
        $heard = [];
        $log = new Log(static fn () => throw new RuntimeException('disk full'));
        $warnings = new Warnings(static function (Warning $warning) use (&$heard): void {
            $heard[] = "{$warning->code} {$warning->ends}";
            throw new RuntimeException('no mail server');
        }, $log);
        foreach (['TDAM-1071;days=12;ends="2026-12-31"', 'TDAM-1071;days=11;ends="2026-12-31", TDAM-1072;days=40;ends="2027-01-28"', null, 'TDAM-1071;days=60;ends="2028-12-31"'] as $field) {
            $warnings->hear($field);
            same($field === null ? 0 : substr_count($field, 'TDAM'), count($warnings->latest()));
        }
        same(['TDAM-1071 2026-12-31', 'TDAM-1072 2027-01-28', 'TDAM-1071 2028-12-31'], $heard);
    },
    'a problem tolerates unknown and missing members' => static function (): void {
        $problem = Problem::of(422, new Members(json_decode('{"code":"TDAM-9998","future":{"x":[1]},"findings":[{"code":"TDAM-2109","line":10,"path":"/a","new":true},7]}', true)), 'r-1', null);
        same('TDAM-9998', $problem->code);
        same('r-1', $problem->requestId);
        same(1, count($problem->findings));
        same(10, $problem->findings[0]->line);
        same(['x' => [1]], $problem->members['future']);
        same('HTTP status 422', $problem->title);
        same('', $problem->latvian->title);
    },
    'values of a wrong type are empty, not fatal' => static function (): void {
        $heartbeat = Heartbeat::of(new Members(['caller' => 'nobody', 'business_day' => ['x']]));
        same(['', 0], [$heartbeat->businessDay, $heartbeat->certificateDaysLeft]);
        $overview = StatusOverview::of(new Members(['status' => 'NEWS', 'refused' => [['first' => 1, 'reason' => ['code' => 'TDAM-9997']]]]));
        same(['NEWS', 'TDAM-9997', null], [$overview->status, $overview->refused[0]->reason->code, $overview->reason]);
    },
    'statuses become kinds' => static function (): void {
        $kind = static fn (int $status, string $code = 'X'): ErrorKind => ExchangeException::refused(Problem::of($status, new Members(['code' => $code]), '', null))->kind();
        foreach ([429, 502, 503, 504] as $status) {
            same(ErrorKind::Unavailable, $kind($status));
        }
        foreach ([400, 401, 403, 404, 409, 422, 500] as $status) {
            same(ErrorKind::Refused, $kind($status));
        }
        same(ErrorKind::Unavailable, $kind(409, 'TDAM-5009'));
    },
    'the library repeats what passes by itself, and says what its user may repeat' => static function (): void {
        $error = static fn (int $status): ExchangeException => ExchangeException::refused(Problem::of($status, new Members([]), '', null));
        foreach ([503 => [true, true], 408 => [false, true], 500 => [false, true], 422 => [false, false], 409 => [false, false]] as $status => $expected) {
            same([$status, $expected], [$status, [$error($status)->isRepeated(), $error($status)->isWorthRepeating()]]);
        }
    },
    'who calls is not accepted' => static function (): void {
        $error = ExchangeException::refused(Problem::of(403, new Members([]), '', null));
        same(true, $error->isUnauthorised());
        same(false, ExchangeException::refused(Problem::of(404, new Members([]), '', null))->isUnauthorised());
    },
    'Retry-After is a number or a date' => static function () use ($reply): void {
        same(7.0, $reply('', ['retry-after' => '7'])->retryAfter());
        same(null, $reply('', ['retry-after' => 'soon-ish'])->retryAfter());
        same(0.0, $reply('', ['retry-after' => 'Mon, 23 Nov 2020 10:00:00 GMT'])->retryAfter());
        same(null, $reply('')->retryAfter());
    },
    'an answer that is no JSON is named as such' => static function () use ($reply): void {
        holds('is the address that of an exchange', fails(ErrorKind::Unexpected, static fn () => $reply('<html>')->json())->getMessage());
        fails(ErrorKind::Unexpected, static fn () => $reply('"text"')->json());
        fails(ErrorKind::Unexpected, static fn () => $reply(str_repeat('[', 100_000))->json());
    },
    'links are found by their relation' => static function (): void {
        $field = '</v1/reports/1?page=1>; rel="first", </v1/reports/1?page=3>; title="a, b"; rel="prev next"';
        same('/v1/reports/1?page=3', Link::target($field, 'next'));
        same('/v1/reports/1?page=1', Link::target($field, 'first'));
        same('/x', Link::target('</x>;rel=next', 'next'));
        same(null, Link::target('</x>; rel="nextish"; next', 'next'));
        same(null, Link::target('', 'next'));
    },
];
