//! Plays a case with a testee: step after step, until one does not do what is expected.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use signatures::digest;

use super::case::{Case, Step, Through};
use super::certificates::{self, Made as MadeCertificate};
use super::expect;
use super::messages::{self, Made};
use super::proxy::Proxy;
use super::stub::Stub;
use super::testee::{Pending, Testee};
use super::variables::Variables;
use super::world::{Place, USERS, World, openssl};
use crate::attack::failed::Failed;
use crate::wrong_clock::WrongClock;

/// How long the suite waits for something that must come: a file, a message that the exchange knows. Far beyond what it takes: on a busy machine the
/// long load took more than two minutes to its renewal.
const WAIT_MAX: Duration = Duration::from_secs(600);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);
/// Pauses between attempts, where a case names none: the library's own would make the suite long.
const FIRST_PAUSE_MS: u64 = 20;
const PAUSE_MAX_MS: u64 = 2_000;
/// How long a connection may take to be made, where a case names no time: the machine may have much else to do.
const CONNECT_TIMEOUT_MS: u64 = 60_000;

/// A case under way.
pub(super) struct Play<'c> {
    case: &'c Case,
    world: Arc<World>,
    place: Place,
    folder: PathBuf,
    variables: Variables,
    testee: Testee,
    proxy: Option<Proxy>,
    stub: Option<Stub>,
    made: BTreeMap<String, Made>,
    pending: BTreeMap<String, Pending>,
    clocks: BTreeMap<String, Instant>,
}

/// Plays all steps. `folder` is empty and the case's own.
pub(super) async fn play(
    case: &Case,
    world: Arc<World>,
    place: Place,
    folder: &Path,
    command: &[String],
) -> Result<(), Failed> {
    std::fs::create_dir_all(folder)?;
    let (proxy, stub) = match case.through {
        Through::Nothing => (None, None),
        Through::Proxy => (Some(Proxy::listen(world.address()).await?), None),
        Through::Stub => {
            let (certificate, key) = (world.pki().join("server.pem"), world.pki().join("server.key"));
            (None, Some(Stub::listen(&certificate, &key, world.address(), world.identity(place, "a")?).await?))
        }
    };
    let log = folder.join("testee.log");
    let mut environment = case.environment.clone();
    if let Some(seconds) = case.clock_seconds {
        let clock = WrongClock::make(folder)?;
        clock.wrong_by(seconds)?;
        environment.extend(clock.environment());
    }
    let testee = Testee::start(command, &environment, &log, case.long).await?;
    let mut play = Play {
        case,
        world,
        place,
        folder: folder.to_owned(),
        variables: Variables::default(),
        testee,
        proxy,
        stub,
        made: BTreeMap::new(),
        pending: BTreeMap::new(),
        clocks: BTreeMap::new(),
    };
    play.name_things();
    let outcome = play.steps().await;
    // A testee that does not end well is a failure of its own.
    let outcome = outcome.and_then(|()| play.testee.end());
    outcome.map_err(|error| match play.testee.last_lines() {
        lines if lines.is_empty() => error,
        lines => format!("{error} — the testee said: {lines}").into(),
    })
}

