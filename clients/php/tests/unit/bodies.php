<?php

declare(strict_types=1);

use Tdam\Client\Body;
use Tdam\Client\ErrorKind;

$whole = static function (Body $body): string {
    $reader = $body->reader();
    for ($whole = ''; ($piece = $reader->read(7)) !== ''; $whole .= $piece);
    return $whole;
};

return [
    'a body is read again from its beginning' => static function () use ($whole): void {
        folder(static function (string $folder) use ($whole): void {
            file_put_contents("{$folder}/m", 'a message in a file');
            $file = fopen("{$folder}/m", 'rb');
            fread($file, 2);
            $memory = fopen('php://memory', 'w+b');
            fwrite($memory, 'a message in a file');
            rewind($memory);
            foreach ([Body::bytes('a message in a file'), Body::file("{$folder}/m"), Body::stream($memory)] as $body) {
                same('a message in a file', $whole($body));
                same('a message in a file', $whole($body));
                same(19, $body->length());
                same(hash('sha256', 'a message in a file', true), $body->sha256());
            }
            $rest = Body::stream($file);
            same([17, 'message in a file', 'message in a file'], [$rest->length(), $whole($rest), $whole($rest)]);
            same('message in a file', stream_get_contents($rest->reader()->stream()));
        });
    },
    'a stream that cannot be rewound lies in a file of mode 0600 that is gone with the body' => static function () use ($whole): void {
        $before = glob(sys_get_temp_dir() . '/php*') ?: [];
        $body = Body::stream(popen('printf 0123456789', 'r'));
        same(10, $body->length());
        $new = array_diff(glob(sys_get_temp_dir() . '/php*') ?: [], $before);
        // Other programs make temporary files too.
        $new = array_values(array_filter($new, static fn (string $file): bool => @file_get_contents($file) === '0123456789'));
        same(1, count($new));
        same(0600, fileperms($new[0]) & 0777);
        same('0123456789', $whole($body));
        same('0123456789', $whole($body));
        unset($body);
        clearstatcache();
        same(false, file_exists($new[0]));
    },
    'a file that changes meanwhile is not sent' => static function (): void {
        folder(static function (string $folder): void {
            file_put_contents("{$folder}/m", 'first');
            $body = Body::file("{$folder}/m");
            $body->length();
            file_put_contents("{$folder}/m", 'second');
            clearstatcache();
            holds('changed while', fails(ErrorKind::Input, static fn () => $body->reader())->getMessage());
        });
    },
    'what is longer than the exchange takes is not sent' => static function (): void {
        folder(static function (string $folder): void {
            $file = fopen("{$folder}/m", 'w+b');
            ftruncate($file, (2 << 30) + 1);
            holds('several messages', fails(ErrorKind::Input, static fn () => Body::file("{$folder}/m")->length())->getMessage());
            fails(ErrorKind::Input, static fn () => Body::stream($file)->reader());
            ftruncate($file, 2 << 30);
            clearstatcache();
            same(2 << 30, Body::file("{$folder}/m")->length());
        });
    },
    'what cannot be read is named' => static function (): void {
        holds('does not exist', fails(ErrorKind::Input, static fn () => Body::file('/nonexistent')->length())->getMessage());
        holds('folder', fails(ErrorKind::Input, static fn () => Body::file('/')->length())->getMessage());
        fails(ErrorKind::Input, static fn () => Body::stream('text'));
        $closed = fopen('php://memory', 'r');
        fclose($closed);
        fails(ErrorKind::Input, static fn () => Body::stream($closed));
    },
];
