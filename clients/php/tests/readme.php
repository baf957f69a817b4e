<?php

declare(strict_types=1);

/**
 * Executes the examples of a page: `php tests/readme.php PAGE URL ENROLMENT-URL`, in a folder with `tdam-sandbox` and `tdam-php`, and with
 * `tdam` on the path. `tests/readme.php same PAGE TWIN` compares the examples of two pages.
 */

/** @return list<array{kind: string, text: string, prints: list<string>}> */
function examples(string $page): array
{
    $text = (string) file_get_contents($page);
    preg_match_all('/^```(php|sh)([^\n]*)\n(.*?)^```\n((?:\n?<!-- prints: [^\n]*-->\n)*)/ms', $text, $blocks, PREG_SET_ORDER);
    $examples = [];
    foreach ($blocks as [, $language, $info, $code, $prints]) {
        preg_match_all('/<!-- prints: (.*?) -->/', $prints, $expected);
        $examples[] = ['kind' => $language . rtrim($info), 'text' => $code, 'prints' => $expected[1]];
    }
    return $examples;
}

/** @return list<string> Without what people read: comments and texts that are shown. */
function bare(string $page): array
{
    return array_map(static fn (array $example): string => $example['kind'] . "\n" . $example['text'], examples($page));
}

if (($argv[1] ?? '') === 'same') {
    $same = bare($argv[2]) === bare($argv[3]) && bare($argv[2]) !== [];
    echo $same ? '' : "the examples of {$argv[2]} and {$argv[3]} differ\n";
    exit($same ? 0 : 1);
}

[, $page, $url, $enrolment] = $argv;
$count = 0;
foreach (examples($page) as $number => $example) {
    if (str_contains($example['kind'], 'not-run')) {
        continue;
    }
    $code = strtr($example['text'], ['https://127.0.0.1:8443' => $url, 'https://127.0.0.1:8444' => $enrolment]);
    if (preg_match('/^php (\S+\.php)$/', $example['kind'], $file) === 1) {
        file_put_contents($file[1], $code);
        continue;
    }
    $name = sprintf('example-%02d.%s', $number, $example['kind']);
    file_put_contents($name, $code);
    $command = $example['kind'] === 'sh' ? "sh -eu {$name}" : escapeshellarg(PHP_BINARY) . " -d error_reporting=-1 -d display_errors=1 {$name}";
    exec("{$command} 2>&1", $lines, $status);
    $printed = implode("\n", $lines);
    $missing = array_filter($example['prints'], static fn (string $part): bool => !str_contains($printed, $part));
    if ($status !== 0 || $missing !== [] || preg_match('/(Warning|Notice|Deprecated|Fatal error): /', $printed) === 1) {
        fwrite(STDERR, basename($page) . ", example {$number}:\n{$example['text']}\nended with {$status} and printed\n{$printed}\n");
        fwrite(STDERR, $missing === [] ? '' : 'it lacks: ' . implode(' | ', $missing) . "\n");
        exit(1);
    }
    $lines = [];
    $count++;
}
echo basename($page) . ": {$count} examples\n";
exit($count === 0 ? 1 : 0);