impl Play<'_> {
    fn name_things(&mut self) {
        let direct = format!("https://localhost:{}", self.world.address().port());
        let between = self.proxy.as_ref().map(|proxy| proxy.address).or(self.stub.as_ref().map(|stub| stub.address));
        let url = between.map_or_else(|| direct.clone(), |address| format!("https://localhost:{}", address.port()));
        self.variables.set("url", url);
        self.variables.set("direct", direct);
        self.variables.set("enrollment", self.world.enrollment());
        self.variables.set("authority", self.world.authority().to_string_lossy());
        self.variables.set("folder", self.folder.to_string_lossy());
        self.variables.set("iban", super::world::iban(self.place.0));
        for user in USERS {
            self.variables.set(&format!("user_{user}"), self.world.user(self.place, user).to_string_lossy());
            self.variables.set(&format!("user_{user}_name"), super::world::user_name(self.place.0, user));
        }
    }

    async fn steps(&mut self) -> Result<(), Failed> {
        for (at, step) in self.case.steps.iter().enumerate() {
            let what = step.text("do").or(step.text("suite")).unwrap_or("?").to_owned();
            let done =
                if step.text("do").is_some() { self.testee_step(step).await } else { self.suite_step(step).await };
            done.map_err(|error| format!("step {} ({what}): {error}", at + 1))?;
        }
        Ok(())
    }

    async fn testee_step(&mut self, step: &Step) -> Result<(), Failed> {
        let mut members = self.variables.filled_members(&step.0)?;
        let expected = members.remove("expect").unwrap_or_else(|| json!({ "ok": {} }));
        let save = members.remove("save");
        let background = members.remove("as");
        // A library may look at its files when it connects, or when it is first used.
        let or_call = members.get("do").and_then(Value::as_str) == Some("connect_or_call");
        if or_call {
            members.insert("do".to_owned(), json!("connect"));
        }
        self.complete(&mut members);
        let mut pending = self.testee.send(&members)?;
        if or_call {
            let answer = pending.answer().await?;
            if answer.get("ok").is_none() {
                return self.judge(&answer, &expected, save.as_ref());
            }
            let call = json!({ "do": "heartbeat", "client": members.get("client") });
            pending = self.testee.send(call.as_object().unwrap_or(&members))?;
        }
        if let Some(label) = background.as_ref().and_then(Value::as_str) {
            self.pending.insert(label.to_owned(), pending);
            return Ok(());
        }
        let answer = pending.answer().await?;
        self.judge(&answer, &expected, save.as_ref())
    }

    /// What almost every `connect` says need not stand in cases.
    fn complete(&self, members: &mut Map<String, Value>) {
        let name = members.get("do").and_then(Value::as_str).unwrap_or_default().to_owned();
        if name == "connect" {
            let user = self.world.user(self.place, "a");
            let pair = json!([{ "certificate": user.join("certificate.pem"), "key": user.join("key.pem") }]);
            members.entry("url").or_insert_with(|| self.variables.filled(&json!("$url")).unwrap_or_default());
            members.entry("authority").or_insert_with(|| json!(self.world.authority()));
            members.entry("identities").or_insert(pair);
            let options = members.entry("options").or_insert_with(|| json!({}));
            if let Some(options) = options.as_object_mut() {
                options.entry("first_pause_ms").or_insert(json!(FIRST_PAUSE_MS));
                options.entry("pause_max_ms").or_insert(json!(PAUSE_MAX_MS));
                options.entry("connect_timeout_ms").or_insert(json!(CONNECT_TIMEOUT_MS));
            }
        }
        if ["enroll", "enroll_key_store"].contains(&name.as_str()) {
            members.entry("url").or_insert_with(|| json!(self.world.enrollment()));
            members.entry("authority").or_insert_with(|| json!(self.world.authority()));
        }
        if name != "memory" {
            members.entry("client").or_insert(json!("a"));
        }
    }

    fn judge(&mut self, answer: &Value, expected: &Value, save: Option<&Value>) -> Result<(), Failed> {
        if let Some(why) = answer.get("unsupported") {
            return Err(format!("unsupported: {}", expect::shown(why)).into());
        }
        let members = ["ok", "error"].iter().filter(|member| answer.get(**member).is_some()).count();
        if members != 1 {
            return Err(format!("an answer has one of `ok`, `error`, `unsupported`: {}", expect::shown(answer)).into());
        }
        let matched = expect::check(expected, answer, "answer");
        matched.map_err(|why| format!("{why}; the answer: {}", expect::shown(answer)))?;
        for (name, path) in save.and_then(Value::as_object).into_iter().flatten() {
            let pointer = format!("/{}", path.as_str().unwrap_or_default().replace('.', "/"));
            let value = answer.pointer(&pointer).ok_or_else(|| format!("the answer has no `{path}` to save"))?;
            self.variables.set(name, value.clone());
        }
        Ok(())
    }

    async fn suite_step(&mut self, step: &Step) -> Result<(), Failed> {
        let step = Step(self.variables.filled_members(&step.0)?);
        let text = |member: &str| step.text(member).ok_or_else(|| format!("`{member}` is missing"));
        match text("suite")? {
            "message" => self.message(&step)?,
            "messages" => self.messages(&step)?,
            "report_request" => {
                let (file, day) = (Path::new(text("file")?), self.world.day());
                messages::write_report_request(file, self.place, day, step.text("iban"))?;
            }
            "append" => {
                let mut file = std::fs::File::options().append(true).open(text("file")?)?;
                file.write_all(text("text")?.as_bytes())?;
            }
            "sha256" => self.sha256(&step)?,
            "password" => {
                let password = std::fs::read_to_string(text("file")?)?;
                self.variables.set("password", password.trim_end());
            }
            "clock" => drop(self.clocks.insert(text("name")?.to_owned(), Instant::now())),
            "elapsed" => {
                let begun = self.clocks.get(text("since")?).ok_or("there is no such clock")?;
                let least = step.0.get("at_least_ms").and_then(Value::as_u64).ok_or("`at_least_ms` is missing")?;
                if begun.elapsed() < Duration::from_millis(least) {
                    return Err(format!("only {} ms passed", begun.elapsed().as_millis()).into());
                }
            }
            "operator" => {
                let arguments: Vec<String> = step.parameter("arguments")?;
                self.world.operator(&arguments.iter().map(String::as_str).collect::<Vec<_>>())?;
            }
            "faults" => self.line()?.plan(step.parameter("of")?),
            "cut" => self.line()?.cut(),
            "known" => self.known(text("msg_id")?, step.text("status")).await?,
            "passed" => {
                let passed = &self.line()?.passed;
                let counts = json!({
                    "connections": passed.connections.load(Ordering::Relaxed),
                    "open": passed.open.load(Ordering::Relaxed),
                    "versions": passed.versions(),
                    "from_client": passed.from_client.load(Ordering::Relaxed),
                    "from_exchange": passed.from_exchange.load(Ordering::Relaxed),
                });
                self.judge_value(&counts, &step)?;
            }
            "forget" => self.line()?.passed.forget(),
            "closed" => {
                let open = &self.line()?.passed.open;
                wait_for(|| open.load(Ordering::Relaxed) == 0).await?;
            }
            "grown" => grown(&step)?,
            "stub" => self.between()?.plan(step.parameter("script")?),
            "requests" => {
                let requests = self.between()?.requests();
                self.judge_value(&requests, &step)?;
            }
            "stub_with" => self.stub_with(Path::new(text("folder")?)).await?,
            "server" => self.world.act(text("act")?)?,
            "executed" => self.executed(&step).await?,
            "revoke" => self.world.revoke(text("certificate")?, step.text("reason").unwrap_or("superseded"))?,
            "code" => {
                let code = self.world.code(self.place, text("user")?, step.text("kind").unwrap_or("request"))?;
                self.variables.set("password", code.replace('-', ""));
                self.variables.set("code", code);
            }
            "certificate" => {
                let made = MadeCertificate::of(text("made")?).ok_or("there is no such certificate")?;
                certificates::make(made, &self.world.pki(), Path::new(text("folder")?))?;
            }
            "openssl" => {
                let arguments: Vec<String> = step.parameter("arguments")?;
                openssl(&arguments.iter().map(String::as_str).collect::<Vec<_>>())?;
            }
            "file" => file(&step)?,
            "wait_for_file" => wait_for(|| Path::new(step.text("file").unwrap_or_default()).exists()).await?,
            "value" => self.judge_value(step.0.get("of").unwrap_or(&Value::Null), &step)?,
            "answer" => {
                let pending = self.pending.remove(text("of")?).ok_or("nothing of that name is under way")?;
                let answer = pending.answer().await?;
                let expected = step.0.get("expect").cloned().unwrap_or_else(|| json!({ "ok": {} }));
                self.judge(&answer, &expected, step.0.get("save"))?;
            }
            other => return Err(format!("the suite has no step `{other}`").into()),
        }
        Ok(())
    }

    fn judge_value(&self, value: &Value, step: &Step) -> Result<(), Failed> {
        let expected = step.0.get("expect").ok_or("`expect` is missing")?;
        expect::check(expected, value, "value").map_err(Into::into)
    }

    fn line(&self) -> Result<&Proxy, Failed> {
        self.proxy.as_ref().ok_or_else(|| "the case does not go through the proxy".into())
    }

    fn between(&self) -> Result<&Stub, Failed> {
        self.stub.as_ref().ok_or_else(|| "the case does not go through the stub".into())
    }

    /// The digest of a file, compared with `is` or left as the variable that `save` names.
    fn sha256(&mut self, step: &Step) -> Result<(), Failed> {
        let file = step.text("file").ok_or("`file` is missing")?;
        let sum: String = digest::sha256(&std::fs::read(file)?).iter().map(|byte| format!("{byte:02x}")).collect();
        if let Some(expected) = step.text("is").filter(|expected| *expected != sum) {
            return Err(format!("{file} has the digest {sum}, {expected} was expected").into());
        }
        if let Some(name) = step.text("save") {
            self.variables.set(name, sum);
        }
        Ok(())
    }

    /// A stub with another certificate; `$url` leads to it.
    async fn stub_with(&mut self, folder: &Path) -> Result<(), Failed> {
        let identity = self.world.identity(self.place, "a")?;
        let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
        let stub = Stub::listen(&certificate, &key, self.world.address(), identity).await?;
        self.variables.set("url", format!("https://localhost:{}", stub.address.port()));
        self.stub = Some(stub);
        Ok(())
    }

    /// Writes a message; `$NAME` is its file and `$NAME_id` its MsgId, with NAME the name of the file.
    fn message(&mut self, step: &Step) -> Result<(), Failed> {
        let name = step.text("name").ok_or("`name` is missing")?;
        let file = self.folder.join(format!("{name}.xml"));
        let number = |member: &str| step.0.get(member).and_then(Value::as_u64);
        let payments = match number("bytes") {
            Some(bytes) => messages::payments_of(bytes),
            None => u32::try_from(number("payments").unwrap_or(1))?,
        };
        let made = messages::write(
            &file,
            self.place,
            self.world.day(),
            payments,
            usize::try_from(number("flaws").unwrap_or(0))?,
        )?;
        self.variables.set(name, file.to_string_lossy());
        self.variables.set(&format!("{name}_id"), made.message_id.clone());
        self.variables.set(&format!("{name}_payments"), made.payments);
        self.made.insert(name.to_owned(), made);
        Ok(())
    }

    /// Writes many messages into a folder; `$NAME` is the folder.
    fn messages(&mut self, step: &Step) -> Result<(), Failed> {
        let name = step.text("name").ok_or("`name` is missing")?;
        let count = step.0.get("count").and_then(Value::as_u64).ok_or("`count` is missing")?;
        let folder = self.folder.join(name);
        std::fs::create_dir_all(&folder)?;
        for number in 0..count {
            let made = messages::write(&folder.join(format!("{number:05}.xml")), self.place, self.world.day(), 1, 0)?;
            self.made.insert(format!("{name}/{number:05}"), made);
        }
        self.variables.set(name, folder.to_string_lossy());
        Ok(())
    }

    /// Waits until the exchange has answered a message.
    async fn known(&self, message_id: &str, status: Option<&str>) -> Result<(), Failed> {
        let path = protocol::routes::status_of_message(message_id);
        let until = Instant::now() + WAIT_MAX;
        let mut watcher = self.world.watcher(self.place).await?;
        loop {
            let reply = watcher.ask(&path).await?;
            let overview: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
            let stands = overview.get("status").and_then(Value::as_str).unwrap_or_default();
            let is_there = match status {
                Some(status) => stands == status,
                None => !stands.is_empty() && stands != "RCVD",
            };
            if reply.status == 200 && is_there {
                return Ok(());
            }
            if Instant::now() > until {
                return Err(format!("the exchange does not know {message_id}: {}", reply.short()).into());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Each of these messages was executed once, and nothing else: the account has what it had less the sum of all, once.
    async fn executed(&self, step: &Step) -> Result<(), Failed> {
        let names: Vec<String> = step.parameter("messages")?;
        let is_meant = |name: &str| names.iter().any(|meant| name == meant || name.starts_with(&format!("{meant}/")));
        let meant: Vec<&Made> = self.made.iter().filter(|(name, _)| is_meant(name)).map(|(_, made)| made).collect();
        let mut watcher = self.world.watcher(self.place).await?;
        for made in &meant {
            let reply = watcher.ask(&protocol::routes::status_of_message(&made.message_id)).await?;
            let overview: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
            let payments = overview.get("number_of_transactions").and_then(Value::as_u64);
            if reply.status != 200 || payments != Some(u64::from(made.payments)) {
                return Err(format!("{} was not executed: {} {}", made.message_id, reply.short(), reply.text()).into());
            }
        }
        let spent = World::opening()? - self.world.available(self.place).await?;
        let sum: i64 = meant.iter().map(|made| made.cents).sum();
        if spent == sum {
            return Ok(());
        }
        Err(format!("the account has {spent} cents less, the {} messages are {sum}", meant.len()).into())
    }
}

/// Something with a file: `copy` from `from`, `write` a text, `remove`, `mode`; and whether it `exists`, others may read it, and it is the same as another.
fn file(step: &Step) -> Result<(), Failed> {
    use std::os::unix::fs::PermissionsExt as _;
    let path = Path::new(step.text("file").ok_or("`file` is missing")?);
    if let Some(from) = step.text("copy_of") {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::copy(from, path).map_err(|error| format!("{from}: {error}"))?;
    }
    if let Some(text) = step.text("text") {
        std::fs::write(path, text)?;
    }
    if step.0.get("remove").is_some() {
        std::fs::remove_file(path)?;
    }
    if let Some(mode) = step.text("mode") {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(u32::from_str_radix(mode, 8)?))?;
    }
    if let Some(exists) = step.0.get("exists").and_then(Value::as_bool)
        && exists != path.exists()
    {
        return Err(format!("{}: whether it is there: {}", path.display(), path.exists()).into());
    }
    if step.0.get("others_may_not_read").is_some() {
        let found = std::fs::metadata(path)?.permissions().mode() & 0o777;
        if found & 0o077 != 0 {
            return Err(format!("{} has mode {found:o}", path.display()).into());
        }
    }
    if let Some(other) = step.text("same_as") {
        let same = std::fs::read(path)? == std::fs::read(other)?;
        if same != step.0.get("same").and_then(Value::as_bool).unwrap_or(true) {
            return Err(format!("{} and {other}: the same: {same}", path.display()).into());
        }
    }
    Ok(())
}

/// Whether a number has grown by at most so much.
fn grown(step: &Step) -> Result<(), Failed> {
    let number =
        |member: &str| step.0.get(member).and_then(Value::as_f64).ok_or_else(|| format!("`{member}` is missing"));
    let (from, to, at_most) = (number("from")?, number("to")?, number("by_at_most")?);
    if to - from <= at_most { Ok(()) } else { Err(format!("grown by {} from {from} to {to}", to - from).into()) }
}

async fn wait_for(is_there: impl Fn() -> bool) -> Result<(), Failed> {
    let until = Instant::now() + WAIT_MAX;
    while !is_there() {
        if Instant::now() > until {
            return Err("it did not come".into());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}
