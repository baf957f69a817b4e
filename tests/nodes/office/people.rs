//! Who asks nodes: three members of staff and the online users, each with connections to every node.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::civil::Date;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};

use crate::PATIENCE;
use crate::node::{House, OTHER_USER, USER};

pub(super) const APPLICATIONS: &str = "/v1/operator/applications";
/// The file that an institution has signed.
pub(super) const FILE: &str = "pieteikums.edoc";
/// How many members of staff there are.
pub(super) const STAFF: usize = 3;

pub(super) fn path(id: i64, act: &str) -> String {
    let separator = if act.is_empty() { "" } else { "/" };
    format!("{APPLICATIONS}/{id}{separator}{act}")
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) text: String,
}

impl Reply {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The code of a problem.
    pub(super) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Somebody with a certificate.
#[derive(Clone)]
pub(super) struct Staff {
    tls: rustls::ClientConfig,
    connected: Arc<Mutex<BTreeMap<u16, reqwest::Client>>>,
}

impl Staff {
    fn of(authority: &Path, chain: &[u8], key: &[u8]) -> Staff {
        let mut roots = rustls::RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&fs::read(authority).unwrap()) {
            roots.add(certificate.unwrap()).unwrap();
        }
        let chain = CertificateDer::pem_slice_iter(chain).map(Result::unwrap).collect();
        let key = PrivateKeyDer::from_pem_slice(key).unwrap();
        let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_client_auth_cert(chain, key)
            .unwrap();
        Staff { tls, connected: Arc::default() }
    }

    fn in_folder(authority: &Path, folder: &Path) -> Staff {
        let read = |name: &str| fs::read(folder.join(name)).unwrap();
        Staff::of(authority, &read("certificate.pem"), &read("key.pem"))
    }

    fn client(&self, port: u16) -> reqwest::Client {
        let build = || {
            let builder = reqwest::Client::builder().tls_backend_preconfigured(self.tls.clone()).no_proxy();
            builder.timeout(PATIENCE).build().unwrap()
        };
        self.connected.lock().unwrap().entry(port).or_insert_with(build).clone()
    }

    /// Posts a body, or gets what is there; `None` when the answer is lost.
    pub(super) async fn ask(&self, port: u16, path: &str, body: Option<Vec<u8>>) -> Option<Reply> {
        let (client, url) = (self.client(port), format!("https://127.0.0.1:{port}{path}"));
        let media = if path.starts_with(APPLICATIONS) { "application/json" } else { "application/xml" };
        let request = match body {
            Some(body) => client.post(url).header("content-type", media).body(body),
            None => client.get(url),
        };
        let response = request.header("prefer", "wait=20").send().await.ok()?;
        let status = response.status().as_u16();
        Some(Reply { status, text: response.text().await.ok()? })
    }
}

pub(super) struct People {
    staff: Vec<Staff>,
    users: BTreeMap<&'static str, Staff>,
    authority: std::path::PathBuf,
}

impl People {
    /// The two operators that the installation made, and the online users.
    pub(super) fn of(house: &House) -> People {
        let folder = house.folder();
        let authority = folder.authority_certificate();
        let staff = ["anna", "janis"].map(|name| Staff::in_folder(&authority, &folder.operator(name)));
        let users = [USER, OTHER_USER].map(|name| (name, Staff::in_folder(&authority, &folder.user(name))));
        People { staff: staff.into(), users: users.into(), authority }
    }

    pub(super) fn staff(&self, who: usize) -> &Staff {
        &self.staff[who]
    }

    pub(super) fn user(&self, name: &str) -> &Staff {
        &self.users[name]
    }

    /// One enters and checks the application for a third member of staff, the other approves it and hands in the request.
    pub(super) async fn hire_a_third(&mut self, port: u16, day: Date) {
        let content = json!({
            "kind": "person", "name": "Maija Liepa", "email": "maija@kase.example.lv", "roles": ["clerk", "approver"],
            "valid_from": day.to_string(), "valid_until": day.saturating_add(jiff::Span::new().years(2)).to_string(),
        });
        let [one, other] = [0, 1].map(|who: usize| self.staff[who].clone());
        let done = async |who: &Staff, path: &str, body: Option<Vec<u8>>| {
            let reply = who.ask(port, path, body).await.unwrap();
            assert_eq!(reply.status, 200, "{path}: {}", reply.text);
            reply
        };
        let entered = done(&one, APPLICATIONS, Some(content.to_string().into_bytes())).await;
        let id = entered.json()["id"].as_i64().unwrap();
        for act in ["submit", "check"] {
            done(&one, &path(id, act), Some(Vec::new())).await;
        }
        let digest = done(&other, &path(id, ""), None).await.json()["digest"].clone();
        let seen = json!({ "digest": digest }).to_string();
        done(&other, &path(id, "approve"), Some(seen.into_bytes())).await;
        let key = rcgen::KeyPair::generate().unwrap();
        let request = rcgen::CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
        let chain = done(&other, &path(id, "certificate"), Some(request.into_bytes())).await.text;
        self.staff.push(Staff::of(&self.authority, chain.as_bytes(), key.serialize_pem().as_bytes()));
        assert_eq!(self.staff.len(), STAFF);
    }
}
