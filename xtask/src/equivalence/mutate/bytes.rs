//! Damage below the level of characters.

use tdam::generate::random::Random;

use crate::equivalence::document::Document;

const STRANGE: &[u8] = b"<>&;\"'/=!?-[]: x\0\x01\t\r\n\x7f\x80\xBF\xC0\xC3\xED\xEF\xF4\xFF";

fn place(bytes: &[u8], random: &mut Random) -> usize {
    random.below(bytes.len() as u64) as usize
}

pub(super) fn one(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let mut bytes = document.text.clone().into_bytes();
    let at = place(&bytes, random);
    match random.below(4) {
        0 => drop(bytes.remove(at)),
        1 => bytes.insert(at, random.one_of(STRANGE)),
        2 => bytes[at] = random.one_of(STRANGE),
        _ => bytes[at] ^= 1 << random.below(8),
    }
    Some(bytes)
}

pub(super) fn cut(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let mut bytes = document.text.clone().into_bytes();
    let at = place(&bytes, random);
    let end = if random.chance(50) { bytes.len() } else { (at + 1 + random.below(30) as usize).min(bytes.len()) };
    bytes.drain(at..end);
    Some(bytes)
}

pub(super) fn double(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let mut bytes = document.text.clone().into_bytes();
    let at = place(&bytes, random);
    let end = (at + 1 + random.below(60) as usize).min(bytes.len());
    let part = bytes[at..end].to_vec();
    bytes.splice(at..at, part);
    Some(bytes)
}

pub(super) fn encoding(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    let text = document.text.as_bytes();
    let utf16 = |to_bytes: fn(u16) -> [u8; 2]| document.text.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>();
    Some(match random.below(6) {
        0 | 1 => [MARK, text].concat(),
        2 => [MARK, MARK, text].concat(),
        3 => [b"\xFF\xFE", utf16(u16::to_le_bytes).as_slice()].concat(),
        4 => [b"\xFE\xFF", utf16(u16::to_be_bytes).as_slice()].concat(),
        _ => {
            // Latin-1 as far as it goes.
            let bytes = document.text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'\xE4'));
            bytes.collect()
        }
    })
}
