<?php

declare(strict_types=1);

namespace Tdam\Client;

use Tdam\Client\Data\Account;
use Tdam\Client\Data\CatalogueEntry;
use Tdam\Client\Data\EnrolmentRules;
use Tdam\Client\Data\Heartbeat;
use Tdam\Client\Data\IssuedCertificate;
use Tdam\Client\Data\Quotas;
use Tdam\Client\Data\SignatureCheck;
use Tdam\Client\Data\StatusOverview;
use Tdam\Client\Internal\Address;
use Tdam\Client\Internal\Bounds;
use Tdam\Client\Internal\Call;
use Tdam\Client\Internal\Calls;
use Tdam\Client\Internal\Connection;
use Tdam\Client\Internal\Log;
use Tdam\Client\Internal\Renewal;
use Tdam\Client\Internal\Reports;
use Tdam\Client\Internal\Submissions;
use Tdam\Client\Internal\Warnings;

/**
 * A connection to the exchange as one online user.
 *
 * Every call may be repeated, and the library repeats it: the same bytes get the same answer and are executed once. Every method throws
 * {@see ExchangeException} and nothing else.
 *
 * ```php
 * $client = new Client(
 *     'https://127.0.0.1:8443',
 *     Authority::file('tdam-sandbox/pki/ca.pem'),
 *     Identity::files('certificate.pem', 'key.pem'),
 * );
 * echo $client->heartbeat()->onlineUser, "\n";
 * echo $client->submitAndWait(Body::file('payments.xml'))->groupStatus(), "\n";
 * ```
 */
final class Client
{
    private readonly Calls $calls;

    /**
     * Reads authority, certificate and key; no connection is made yet.
     *
     * @param string $url `https://host:port`
     * @param Identity|list<Identity> $identity Of several the newest that is valid is used.
     */
    public function __construct(string $url, Authority $authority, Identity|array $identity = [], ?Options $options = null)
    {
        $options ??= new Options();
        $log = new Log($options->log);
        $identities = is_array($identity) ? array_values($identity) : [$identity];
        $this->calls = new Calls(
            Address::of($url),
            new Connection($authority, $identities, $options, $log),
            $options,
            $log,
            new Warnings($options->onWarning, $log),
        );
    }

    /**
     * Am I connected, as whom, and until when. Ask daily, and renew weeks before the end.
     *
     * ```php
     * if ($client->heartbeat()->certificateDaysLeft < 30) {
     *     $client->renew();
     * }
     * ```
     */
    public function heartbeat(?Language $language = null): Heartbeat
    {
        return Heartbeat::of($this->calls->json(new Call('GET', '/v1/heartbeat', language: $language)));
    }

    /**
     * Submits a pain.001. Returns its answer, or what to ask again later if the exchange takes longer than `$wait` seconds.
     *
     * ```php
     * $outcome = $client->submit(Body::file('payments.xml'), wait: 60);
     * echo $outcome instanceof Answer ? $outcome->groupStatus() : "ask later at {$outcome->location}";
     * ```
     *
     * @param string|null $requestId Your own identification, for finding the request in both sides' logs.
     * @param callable(int, int): void|null $onProgress Called with bytes sent and bytes of all.
     */
    public function submit(
        Body $body,
        float $wait = Bounds::WAIT_DEFAULT,
        ?Language $language = null,
        ?string $requestId = null,
        ?callable $onProgress = null,
    ): Answer|InProgress {
        $progress = $onProgress === null ? null : $onProgress(...);
        return (new Submissions($this->calls))->submit($body, $wait, false, $language, $requestId, $progress);
    }

    /**
     * Submits a pain.001 and comes back until its answer is there.
     *
     * ```php
     * $client->submitAndWait(Body::file('payments.xml'), timeout: 600)->saveTo('answer.xml');
     * ```
     *
     * @param float $timeout Seconds after which it gives up (kind timeout); sending the same bytes again later is safe.
     */
    public function submitAndWait(
        Body $body,
        float $timeout = Bounds::CALL_TIMEOUT,
        ?Language $language = null,
        ?string $requestId = null,
    ): Answer {
        $outcome = $this->submit($body, min($timeout, Bounds::WAIT_DEFAULT), $language, $requestId);
        return $outcome instanceof Answer ? $outcome : $this->waitForAnswer($outcome, $timeout, $language);
    }

