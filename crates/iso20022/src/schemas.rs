//! The compiled schemas of the twelve messages, from the tables beside the code.
//!
//! `cargo xtask gen-messages` makes the tables from the official schemas, which everyone can download from
//! iso20022.org. The tables have the same content in a form that people can read and compare line by line.

use std::sync::LazyLock;

use xsd::Schema;

use crate::MessageType;

macro_rules! schemas {
    ($($message:ident = $file:literal,)*) => {
        /// The table that the schema of a message is compiled from.
        #[must_use]
        pub fn table(message_type: MessageType) -> &'static str {
            match message_type {
                $(MessageType::$message => include_str!(concat!("../tables/", $file, ".table")),)*
            }
        }

        /// The schema of a message, compiled at its first use.
        #[must_use]
        pub fn schema(message_type: MessageType) -> &'static Schema {
            match message_type {
                $(MessageType::$message => {
                    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| compile(MessageType::$message));
                    &SCHEMA
                })*
            }
        }
    };
}

schemas! {
    Pain001V03 = "pain.001.001.03",
    Pain001V09 = "pain.001.001.09",
    Pain002V03 = "pain.002.001.03",
    Pain002V10 = "pain.002.001.10",
    Camt052V02 = "camt.052.001.02",
    Camt052V08 = "camt.052.001.08",
    Camt053V02 = "camt.053.001.02",
    Camt053V08 = "camt.053.001.08",
    Camt054V02 = "camt.054.001.02",
    Camt054V08 = "camt.054.001.08",
    Camt060V03 = "camt.060.001.03",
    Camt060V05 = "camt.060.001.05",
}

fn compile(message_type: MessageType) -> Schema {
    match Schema::from_table(table(message_type)) {
        Ok(schema) => schema,
        // The tables are part of the program; a test compiles each of them.
        Err(error) => panic!("the table of {message_type} does not compile: {error}"),
    }
}
