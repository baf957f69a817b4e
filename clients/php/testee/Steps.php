<?php

declare(strict_types=1);

use Tdam\Client\Answer;
use Tdam\Client\Authority;
use Tdam\Client\Body;
use Tdam\Client\Client;
use Tdam\Client\Enrolment;
use Tdam\Client\ErrorKind;
use Tdam\Client\ExchangeException;
use Tdam\Client\Identity;
use Tdam\Client\InProgress;
use Tdam\Client\KeyKind;
use Tdam\Client\Language;
use Tdam\Client\Options;
use Tdam\Client\StatusReport;
use Tdam\Client\Warning;

/**
 * The steps of conformance/PROTOCOL.md, each by one call of the library.
 */
final class Steps
{
    private const TIMEOUT_DEFAULT = 600.0;

    private ?Client $client = null;
    /** @var list<Warning> */
    private array $warnings = [];
    /** @var list<string> */
    private array $log = [];

    /**
     * @param array<array-key, mixed> $step
     *
     * @return array<string, mixed>
     */
    public function answer(array $step): array
    {
        $id = ['id' => $step['id'] ?? null];
        try {
            return $id + ['ok' => (object) $this->perform($step)];
        } catch (ExchangeException $error) {
            return $id + ['error' => self::error($error)];
        } catch (NotSupported $missing) {
            return $id + ['unsupported' => $missing->getMessage()];
        } catch (Throwable $fault) {
            fwrite(STDERR, "{$fault}\n");
            return $id + ['error' => ['kind' => 'unexpected', 'message' => "the library failed: {$fault->getMessage()}"]];
        }
    }

    /**
     * @param array<array-key, mixed> $step
     *
     * @return array<string, mixed>
     */
    private function perform(array $step): array
    {
        return match ($step['do'] ?? '') {
            'connect' => $this->connect($step),
            'heartbeat' => $this->heartbeat(),
            'submit' => $this->submit($step),
            'wait_for_answer' => $this->outcome($this->client()->waitForAnswer(InProgress::at($step['location']), self::seconds($step, 'timeout_ms') ?? self::TIMEOUT_DEFAULT), $step),
            'status' => ($step['form'] ?? 'xml') === 'xml' ? $this->status($step) : $this->overview($step),
            'report' => $this->report($step),
            'accounts' => $this->accounts(),
            'quotas' => $this->quotas(),
            'errors' => $this->errors($step),
            'check_signature' => $this->checkSignature($step),
            'enroll' => $this->enroll($step),
            'enroll_key_store' => $this->enrollKeyStore($step),
            'renew' => $this->renew($step),
            'reload' => $this->reload(),
            'warnings' => ['warnings' => array_map(self::warning(...), $this->warnings)],
            'log' => ['lines' => $this->log],
            'load' => $this->load($step),
            'close' => $this->close(),
            default => throw new NotSupported('no such step: ' . json_encode($step['do'] ?? null)),
        };
    }

    private function client(): Client
    {
        return $this->client ?? throw new LogicException('this client is not connected');
    }

    /** @param array<array-key, mixed> $step @return array<string, mixed> */
    private function connect(array $step): array
    {
        $asBytes = ($step['from'] ?? 'file') === 'bytes';
        $identities = [];
        foreach ($step['identities'] ?? [] as $identity) {
            $identities[] = match (true) {
                isset($identity['pkcs12']) && $asBytes => Identity::keyStore((string) file_get_contents($identity['pkcs12']), $identity['password'] ?? ''),
                isset($identity['pkcs12']) => Identity::keyStoreFile($identity['pkcs12'], $identity['password'] ?? ''),
                $asBytes => Identity::pem((string) file_get_contents($identity['certificate']), (string) file_get_contents($identity['key'])),
                default => Identity::files($identity['certificate'], $identity['key']),
            };
        }
        $authority = $asBytes ? Authority::pem((string) file_get_contents($step['authority'])) : Authority::file($step['authority']);
        $this->warnings = $this->log = [];
        $this->client = new Client($step['url'] ?? '', $authority, $identities, $this->options($step));
        return [];
    }

    /** @param array<array-key, mixed> $step */
    private function options(array $step): Options
    {
        $given = $step['options'] ?? [];
        $default = new Options();
        return new Options(
            sign: $step['sign'] ?? false,
            connectTimeout: self::seconds($given, 'connect_timeout_ms') ?? $default->connectTimeout,
            idleTimeout: self::seconds($given, 'idle_timeout_ms') ?? $default->idleTimeout,
            callTimeout: self::seconds($given, 'call_timeout_ms') ?? $default->callTimeout,
            attemptsMax: $given['attempts_max'] ?? $default->attemptsMax,
            firstPause: self::seconds($given, 'first_pause_ms') ?? $default->firstPause,
            pauseMax: self::seconds($given, 'pause_max_ms') ?? $default->pauseMax,
            compression: $given['compression'] ?? true,
            userAgent: $given['user_agent'] ?? null,
            tlsMax: $given['tls_max'] ?? null,
            onWarning: function (Warning $warning): void {
                $this->warnings[] = $warning;
            },
            log: function (string $level, string $message, array $context): void {
                $this->log[] = rtrim("{$level} {$message} " . ($context === [] ? '' : json_encode($context)));
            },
        );
    }

