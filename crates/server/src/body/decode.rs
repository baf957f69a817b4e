//! Unpacking on the way into the exchange's intake, with bounds on what comes out.

use std::io::{self, Write};

use exchange::{ClientId, Failure, Intake, Received};
use flate2::write::MultiGzDecoder;
use rulebook::Code;

use super::arrival::too_large;
use super::form::Encoding;
use crate::bounds;
use crate::shares::Share;

/// Takes bytes as they arrived and hands them, unpacked, to the exchange. Its methods hash, inflate and write files.
pub(super) struct Decoder {
    packing: Packing,
}

enum Packing {
    Plain(Box<BoundedIntake>),
    Gzip(Box<MultiGzDecoder<BoundedIntake>>),
}

impl Decoder {
    pub(super) fn new(intake: Intake, encoding: Encoding, bytes_max: u64, share: Share<ClientId>) -> Decoder {
        let outlet = BoundedIntake { intake, share, packed: 0, unpacked: 0, bytes_max, failure: None };
        let packing = match encoding {
            Encoding::Plain => Packing::Plain(Box::new(outlet)),
            Encoding::Gzip => Packing::Gzip(Box::new(MultiGzDecoder::new(outlet))),
        };
        Decoder { packing }
    }

    /// Whether nothing needs unpacking, so that a short body is no work.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.packing, Packing::Plain(_))
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match &mut self.packing {
            Packing::Plain(outlet) => outlet.take(bytes),
            Packing::Gzip(gzip) => {
                gzip.get_mut().packed += bytes.len() as u64;
                match gzip.write_all(bytes) {
                    Ok(()) => Ok(()),
                    Err(_) => Err(gzip.get_mut().failure_of_inflation()),
                }
            }
        }
    }

    pub(super) fn finish(self) -> Result<Received, Failure> {
        match self.packing {
            Packing::Plain(outlet) => outlet.intake.finish(),
            Packing::Gzip(mut gzip) => {
                if gzip.get_ref().packed == 0 {
                    return Err(Failure::new(Code::EmptyBody));
                }
                if gzip.try_finish().is_err() {
                    return Err(gzip.get_mut().failure_of_inflation());
                }
                match gzip.finish() {
                    Ok(outlet) => outlet.intake.finish(),
                    Err(_) => Err(Failure::new(Code::CompressionBroken)),
                }
            }
        }
    }
}

/// The end of the pipe: counts, checks the bounds, feeds the intake.
struct BoundedIntake {
    intake: Intake,
    share: Share<ClientId>,
    packed: u64,
    unpacked: u64,
    bytes_max: u64,
    /// Why the last write failed, which `io::Error` cannot express.
    failure: Option<Failure>,
}

impl BoundedIntake {
    fn take(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.unpacked += bytes.len() as u64;
        if self.unpacked > self.bytes_max {
            return Err(too_large(self.bytes_max));
        }
        self.share.grow(bytes.len() as u64)?;
        self.intake.append(bytes)
    }

    fn take_inflated(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let inflated = self.unpacked + bytes.len() as u64;
        let is_suspicious = inflated > bounds::INFLATED_BYTES_UNSUSPICIOUS;
        if is_suspicious && inflated > self.packed.saturating_mul(bounds::INFLATION_RATIO_MAX) {
            return Err(Failure::new(Code::InflatesTooFar));
        }
        self.take(bytes)
    }

    fn failure_of_inflation(&mut self) -> Failure {
        self.failure.take().unwrap_or_else(|| Failure::new(Code::CompressionBroken))
    }
}

impl Write for BoundedIntake {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.take_inflated(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(failure) => {
                self.failure = Some(failure);
                Err(io::Error::other("refused"))
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
