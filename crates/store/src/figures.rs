//! What both stores measure of themselves, through handles that a store takes once, when it is opened.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use telemetry::metrics::store as metrics;
use telemetry::{Counter, Gauge, Histogram, Telemetry};
use tokio::sync::OwnedSemaphorePermit;

use crate::Counters;

/// What writing measures.
#[derive(Clone, Debug)]
pub(crate) struct WriteFigures {
    /// Jobs of which nothing happened.
    pub(crate) failed: Counter,
    /// Jobs that left the group that they had joined.
    pub(crate) gave_way: Counter,
    /// Jobs that another transaction stood in the way of.
    pub(crate) conflicts: Counter,
    /// Jobs whose connection was lost.
    pub(crate) connections_lost: Counter,
    committed: Counter,
    commits: Counter,
    group_jobs_max: Arc<AtomicU64>,
    jobs_per_commit: Histogram,
    decisions_together: Histogram,
    commit_seconds: Histogram,
    write_seconds: Histogram,
    queue_seconds: Histogram,
    waiting: Gauge,
}

/// What reading measures.
#[derive(Clone, Debug)]
pub(crate) struct ReadFigures {
    readings: Arc<AtomicU64>,
    seconds: Histogram,
}

/// How long the readings are that some connections are for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Readings {
    /// A few rows.
    Short,
    /// Statuses, reports.
    Long,
}

/// A job's place in the queue, until the store takes the job.
#[derive(Debug)]
pub(crate) struct PlaceInLine {
    since: Instant,
    queue_seconds: Histogram,
    waiting: Gauge,
    _permit: OwnedSemaphorePermit,
}

impl Drop for PlaceInLine {
    fn drop(&mut self) {
        self.waiting.dec();
        self.queue_seconds.observe(self.since.elapsed().as_secs_f64());
    }
}

impl WriteFigures {
    pub(crate) fn of(telemetry: &Telemetry) -> WriteFigures {
        let repeated = |reason| telemetry.counter(&metrics::REPEATED, [reason]);
        WriteFigures {
            failed: telemetry.counter(&metrics::JOBS_ENDED, ["failed"]),
            gave_way: repeated("gave_way"),
            conflicts: repeated("conflict"),
            connections_lost: repeated("connection_lost"),
            committed: telemetry.counter(&metrics::JOBS_ENDED, ["committed"]),
            commits: telemetry.counter(&metrics::COMMITS, []),
            group_jobs_max: Arc::default(),
            jobs_per_commit: telemetry.histogram(&metrics::JOBS_PER_COMMIT, []),
            decisions_together: telemetry.histogram(&metrics::DECISIONS_TOGETHER, []),
            commit_seconds: telemetry.histogram(&metrics::COMMIT_SECONDS, []),
            write_seconds: telemetry.histogram(&metrics::WRITE_SECONDS, []),
            queue_seconds: telemetry.histogram(&metrics::QUEUE_SECONDS, []),
            waiting: telemetry.gauge(&metrics::JOBS_WAITING, []),
        }
    }

    /// A job gets its place in the queue.
    pub(crate) fn line_up(&self, permit: OwnedSemaphorePermit) -> PlaceInLine {
        self.waiting.inc();
        PlaceInLine {
            since: Instant::now(),
            queue_seconds: self.queue_seconds.clone(),
            waiting: self.waiting.clone(),
            _permit: permit,
        }
    }

    /// A group ended: so many of its jobs are committed, so many came to nothing. Returns the commits until now.
    pub(crate) fn group_ended(&self, committed: u64, failed: u64) -> u64 {
        self.failed.inc_by(failed);
        if committed == 0 {
            return self.commits.get();
        }
        self.committed.inc_by(committed);
        self.group_jobs_max.fetch_max(committed, Ordering::Relaxed);
        self.jobs_per_commit.observe(committed as f64);
        self.commits.inc() + 1
    }

    /// So many messages were decided on together.
    pub(crate) fn decided(&self, together: usize) {
        self.decisions_together.observe(together as f64);
    }

    /// A commit was answered after this time.
    pub(crate) fn commit_took(&self, time: Duration) {
        self.commit_seconds.observe(time.as_secs_f64());
    }

    /// Who asked for a job then has its result.
    pub(crate) fn answered(&self, asked: Instant) {
        self.write_seconds.observe(asked.elapsed().as_secs_f64());
    }

    pub(crate) fn counters(&self) -> Counters {
        Counters {
            commits: self.commits.get(),
            jobs: self.committed.get(),
            failed_jobs: self.failed.get(),
            group_jobs_max: self.group_jobs_max.load(Ordering::Relaxed),
            reads: 0,
            answers: 0,
            read_answers: 0,
        }
    }
}

impl ReadFigures {
    pub(crate) fn of(telemetry: &Telemetry, readings: Readings) -> ReadFigures {
        let kind = match readings {
            Readings::Short => "short",
            Readings::Long => "long",
        };
        ReadFigures { readings: Arc::default(), seconds: telemetry.histogram(&metrics::READ_SECONDS, [kind]) }
    }

    /// A reading ended that was asked for then.
    pub(crate) fn ended(&self, asked: Instant) {
        self.readings.fetch_add(1, Ordering::Relaxed);
        self.seconds.observe(asked.elapsed().as_secs_f64());
    }

    /// Readings until now.
    pub(crate) fn count(&self) -> u64 {
        self.readings.load(Ordering::Relaxed)
    }
}
