<?php

declare(strict_types=1);

namespace Tdam\Client\Internal;

use Tdam\Client\ExchangeException;

/**
 * The first and the last balance of a page, and what its entries add up to; read in pieces.
 *
 * @internal
 */
final class Balances
{
    /** Elements that hold balances and entries: of camt.052 and camt.053. */
    private const REPORTS = ['Rpt', 'Stmt'];

    public ?int $first = null;
    public ?int $last = null;
    public int $entries = 0;
    /** @var list<string> names from the report down */
    private array $path = [];
    private bool $isInside = false;
    private string $text = '';
    private string $amount = '';
    private string $indicator = '';

    private function __construct()
    {
    }

    public static function canRead(): bool
    {
        return extension_loaded('xml');
    }

    /** @param resource $page */
    public static function of($page): self
    {
        $balances = new self();
        $parser = xml_parser_create_ns('UTF-8');
        xml_parser_set_option($parser, XML_OPTION_CASE_FOLDING, 0);
        xml_set_element_handler(
            $parser,
            static fn (\XMLParser $parser, string $name) => $balances->begin(self::local($name)),
            static fn (\XMLParser $parser, string $name) => $balances->end(self::local($name)),
        );
        xml_set_character_data_handler($parser, static function (\XMLParser $parser, string $text) use ($balances): void {
            $balances->text .= $balances->isInside ? $text : '';
        });
        rewind($page);
        do {
            $piece = (string) fread($page, Bounds::CHUNK_BYTES);
            if (xml_parse($parser, $piece, $piece === '') !== 1) {
                $reason = xml_error_string(xml_get_error_code($parser));
                throw ExchangeException::unexpected("a page of the report is no XML ({$reason}, line " . xml_get_current_line_number($parser) . ')');
            }
        } while ($piece !== '');
        return $balances;
    }

    /** Why first balance and entries do not make the last balance; null if they do, or if there are no balances. */
    public function fault(): ?string
    {
        if ($this->first === null || $this->last === null) {
            return null;
        }
        $sum = Amount::add($this->first, $this->entries);
        return $sum === $this->last ? null : sprintf(
            'its first balance %s and its entries %s make %s, and its last balance is %s',
            Amount::write($this->first),
            Amount::write($this->entries),
            Amount::write($sum),
            Amount::write($this->last),
        );
    }

    private static function local(string $name): string
    {
        $colon = strrpos($name, ':');
        return $colon === false ? $name : substr($name, $colon + 1);
    }

    private function begin(string $name): void
    {
        if ($this->isInside) {
            $this->path[] = $name;
            $this->text = '';
        } elseif (in_array($name, self::REPORTS, true)) {
            $this->isInside = true;
        }
    }

    private function end(string $name): void
    {
        if (!$this->isInside) {
            return;
        }
        if ($this->path === []) {
            $this->isInside = false;
            return;
        }
        $depth = count($this->path);
        $parent = $this->path[0];
        if ($depth === 2 && $name === 'Amt') {
            $this->amount = trim($this->text);
        } elseif ($depth === 2 && $name === 'CdtDbtInd') {
            $this->indicator = trim($this->text);
        } elseif ($depth === 1 && $parent === 'Bal') {
            $this->last = Amount::read($this->amount, $this->indicator === 'DBIT');
            $this->first ??= $this->last;
        } elseif ($depth === 1 && $parent === 'Ntry') {
            $this->entries = Amount::add($this->entries, Amount::read($this->amount, $this->indicator === 'DBIT'));
        }
        array_pop($this->path);
    }
}