    /**
     * Submits many messages over several connections, and yields each answer, or what went wrong with it, as soon as it is there. If you
     * leave the loop early, messages that are under way may or may not have arrived: submit the same bytes again.
     *
     * ```php
     * $bodies = (static function (): \Generator {
     *     foreach (glob('outbox/*.xml') as $path) {
     *         yield $path => Body::file($path);
     *     }
     * })();
     * foreach ($client->submitMany($bodies, connections: 8) as $path => $outcome) {
     *     echo $path, ' ', $outcome instanceof Answer ? $outcome->groupStatus() : $outcome->getMessage(), "\n";
     * }
     * ```
     *
     * @template K
     *
     * @param iterable<K, Body> $bodies Taken one by one, as connections become free.
     *
     * @return \Generator<K, Answer|ExchangeException>
     */
    public function submitMany(iterable $bodies, int $connections = 8, float $timeout = Bounds::CALL_TIMEOUT, ?Language $language = null): \Generator
    {
        return (new Submissions($this->calls))->each($bodies, $connections, $timeout, $language);
    }

    /**
     * The answer that a submission would get. The exchange executes and stores nothing, and the `MsgId` stays free.
     *
     * ```php
     * echo $client->submitTest(Body::file('payments.xml'))->groupStatus();
     * ```
     */
    public function submitTest(Body $body, ?Language $language = null, ?string $requestId = null, float $timeout = Bounds::CALL_TIMEOUT): Answer
    {
        $submissions = new Submissions($this->calls);
        $outcome = $submissions->submit($body, Bounds::WAIT_DEFAULT, true, $language, $requestId, null);
        return $outcome instanceof Answer ? $outcome : $submissions->await($outcome, $timeout, $language);
    }

    /**
     * Waits until the exchange has answered a message that it is still checking.
     *
     * ```php
     * $answer = $client->waitForAnswer(InProgress::at('/v1/payments?submission=3'), timeout: 600);
     * ```
     */
    public function waitForAnswer(InProgress $inProgress, float $timeout = Bounds::CALL_TIMEOUT, ?Language $language = null): Answer
    {
        return (new Submissions($this->calls))->await($inProgress, $timeout, $language);
    }

    /**
     * The status of a message now, as pain.002.
     *
     * ```php
     * $client->status('MSG-1')->saveTo('status.xml');
     * ```
     */
    public function status(string $messageId): StatusReport
    {
        $call = new Call('GET', Submissions::PATH . '?msg_id=' . rawurlencode($messageId), Call::MESSAGE);
        return StatusReport::of($this->calls->call($call)->response);
    }

    /**
     * The status of a message now, as values: counts, blocks, and the list of refused payments with the reason.
     *
     * ```php
     * foreach ($client->statusOverview('MSG-1')->refused as $refused) {
     *     echo "line {$refused->line}: {$refused->endToEndId} {$refused->reason->code}\n";
     * }
     * ```
     */
    public function statusOverview(string $messageId, ?Language $language = null): StatusOverview
    {
        $call = new Call('GET', Submissions::PATH . '?msg_id=' . rawurlencode($messageId), language: $language);
        return StatusOverview::of($this->calls->json($call));
    }

    /**
     * Orders reports with a camt.060 and fetches all pages of all of them, one after the other. Before it hands out a page it checks that
     * first balance and entries make the last balance, and that the page continues the one before; if not, it throws (kind unexpected).
     *
     * ```php
     * foreach ($client->reports(Body::file('request.xml')) as $page) {
     *     $page->saveTo("report-{$page->report}-{$page->number}.xml");
     * }
     * ```
     *
     * @return \Generator<int, ReportPage>
     */
    public function reports(Body $camt060, ?Language $language = null, bool $checkBalances = true): \Generator
    {
        return (new Reports($this->calls))->pages($camt060, $language, $checkBalances);
    }

