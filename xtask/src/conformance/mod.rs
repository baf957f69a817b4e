//! `cargo xtask conformance`: the cases of `conformance/cases`, played by the testee of each client library against the built program.
//!
//! A case is data: steps for the testee, steps for the suite, and what must come of them. Each library has a testee, a small program that
//! does a step a line (`conformance/PROTOCOL.md`). Languages run beside each other, each with an exchange of its own; within a language some
//! cases run at once, each with a client, an account and online users of its own. A case that stops the exchange has one to itself.

mod case;
mod certificates;
mod expect;
mod hello;
mod messages;
mod play;
mod proxy;
mod stub;
mod table;
mod testee;
mod variables;
mod world;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::Args;

use crate::attack::failed::Failed;
use case::Case;
use table::{Cell, Table};
use world::{Place, World};

/// Languages whose testees are in this repository.
const LANGUAGES: [&str; 4] = ["rust", "java", "php", "dotnet"];
/// How a testee of somebody else is called in the table.
const OTHER: &str = "testee";

/// Which cases, with which testees.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The program that serves.
    #[arg(long, value_name = "FILE")]
    tdam: PathBuf,
    /// rust, java, php, dotnet, or all; may be repeated.
    #[arg(long, value_name = "LANGUAGE", default_value = "all", value_parser = ["rust", "java", "php", "dotnet", "all"])]
    language: Vec<String>,
    /// A testee of your own instead: a command, split at spaces.
    #[arg(long, value_name = "COMMAND")]
    testee: Option<String>,
    /// Only cases whose name contains this.
    #[arg(long, value_name = "PATTERN")]
    case: Option<String>,
    /// Where the exchange keeps its data.
    #[arg(long, value_name = "STORE", default_value = "sqlite", value_parser = ["sqlite", "postgresql"])]
    store: String,
    /// Also the long cases: 10 000 messages, a file of 500 MB.
    #[arg(long)]
    long: bool,
    /// Cases of a language at once.
    #[arg(long, value_name = "N", default_value_t = 3)]
    at_once: usize,
    /// Leaves what each case wrote (messages, answers, logs of testees) in this folder.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// Only say which cases there are.
    #[arg(long)]
    list: bool,
}

/// A testee and the name that the table has for it.
#[derive(Clone)]
struct Language {
    name: String,
    command: Vec<String>,
}

/// What all cases of a run share.
struct Run {
    program: PathBuf,
    folder: PathBuf,
    postgresql: bool,
}

/// Plays the cases, and prints the table.
///
/// # Errors
/// When a case fails that no exception names, or an exception names a case that passes.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let root = root();
    let cases = case::read(&root.join("conformance/cases"), arguments.case.as_deref(), arguments.long)?;
    if cases.is_empty() {
        return Err("no case has such a name".into());
    }
    if arguments.list {
        cases.iter().for_each(|case| println!("{:36} {:14} {}", case.name, case.requirement, case.about));
        return Ok(());
    }
    let exceptions = case::exceptions(&root.join("conformance/exceptions.yaml"))?;
    let languages = languages(arguments, &root)?;
    let temporary = tempfile::tempdir()?;
    let run = Run {
        program: std::path::absolute(&arguments.tdam)?,
        folder: arguments.keep.clone().unwrap_or_else(|| temporary.path().to_owned()),
        postgresql: arguments.store == "postgresql",
    };
    let begun = Instant::now();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(8).enable_all().build()?;
    let columns: Vec<Result<Vec<Cell>, Failed>> = std::thread::scope(|scope| {
        let (run, cases, handle) = (&run, &cases, runtime.handle());
        let columns: Vec<_> = languages
            .iter()
            .map(|language| scope.spawn(move || handle.block_on(column(run, language, cases, arguments.at_once))))
            .collect();
        columns.into_iter().map(|column| column.join().unwrap_or_else(|_| Err("the suite panicked".into()))).collect()
    });
    let columns: Vec<Vec<Cell>> = columns.into_iter().collect::<Result<_, _>>()?;
    let names: Vec<String> = languages.iter().map(|language| language.name.clone()).collect();
    let table = Table { cases: &cases, languages: &names, columns: &columns, exceptions: &exceptions };
    table.print();
    println!("\n{} cases, {} s", cases.len(), begun.elapsed().as_secs());
    table.verdict()
}

/// One language: its exchange, then its cases, some at once.
async fn column(run: &Run, language: &Language, cases: &[Case], at_once: usize) -> Result<Vec<Cell>, Failed> {
    let folder = run.folder.join(&language.name);
    std::fs::create_dir_all(&folder)?;
    // A testee may compile itself at its first start: three at once would write the same files. One that does not start fails here, once.
    testee::Testee::start(&language.command, &std::collections::BTreeMap::new(), &folder.join("testee.log"), false)
        .await
        .and_then(|mut first| first.end())
        .map_err(|error| format!("{}: {error}", language.name))?;
    let shared = cases.iter().any(|case| case.own_server.is_none());
    let world = if shared {
        Some(Arc::new(World::make(&run.program, &folder.join("exchange"), cases.len(), None, run.postgresql)?))
    } else {
        None
    };
    let next = std::sync::atomic::AtomicUsize::new(0);
    let cells = std::sync::Mutex::new(vec![Cell::default(); cases.len()]);
    let worker = || async {
        loop {
            let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(case) = cases.get(at) else { return };
            let cell = cell(run, language, case, at, world.clone(), &folder).await;
            table::progress(&language.name, &case.name, &cell);
            if let Some(place) = cells.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_mut(at) {
                *place = cell;
            }
        }
    };
    let workers = (0..at_once.max(1)).map(|_| worker());
    futures_util::future::join_all(workers).await;
    Ok(cells.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

async fn cell(
    run: &Run,
    language: &Language,
    case: &Case,
    at: usize,
    world: Option<Arc<World>>,
    folder: &Path,
) -> Cell {
    let begun = Instant::now();
    let own = folder.join(&case.name);
    let played = async {
        let (world, place) = match (&case.own_server, world) {
            (None, Some(world)) => (world, Place(at)),
            (own_server, _) => {
                let made = World::make(&run.program, &own.join("exchange"), 1, own_server.as_ref(), run.postgresql)?;
                (Arc::new(made), Place(0))
            }
        };
        play::play(case, world, place, &own, &language.command).await
    };
    let failure = played.await.err().map(|error| error.to_string());
    Cell { failure, took: begun.elapsed() }
}

fn languages(arguments: &Arguments, root: &Path) -> Result<Vec<Language>, Failed> {
    if let Some(command) = &arguments.testee {
        let command = command.split_whitespace().map(str::to_owned).collect();
        return Ok(vec![Language { name: OTHER.to_owned(), command }]);
    }
    let is_meant = |name: &&&str| arguments.language.iter().any(|meant| meant == "all" || meant == **name);
    LANGUAGES
        .iter()
        .filter(is_meant)
        .map(|name| {
            let command = if *name == "rust" {
                vec![std::env::current_exe()?.to_string_lossy().into_owned(), "conformance-testee".to_owned()]
            } else {
                let testee = root.join("clients").join(name).join("testee/run");
                if !testee.is_file() {
                    return Err(format!("{} is missing", testee.display()).into());
                }
                vec![testee.to_string_lossy().into_owned()]
            };
            Ok(Language { name: (*name).to_owned(), command })
        })
        .collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}
