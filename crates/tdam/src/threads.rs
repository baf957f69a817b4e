//! The threads of the service.

/// Threads for work that may block, such as reading a large message. The bounds of requests keep their number below this. It
/// lies well below the tasks that the service's unit allows (`TasksMax`): a thread that the system refuses would end the
/// process.
pub(crate) const BLOCKING_THREADS_MAX: usize = 128;
