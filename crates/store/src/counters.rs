//! Figures of a store at work.

/// Counters of the store's work since its opening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Durable commits of jobs. Many jobs may share one.
    pub commits: u64,
    /// Jobs committed.
    pub jobs: u64,
    /// Jobs of which nothing happened: refused, failed, panicked.
    pub failed_jobs: u64,
    /// The most jobs that shared a commit.
    pub group_jobs_max: u64,
    /// Snapshots read.
    pub reads: u64,
    /// Answers of the database for which threads that write waited. PostgreSQL only.
    pub answers: u64,
    /// The same for threads that read.
    pub read_answers: u64,
}