    /** @return array<string, mixed> */
    private function heartbeat(): array
    {
        $heartbeat = $this->client()->heartbeat();
        return [
            'online_user' => $heartbeat->onlineUser,
            'client' => $heartbeat->client,
            'business_day' => $heartbeat->businessDay,
            'certificate_days_left' => $heartbeat->certificateDaysLeft,
            'certificate_until' => $heartbeat->certificateUntil,
        ];
    }

    /** @param array<array-key, mixed> $step @return array<string, mixed> */
    private function submit(array $step): array
    {
        $language = Language::tryFrom($step['language'] ?? '');
        $requestId = $step['request_id'] ?? null;
        $body = self::body($step['body']);
        $timeout = self::seconds($step, 'timeout_ms');
        $wait = self::seconds($step, 'wait_ms');
        $isComplete = $step['complete'] ?? false;
        $outcome = match (true) {
            $step['test'] ?? false => $this->client()->submitTest($body, $language, $requestId),
            $wait !== null => $this->client()->submit($body, $wait, $language, $requestId),
            $isComplete => $this->client()->submitAndWait($body, $timeout ?? self::TIMEOUT_DEFAULT, $language, $requestId),
            default => $this->client()->submit($body, language: $language, requestId: $requestId),
        };
        if ($isComplete && $outcome instanceof InProgress) {
            $outcome = $this->client()->waitForAnswer($outcome, $timeout ?? self::TIMEOUT_DEFAULT, $language);
        }
        return $this->outcome($outcome, $step);
    }

    /** @param array<array-key, mixed> $step @return array<string, mixed> */
    private function outcome(Answer|InProgress $outcome, array $step): array
    {
        if ($outcome instanceof InProgress) {
            return ['outcome' => 'in_progress', 'location' => $outcome->location, 'retry_after_ms' => (int) ($outcome->retryAfter * 1000)];
        }
        return ['outcome' => 'answer', 'repeated' => $outcome->isRepeated, 'request_id' => $outcome->requestId] + self::document($outcome, $step);
    }

    /** @param array<array-key, mixed> $step @return array<string, mixed> */
    private function status(array $step): array
    {
        return self::document($this->client()->status($step['msg_id']), $step);
    }

    /** @param array<array-key, mixed> $step @return array<string, mixed> */
    private static function document(StatusReport $report, array $step): array
    {
        if (isset($step['save_to'])) {
            $report->saveTo($step['save_to']);
        }
        return ['message_type' => $report->messageType, 'sha256' => $report->sha256(), 'group_status' => $report->groupStatus()];
    }

    /** @param array<array-key, mixed> $step @return array<string, mixed> */
    private function overview(array $step): array
    {
        $overview = $this->client()->statusOverview($step['msg_id'], Language::tryFrom($step['language'] ?? ''));
        $refused = [];
        foreach ($overview->refused as $payment) {
            $refused[] = ['end_to_end_id' => $payment->endToEndId, 'code' => $payment->reason->code, 'reason' => $payment->reason->isoReason];
        }
        return ['msg_id' => $overview->messageId, 'group_status' => $overview->status, 'payments' => $overview->payments, 'refused' => $refused];
    }

    /** @param array<array-key, mixed> $step @return array<string, mixed> */
    private function report(array $step): array
    {
        $sums = [];
        $areChecked = true;
        foreach ($this->client()->reports(self::body($step['body'])) as $page) {
            if (isset($step['save_to'])) {
                $page->saveTo($step['save_to'] . '/' . (count($sums) + 1) . '.xml');
            }
            $sums[] = $page->sha256();
            $areChecked = $areChecked && $page->areBalancesChecked;
        }
        return ['pages' => count($sums), 'sha256' => $sums] + ($areChecked ? ['balances_chain' => true] : []);
    }

    /** @return array<string, mixed> */
    private function accounts(): array
    {
        $accounts = [];
        foreach ($this->client()->accounts() as $account) {
            $accounts[] = ['iban' => $account->iban, 'currency' => $account->currency, 'booked' => $account->booked, 'available' => $account->available];
        }
        return ['accounts' => $accounts];
    }

    /** @return array<string, mixed> */
    private function quotas(): array
    {
        $quotas = $this->client()->quotas();
        return ['requests_left' => $quotas->requests?->left, 'bytes_left' => $quotas->bytes?->left];
    }

    /** @param array<array-key, mixed> $step @return array<string, mixed> */
    private function errors(array $step): array
    {
        $count = ['count' => count($this->client()->catalogue())];
        if (!isset($step['code'])) {
            return $count;
        }
        $entry = $this->client()->catalogueEntry($step['code']);
        return $count + ['code' => $entry->code, 'titles' => ['lv' => $entry->latvian->title, 'en' => $entry->english->title]];
    }

