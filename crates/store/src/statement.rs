//! Prepared statements. Each file lists its statements in one block, so that a test can prepare every one of them on
//! both engines ([`crate::Store::prepare_statements`]): nothing else checks SQL before it runs.
//!
//! Only the macros here make a [`Statement`], and the functions that run statements take nothing else. An uncollected
//! list is dead code, which the compiler reports.

/// The text of a statement that is prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Statement(&'static str);

impl Statement {
    /// For the macros of this file.
    pub(crate) const fn new(sql: &'static str) -> Statement {
        Statement(sql)
    }

    pub(crate) const fn sql(self) -> &'static str {
        self.0
    }

    pub(crate) const fn all(&self) -> &[Statement] {
        std::slice::from_ref(self)
    }
}

/// A statement that reads rows, and the same where a transaction of PostgreSQL locks them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Locking {
    /// In a snapshot; in an order that says what follows.
    forms: [Statement; 4],
    /// A transaction that gives way leaves locked rows out (`SKIP LOCKED`), which costs the server no error and its log no
    /// line. No row means then that another transaction has it.
    skips: bool,
}

/// How a transaction takes row locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locks {
    /// Not at all: a snapshot.
    None,
    /// It waits for them.
    Waiting,
    /// The job has run before, and another transaction was in its way. Two jobs that read a row and then change it would
    /// meet again and again, so it locks at once as it will have to in the end.
    Again,
}

impl Locking {
    /// For the macros of this file.
    pub(crate) const fn new(none: Statement, waiting: Statement, again: Statement, giving_way: Statement) -> Locking {
        let skips = giving_way.0.len() > again.0.len();
        Locking { forms: [none, waiting, again, giving_way], skips }
    }

    pub(crate) const fn all(&self) -> &[Statement] {
        &self.forms
    }

    /// The form for a transaction. `gives_way`: the job does not wait for locks, but is undone and runs again later.
    pub(crate) fn form(&self, locks: Locks, gives_way: bool) -> Statement {
        let [none, waiting, again, giving_way] = self.forms;
        match locks {
            Locks::None => none,
            _ if gives_way && self.skips => giving_way,
            Locks::Waiting => waiting,
            Locks::Again => again,
        }
    }

    /// Whether a row that this form does not find may be one that another transaction has locked.
    pub(crate) fn leaves_out(&self, locks: Locks, gives_way: bool) -> bool {
        gives_way && self.skips && locks != Locks::None
    }
}

/// The statements of a file: a constant each, and `STATEMENTS`, the list of all. A statement is a [`Statement`] or, where a
/// transaction locks what it reads, a [`Locking`]:
///
/// ```text
/// statements! {
///     const LOTS_OF: Statement = ("SELECT ", lot_columns!(), " FROM lot WHERE message = $1 ORDER BY number");
///     const LOT: Locking = ("SELECT ", lot_columns!(), " FROM lot WHERE message = $1 AND number = $2"; skip " FOR NO KEY UPDATE");
/// }
/// ```
macro_rules! statements {
    ($($(#[$meta:meta])* $vis:vis const $name:ident: $kind:ident = $body:tt;)+) => {
        $($(#[$meta])* $vis const $name: $crate::statement::$kind = $crate::statement::statement!($kind $body);)+

        /// All of them.
        pub(crate) const STATEMENTS: &[&[$crate::statement::Statement]] = &[$($name.all()),+];
    };
}

/// One statement of [`statements`].
macro_rules! statement {
    (Statement ($($part:expr),+ $(,)?)) => { $crate::statement::Statement::new(concat!($($part),+)) };
    // Rows that others have locked are left out by a transaction that gives way.
    (Locking ($($part:expr),+; skip $lock:literal)) => {
        $crate::statement::Locking::new(
            $crate::statement::Statement::new(concat!($($part),+)),
            $crate::statement::Statement::new(concat!($($part),+, $lock)),
            $crate::statement::Statement::new(concat!($($part),+, $lock)),
            $crate::statement::Statement::new(concat!($($part),+, $lock, " SKIP LOCKED")),
        )
    };
    // A job that has run before locks otherwise.
    (Locking ($($part:expr),+; first $first:literal, again $again:literal)) => {
        $crate::statement::Locking::new(
            $crate::statement::Statement::new(concat!($($part),+)),
            $crate::statement::Statement::new(concat!($($part),+, $first)),
            $crate::statement::Statement::new(concat!($($part),+, $again)),
            $crate::statement::Statement::new(concat!($($part),+, $again)),
        )
    };
}

pub(crate) use {statement, statements};
