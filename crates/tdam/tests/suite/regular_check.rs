//! A service checks its own data soon after its start, on both stores, and monitoring sees what it found.
use std::os::unix::fs::MetadataExt as _;

use crate::cluster;
use crate::support;
use crate::support::service::{Made, stands};

fn damage_is_seen_and_its_repair_too(world: &Made, shift_a_balance: impl Fn(i64)) {
    world.configure("after_start_seconds = 600", "after_start_seconds = 0");
    let checked =
        |service: &support::service::Service| service.health_until(|_, health| health["checked_at"].is_string());
    let service = world.serve();
    let (status, health) = checked(&service);
    assert!(status == 200 && !stands(&health, "integrity_broken"), "{health:#}");
    drop(service);

    shift_a_balance(1);
    let service = world.serve();
    let (status, health) = checked(&service);
    assert!(status == 200 && health["status"] == "alarm" && stands(&health, "integrity_broken"), "{health:#}");
    drop(service);

    shift_a_balance(-1);
    let (status, health) = checked(&world.serve());
    assert!(status == 200 && !stands(&health, "integrity_broken"), "{health:#}");
}

#[test]
fn damage_in_a_folder_is_seen() {
    let world = Made::new(&[]);
    damage_is_seen_and_its_repair_too(&world, |by| {
        let connection = rusqlite::Connection::open(world.path("data/tdam.sqlite")).unwrap();
        connection.execute("UPDATE account SET balance = balance + ?1 WHERE id = 1", [by]).unwrap();
    });
}

#[test]
fn a_check_leaves_the_service_its_locks_on_the_database() {
    let world = Made::new(&[]);
    world.configure("after_start_seconds = 600", "after_start_seconds = 0");
    let service = world.serve();
    service.health_until(|_, health| health["checked_at"].is_string());
    let log = || std::fs::metadata(world.path("data/tdam.sqlite-wal")).map(|log| log.ino()).ok();
    let before = log();
    assert!(before.is_some(), "a service has a log");
    // Another process that closes the database removes the log if no other seems to have it open.
    let ours = rusqlite::Connection::open(world.path("data/tdam.sqlite")).unwrap();
    ours.query_row("SELECT count(*) FROM client", [], |row| row.get::<_, i64>(0)).unwrap();
    drop(ours);
    assert_eq!(log(), before, "the log was removed under the service");
}

#[test]
fn damage_in_a_database_server_is_seen() {
    let Some(cluster) = cluster::shared() else { return };
    let schema = cluster.new_name();
    let world = Made::new(&["--store", &cluster.url(), "--store-schema", &schema]);
    damage_is_seen_and_its_repair_too(&world, |by| {
        cluster.run(&format!("UPDATE {schema}.account SET balance = balance + ({by}) WHERE id = 1"));
    });
}
