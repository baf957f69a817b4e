//! Inflates a compressed answer piece by piece, so that its length does not matter to memory.

use std::io::Write as _;

use bytes::Bytes;
use flate2::write::GzDecoder;

use crate::Error;

/// Compressed bytes that are inflated at a time: even if each became a thousand, a piece would be bounded.
const PIECE_BYTES: usize = 4 << 10;

/// A compressed answer on its way.
#[derive(Debug)]
pub(crate) struct Inflate {
    decoder: GzDecoder<Vec<u8>>,
    compressed: Bytes,
}

impl Default for Inflate {
    fn default() -> Inflate {
        Inflate { decoder: GzDecoder::new(Vec::new()), compressed: Bytes::new() }
    }
}

impl Inflate {
    /// Takes what came. What came before is inflated already.
    pub(crate) fn take(&mut self, compressed: Bytes) {
        debug_assert!(self.compressed.is_empty(), "each piece is inflated before the next one comes");
        self.compressed = compressed;
    }

    /// The next inflated bytes; `None` when more has to come.
    pub(crate) fn next(&mut self) -> Result<Option<Bytes>, Error> {
        while !self.compressed.is_empty() {
            let piece = self.compressed.split_to(self.compressed.len().min(PIECE_BYTES));
            self.decoder.write_all(&piece).map_err(|error| broken(&error))?;
            if let Some(inflated) = self.inflated() {
                return Ok(Some(inflated));
            }
        }
        // Of a stream that ends, the decoder may hold back some.
        self.decoder.flush().map_err(|error| broken(&error))?;
        Ok(self.inflated())
    }

    /// Nothing comes any more.
    pub(crate) fn end(&mut self) -> Result<(), Error> {
        self.decoder.try_finish().map_err(|error| broken(&error))
    }

    fn inflated(&mut self) -> Option<Bytes> {
        let inflated = std::mem::take(self.decoder.get_mut());
        (!inflated.is_empty()).then(|| inflated.into())
    }
}

fn broken(error: &std::io::Error) -> Error {
    Error::unexpected(format!("the compressed answer cannot be inflated: {error}; ask again"))
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn inflated(compressed: &[u8], piece_bytes: usize) -> Result<Vec<u8>, Error> {
        let (mut inflate, mut all) = (Inflate::default(), Vec::new());
        for piece in compressed.chunks(piece_bytes) {
            inflate.take(Bytes::copy_from_slice(piece));
            while let Some(inflated) = inflate.next()? {
                all.extend_from_slice(&inflated);
            }
        }
        inflate.end().map(|()| all)
    }

    #[test]
    fn an_answer_is_whole_however_it_comes_and_a_cut_one_is_an_error() -> Result<(), Box<dyn std::error::Error>> {
        let text: Vec<u8> = (0..200_000_u32).flat_map(u32::to_be_bytes).collect();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&text)?;
        let compressed = encoder.finish()?;
        for piece_bytes in [1, 100, 10_000, compressed.len()] {
            assert!(inflated(&compressed, piece_bytes)? == text, "in pieces of {piece_bytes}");
        }
        for length in [1, 20, compressed.len() / 2, compressed.len() - 1] {
            assert!(inflated(&compressed[..length], 100).is_err(), "cut at {length}");
        }
        Ok(())
    }
}