    /** @param array<array-key, mixed> $step @return array<string, mixed> */
    private function checkSignature(array $step): array
    {
        $check = $this->client()->checkSignature(self::body($step['body']));
        $steps = [];
        foreach ($check->steps as $part) {
            $steps[] = ['step' => $part->step, 'passed' => $part->isPassed];
        }
        return ['valid' => $check->isAccepted, 'steps' => $steps];
    }

    /** @param array<array-key, mixed> $step @return array<string, mixed> */
    private function load(array $step): array
    {
        $bodies = (static function () use ($step): Generator {
            foreach (new FilesystemIterator($step['folder']) as $file) {
                if ($file->isFile()) {
                    yield $file->getFilename() => Body::file($file->getPathname());
                }
            }
        })();
        $sent = 0;
        $answers = $failed = [];
        foreach ($this->client()->submitMany($bodies, $step['connections'] ?? 1) as $name => $outcome) {
            $sent++;
            if ($sent === ($step['renew_after'] ?? null)) {
                $this->client()->renew();
                touch($step['renewed_file']);
            }
            if ($outcome instanceof Answer) {
                $answers[$name] = $outcome->sha256();
            } else {
                $failed[$name] = self::error($outcome);
            }
        }
        return ['sent' => $sent, 'answers' => (object) $answers, 'failed' => (object) $failed];
    }

    /** @param array<array-key, mixed> $step */
    private static function enrolment(array $step): Enrolment
    {
        return new Enrolment($step['url'], Authority::file($step['authority']), $step['code']);
    }

    /** @param array<array-key, mixed> $step @return array<string, mixed> */
    private function enroll(array $step): array
    {
        $kind = KeyKind::from($step['key_kind'] ?? 'p256');
        return ['serial' => self::enrolment($step)->enroll($step['certificate'], $step['key'], $kind)->serial];
    }

    /** @param array<array-key, mixed> $step @return array<string, mixed> */
    private function enrollKeyStore(array $step): array
    {
        self::enrolment($step)->enrollKeyStore($step['pkcs12']);
        return [];
    }

    /** @param array<array-key, mixed> $step @return array<string, mixed> */
    private function renew(array $step): array
    {
        $issued = $this->client()->renew(KeyKind::tryFrom($step['key_kind'] ?? ''));
        return ['serial' => $issued->serial, 'certificate_until' => $issued->until];
    }

    /** @return array<string, mixed> */
    private function reload(): array
    {
        $this->client()->reload();
        return [];
    }

    /** @return array<string, mixed> */
    private function close(): array
    {
        $this->client()->close();
        $this->client = null;
        return [];
    }

    /** @return array<string, mixed> */
    private static function warning(Warning $warning): array
    {
        $what = ['TDAM-1071' => 'certificate', 'TDAM-1072' => 'registration'][$warning->code] ?? null;
        return ['code' => $warning->code, 'what' => $what, 'ends' => $warning->ends];
    }

    /** @param array<string, string> $body */
    private static function body(array $body): Body
    {
        if (isset($body['stream'])) {
            $stream = popen('exec cat ' . escapeshellarg($body['stream']), 'r');
            return Body::stream($stream === false ? throw new RuntimeException('no stream') : $stream);
        }
        return isset($body['bytes']) ? Body::bytes((string) file_get_contents($body['bytes'])) : Body::file($body['file']);
    }

    /** @param array<array-key, mixed> $members */
    private static function seconds(array $members, string $name): ?float
    {
        return isset($members[$name]) ? $members[$name] / 1000 : null;
    }

    /** @return array<string, mixed> */
    private static function error(ExchangeException $error): array
    {
        $problem = $error->problem();
        $members = [
            'kind' => $error->kind()->value,
            'unauthorised' => $error->isUnauthorised(),
            'attempts' => $error->attempts(),
            'message' => $error->getMessage(),
        ];
        // curl does not always tell why TLS failed.
        if ($error->kind() === ErrorKind::Tls && !$error->isUnauthorised()) {
            unset($members['unauthorised']);
        }
        if ($problem === null) {
            return $members;
        }
        $findings = [];
        foreach ($problem->findings as $finding) {
            $findings[] = ['code' => $finding->code, 'path' => $finding->path, 'line' => $finding->line];
        }
        return $members + array_filter([
            'code' => $problem->code,
            'status' => $problem->status,
            'title' => $problem->title,
            'request_id' => $problem->requestId,
        ]) + [
            'titles' => ['lv' => $problem->latvian->title, 'en' => $problem->english->title],
            'retry_after_ms' => $problem->retryAfterSeconds === null ? null : (int) ($problem->retryAfterSeconds * 1000),
            'findings' => $findings,
        ];
    }
}

/** The library cannot do a step. */
final class NotSupported extends RuntimeException
{
}
