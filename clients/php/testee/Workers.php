<?php

declare(strict_types=1);

/**
 * Passes each step to the process of its client, and the answers back.
 */
final class Workers
{
    private const PROTOCOL = 1;
    private const CHUNK_BYTES = 1 << 16;

    /** @var array<string, array{process: resource, input: resource, output: resource, rest: string}> */
    private array $workers = [];
    private string $rest = '';

    /**
     * @param resource $input
     * @param resource $output
     */
    public function __construct(private $input, private $output)
    {
    }

    public function run(): int
    {
        $isOpen = true;
        while ($isOpen || $this->workers !== []) {
            $read = array_column($this->workers, 'output');
            if ($isOpen) {
                $read[] = $this->input;
            }
            $write = $except = null;
            if (stream_select($read, $write, $except, null) === false) {
                return 1;
            }
            foreach ($this->workers as $name => $worker) {
                if (in_array($worker['output'], $read, true)) {
                    $this->passBack($name);
                }
            }
            if ($isOpen && in_array($this->input, $read, true)) {
                $isOpen = $this->takeSteps();
            }
        }
        return 0;
    }

    private function takeSteps(): bool
    {
        $piece = fread($this->input, self::CHUNK_BYTES);
        if ($piece === false || $piece === '') {
            foreach ($this->workers as $worker) {
                fclose($worker['input']);
            }
            return false;
        }
        $lines = explode("\n", $this->rest . $piece);
        $this->rest = (string) array_pop($lines);
        foreach (array_filter($lines, static fn (string $line): bool => trim($line) !== '') as $line) {
            $this->take($line);
        }
        return true;
    }

    private function take(string $line): void
    {
        $step = json_decode($line, true);
        $step = is_array($step) ? $step : [];
        match ($step['do'] ?? '') {
            'hello' => $this->answer($step, [
                'library' => 'tdam-php',
                'version' => Tdam\Client\Version::NUMBER,
                'runtime' => 'PHP ' . PHP_VERSION . ', curl ' . (curl_version()['version'] ?? '?'),
                'protocol' => self::PROTOCOL,
            ]),
            'memory' => $this->answer($step, $this->memory()),
            default => $this->passOn($line, (string) ($step['client'] ?? '')),
        };
    }

    private function passOn(string $line, string $client): void
    {
        if (!isset($this->workers[$client])) {
            $process = proc_open([PHP_BINARY, __DIR__ . '/worker.php'], [['pipe', 'r'], ['pipe', 'w'], STDERR], $pipes);
            if ($process === false) {
                throw new RuntimeException('no process can be started');
            }
            $this->workers[$client] = ['process' => $process, 'input' => $pipes[0], 'output' => $pipes[1], 'rest' => ''];
        }
        fwrite($this->workers[$client]['input'], $line . "\n");
    }

    /** Whole lines only, since several processes answer. */
    private function passBack(string $name): void
    {
        $worker = &$this->workers[$name];
        $piece = fread($worker['output'], self::CHUNK_BYTES);
        if ($piece === false || $piece === '') {
            fclose($worker['output']);
            proc_close($worker['process']);
            unset($this->workers[$name]);
            return;
        }
        $worker['rest'] .= $piece;
        $end = strrpos($worker['rest'], "\n");
        if ($end !== false) {
            fwrite($this->output, substr($worker['rest'], 0, $end + 1));
            fflush($this->output);
            $worker['rest'] = substr($worker['rest'], $end + 1);
        }
    }

    /**
     * @param array<array-key, mixed> $step
     * @param array<string, mixed> $ok
     */
    private function answer(array $step, array $ok): void
    {
        fwrite($this->output, json_encode(['id' => $step['id'] ?? null, 'ok' => $ok], JSON_THROW_ON_ERROR) . "\n");
        fflush($this->output);
    }

    /** @return array<string, int> Of this process and all of its clients together. */
    private function memory(): array
    {
        $processes = ['self'];
        foreach ($this->workers as $worker) {
            $processes[] = (string) proc_get_status($worker['process'])['pid'];
        }
        $sum = ['resident_bytes' => 0, 'peak_bytes' => 0];
        foreach ($processes as $process) {
            $status = (string) @file_get_contents("/proc/{$process}/status");
            foreach (['resident_bytes' => 'VmRSS', 'peak_bytes' => 'VmHWM'] as $name => $line) {
                $sum[$name] += preg_match("/^{$line}:\\s+(\\d+) kB/m", $status, $found) === 1 ? (int) $found[1] * 1024 : 0;
            }
        }
        return $sum;
    }
}