    /**
     * The accounts that the online user may see, with their balances now.
     *
     * ```php
     * foreach ($client->accounts() as $account) {
     *     echo "{$account->iban} {$account->available} {$account->currency}\n";
     * }
     * ```
     *
     * @return list<Account>
     */
    public function accounts(): array
    {
        return array_map(Account::of(...), $this->calls->json(new Call('GET', '/v1/accounts'))->objects('accounts'));
    }

    /**
     * What is left of the quotas. Other calls need not ask first: one that a quota refuses waits as long as the exchange says.
     *
     * ```php
     * echo $client->quotas()->requests?->left;
     * ```
     */
    public function quotas(): Quotas
    {
        return Quotas::of($this->calls->json(new Call('GET', '/v1/quotas')));
    }

    /**
     * The catalogue of errors, by code, in both languages.
     *
     * ```php
     * echo $client->catalogue()['TDAM-3107']->latvian->title;
     * ```
     *
     * @return array<string, CatalogueEntry>
     */
    public function catalogue(): array
    {
        $entries = array_map(CatalogueEntry::of(...), $this->calls->json(new Call('GET', '/v1/errors'))->objects('errors'));
        return array_combine(array_column($entries, 'code'), $entries);
    }

    /**
     * One code of the catalogue.
     *
     * ```php
     * echo $client->catalogueEntry('TDAM-3107')->english->remedy;
     * ```
     */
    public function catalogueEntry(string $code): CatalogueEntry
    {
        return CatalogueEntry::of($this->calls->json(new Call('GET', '/v1/errors/' . rawurlencode($code))));
    }

    /**
     * What the exchange thinks of the signature over this body (at most 1 MiB). It executes and keeps nothing. A wrong signature is no
     * exception: the answer says so, step by step.
     *
     * ```php
     * $check = $client->checkSignature(Body::file('payments.xml')); // needs new Options(sign: true)
     * echo $check->isAccepted ? 'right' : $check->text;
     * ```
     */
    public function checkSignature(Body $body, ?Language $language = null): SignatureCheck
    {
        $call = new Call('POST', '/v1/signature-check', Call::JSON, $body, language: $language, isSubmission: true);
        return SignatureCheck::of($this->calls->json($call));
    }

    /**
     * Renews the certificate in its files: makes a key and a request, gets the certificate, tries the new pair, and then puts it in the
     * place of the old one. Until the new one has worked, the old one stays. If it is interrupted, the same call goes on where it was.
     *
     * ```php
     * if ($client->heartbeat()->certificateDaysLeft < 30) {
     *     echo 'valid until ', $client->renew()->until, "\n";
     * }
     * ```
     *
     * @param KeyKind|null $keyKind The kind of the key in use, if it is left out.
     */
    public function renew(?KeyKind $keyKind = null): IssuedCertificate
    {
        return IssuedCertificate::of((new Renewal($this->calls))->renew($keyKind));
    }

    /** For whom the next certificate will be, and what its request must be like. */
    public function certificateRules(): EnrolmentRules
    {
        return (new Renewal($this->calls))->rules();
    }

    /**
     * The next certificate with its chain (PEM) for a request (PKCS#10, PEM) of your own, for those who keep keys elsewhere than in files.
     * The same request gets the same certificate again.
     *
     * ```php
     * $vault->store('certificate', $client->renewCertificate($vault->makeRequest($client->certificateRules()->subject)));
     * ```
     */
    public function renewCertificate(string $request): string
    {
        return (new Renewal($this->calls))->certificate($request);
    }

    /**
     * What the latest answer warned of.
     *
     * @return list<Warning>
     */
    public function warnings(): array
    {
        return $this->calls->warnings->latest();
    }

    /**
     * Reads the files of authority, certificate and key again. If one is unusable, the client keeps what it has, and an exception says why.
     *
     * ```php
     * pcntl_signal(SIGHUP, static fn () => $client->reload());
     * ```
     */
    public function reload(): void
    {
        $this->calls->connection->reload();
    }

    /** Ends the connections. A later call makes new ones. */
    public function close(): void
    {
        $this->calls->connection->transport()->close();
    }
}
