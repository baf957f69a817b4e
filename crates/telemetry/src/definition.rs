//! How the table defines a metric.

use std::marker::PhantomData;

use crate::{Counter, Gauge, Histogram};

/// A metric of the table, with the type of its values and the number of its labels: a handle of another type, or with
/// too few labels, does not compile.
#[derive(Debug)]
pub struct Metric<T, const LABELS: usize> {
    definition: Definition,
    _values: PhantomData<fn() -> T>,
}

/// What the table says of a metric.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Its name, without the suffix `_total` of a counter.
    pub(crate) name: &'static str,
    /// What its values do.
    pub kind: Kind,
    /// The names of its labels.
    pub labels: &'static [&'static str],
    /// What it measures, without a full stop. Where it has labels: what their values are.
    pub meaning: &'static str,
    /// What to alert on; empty where nobody should be woken.
    pub alert: &'static str,
}

/// What the values of a metric do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// They only grow, until the process ends.
    Counter,
    /// They go up and down.
    Gauge,
    /// They are counted by size. These are the upper bounds of the sizes.
    Histogram(&'static [f64]),
}

/// Metrics that are described together.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// What they are about.
    pub title: &'static str,
    /// The metrics.
    pub metrics: &'static [&'static Definition],
}

impl Definition {
    /// The name under which it is scraped.
    #[must_use]
    pub fn exposed_name(&self) -> String {
        match self.kind {
            Kind::Counter => format!("{}_total", self.name),
            Kind::Gauge | Kind::Histogram(_) => self.name.to_owned(),
        }
    }

    /// The names of its series, as queries use them.
    #[must_use]
    pub fn series_names(&self) -> Vec<String> {
        match self.kind {
            Kind::Histogram(_) => ["bucket", "sum", "count"].map(|part| format!("{}_{part}", self.name)).to_vec(),
            Kind::Counter | Kind::Gauge => vec![self.exposed_name()],
        }
    }
}

impl Kind {
    /// How Prometheus calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram(_) => "histogram",
        }
    }
}

impl<T, const LABELS: usize> Metric<T, LABELS> {
    /// What the table says of it.
    #[must_use]
    pub const fn definition(&self) -> &Definition {
        &self.definition
    }

    const fn new(
        name: &'static str,
        kind: Kind,
        labels: &'static [&'static str; LABELS],
        meaning: &'static str,
    ) -> Metric<T, LABELS> {
        let definition = Definition { name, kind, labels, meaning, alert: "" };
        Metric { definition, _values: PhantomData }
    }

    /// The same, with what to alert on.
    pub(crate) const fn alert(self, alert: &'static str) -> Metric<T, LABELS> {
        let Definition { name, kind, labels, meaning, .. } = self.definition;
        Metric { definition: Definition { name, kind, labels, meaning, alert }, _values: PhantomData }
    }
}

impl<const LABELS: usize> Metric<Counter, LABELS> {
    pub(crate) const fn counter(
        name: &'static str,
        labels: &'static [&'static str; LABELS],
        meaning: &'static str,
    ) -> Metric<Counter, LABELS> {
        Metric::new(name, Kind::Counter, labels, meaning)
    }
}

impl<const LABELS: usize> Metric<Gauge, LABELS> {
    pub(crate) const fn gauge(
        name: &'static str,
        labels: &'static [&'static str; LABELS],
        meaning: &'static str,
    ) -> Metric<Gauge, LABELS> {
        Metric::new(name, Kind::Gauge, labels, meaning)
    }
}

impl<const LABELS: usize> Metric<Histogram, LABELS> {
    pub(crate) const fn histogram(
        name: &'static str,
        labels: &'static [&'static str; LABELS],
        bounds: &'static [f64],
        meaning: &'static str,
    ) -> Metric<Histogram, LABELS> {
        Metric::new(name, Kind::Histogram(bounds), labels, meaning)
    }
}
