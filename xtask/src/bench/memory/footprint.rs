//! What a process keeps in memory, as Linux counts it.

use std::fs;
use std::io;

/// The memory of a process, in MiB.
#[derive(Clone, Copy, Debug)]
pub(super) struct Footprint {
    /// Resident: heap, stacks, and what is in memory of the program and of mapped files.
    pub(super) resident: f64,
    /// Heap and stacks alone.
    pub(super) anonymous: f64,
    /// The most that was resident since [`forget_peak`].
    pub(super) peak: f64,
}

impl Footprint {
    /// Reads it.
    pub(super) fn of(process: u32) -> io::Result<Footprint> {
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        let mebibytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<f64>().ok().map(|kibibytes| kibibytes / 1024.0)
        };
        let all = || Some((mebibytes("VmRSS:")?, mebibytes("RssAnon:")?, mebibytes("VmHWM:")?));
        let (resident, anonymous, peak) =
            all().ok_or_else(|| io::Error::other("/proc does not tell what the process keeps in memory"))?;
        Ok(Footprint { resident, anonymous, peak })
    }
}

/// Makes the peak what is resident now.
pub(super) fn forget_peak(process: u32) -> io::Result<()> {
    // 5 resets the peak alone (proc_pid_clear_refs(5)).
    fs::write(format!("/proc/{process}/clear_refs"), "5")
}
