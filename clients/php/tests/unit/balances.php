<?php

declare(strict_types=1);

use Tdam\Client\ErrorKind;
use Tdam\Client\Internal\Amount;
use Tdam\Client\Internal\Balances;

$page = static function (string $inner, string $root = 'BkToCstmrAcctRpt', string $report = 'Rpt') {
    $stream = fopen('php://memory', 'w+b');
    fwrite($stream, "<?xml version=\"1.0\"?><Document xmlns=\"urn:x\"><{$root}><GrpHdr/><{$report}>{$inner}</{$report}></{$root}></Document>");
    return $stream;
};
$amount = static fn (string $sum, string $side): string => "<Amt Ccy=\"EUR\">{$sum}</Amt><CdtDbtInd>{$side}</CdtDbtInd>";

return [
    'amounts are exact' => static function (): void {
        same(1_250_000, Amount::read('12.50', false));
        same(-10, Amount::read('0.0001', true));
        same('-0.0001', Amount::write(-10));
        same('5000000000.00', Amount::write(Amount::read('5000000000', false)));
        same('0.30', Amount::write(Amount::add(Amount::read('0.1', false), Amount::read('0.2', false))));
    },
    'what cannot be exact is an error' => static function (): void {
        foreach (['', '1,5', '-1', '1e3', '0.000001', '99999999999999', " 1\n"] as $wrong) {
            fails(ErrorKind::Unexpected, static fn () => Amount::read($wrong, false));
        }
        fails(ErrorKind::Unexpected, static fn () => Amount::add(PHP_INT_MAX, 1));
    },
    'a page adds up' => static function () use ($page, $amount): void {
        $detail = '<NtryDtls><TxDtls>' . $amount('99.99', 'CRDT') . '</TxDtls></NtryDtls>';
        $balances = Balances::of($page(
            "<Bal>{$amount('10.00', 'DBIT')}</Bal><Bal>{$amount('7.00', 'CRDT')}</Bal><TxsSummry><TtlNtries><Sum>3</Sum></TtlNtries></TxsSummry>"
            . "<Ntry>{$amount('20.00', 'CRDT')}{$detail}</Ntry><Ntry>{$amount('3.00', 'DBIT')}</Ntry>",
        ));
        same([-1_000_000, 700_000, 1_700_000], [$balances->first, $balances->last, $balances->entries]);
        same(null, $balances->fault());
    },
    'a page that does not add up is named' => static function () use ($page, $amount): void {
        $balances = Balances::of($page("<Bal>{$amount('1.00', 'CRDT')}</Bal><Bal>{$amount('2.00', 'CRDT')}</Bal><Ntry>{$amount('1.01', 'CRDT')}</Ntry>", 'BkToCstmrStmt', 'Stmt'));
        same('its first balance 1.00 and its entries 1.01 make 2.01, and its last balance is 2.00', $balances->fault());
    },
    'a page without balances has none' => static function () use ($page, $amount): void {
        $balances = Balances::of($page("<Ntry>{$amount('1.01', 'CRDT')}</Ntry>", 'BkToCstmrDbtCdtNtfctn', 'Ntfctn'));
        same([null, null], [$balances->first, $balances->fault()]);
    },
    'a cut page is an error' => static function (): void {
        $stream = fopen('php://memory', 'w+b');
        fwrite($stream, '<Document><Rpt><Bal>');
        fails(ErrorKind::Unexpected, static fn () => Balances::of($stream));
    },
];
