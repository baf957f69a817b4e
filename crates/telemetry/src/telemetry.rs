//! The values of all metrics of one process, and how a scrape reads them.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use prometheus_client::encoding::{EncodeLabel as _, EncodeLabelSet, LabelSetEncoder, prometheus_text};
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::registry::Registry;

use crate::definition::{Definition, Kind, Metric};
use crate::{Counter, Gauge, Histogram, metrics};

/// The media type of a scrape.
pub const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// The values of all metrics of the table. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Telemetry {
    inner: Arc<Inner>,
}

struct Inner {
    registry: Registry,
    families: HashMap<&'static str, Values>,
}

/// The series of one metric.
enum Values {
    Counter(Family<Labels, Counter>),
    Gauge(Family<Labels, Gauge>),
    Histogram(Family<Labels, Histogram, Bounds>),
}

/// The labels of one series.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Labels {
    names: &'static [&'static str],
    values: Vec<&'static str>,
}

impl EncodeLabelSet for Labels {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> Result<(), fmt::Error> {
        for label in self.names.iter().copied().zip(self.values.iter().copied()) {
            label.encode(encoder.encode_label())?;
        }
        Ok(())
    }
}

/// Makes histograms with the bounds of their metric.
#[derive(Clone, Copy, Debug)]
struct Bounds(&'static [f64]);

impl MetricConstructor<Histogram> for Bounds {
    fn new_metric(&self) -> Histogram {
        Histogram::new(self.0.iter().copied())
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry").finish_non_exhaustive()
    }
}

impl Default for Telemetry {
    fn default() -> Telemetry {
        Telemetry::new()
    }
}

impl Telemetry {
    /// Every metric of the table, without any value.
    #[must_use]
    pub fn new() -> Telemetry {
        let (mut registry, mut families) = (Registry::default(), HashMap::new());
        for definition in metrics::all() {
            families.insert(definition.name, Values::register(definition, &mut registry));
        }
        Telemetry { inner: Arc::new(Inner { registry, families }) }
    }

    /// The handle of a counter with these values of its labels.
    ///
    /// # Panics
    /// When the metric is not in [`metrics::all`]; the crate's tests look for that.
    #[must_use]
    pub fn counter<const LABELS: usize>(
        &self,
        metric: &Metric<Counter, LABELS>,
        values: [&'static str; LABELS],
    ) -> Counter {
        match self.values(metric.definition()) {
            Values::Counter(family) => family.get_or_create_owned(&labels(metric.definition(), values)),
            _ => unreachable!("{} is a counter by its type", metric.definition().name),
        }
    }

    /// The handle of a gauge with these values of its labels.
    ///
    /// # Panics
    /// As [`Telemetry::counter`].
    #[must_use]
    pub fn gauge<const LABELS: usize>(&self, metric: &Metric<Gauge, LABELS>, values: [&'static str; LABELS]) -> Gauge {
        match self.values(metric.definition()) {
            Values::Gauge(family) => family.get_or_create_owned(&labels(metric.definition(), values)),
            _ => unreachable!("{} is a gauge by its type", metric.definition().name),
        }
    }

    /// The handle of a histogram with these values of its labels.
    ///
    /// # Panics
    /// As [`Telemetry::counter`].
    #[must_use]
    pub fn histogram<const LABELS: usize>(
        &self,
        metric: &Metric<Histogram, LABELS>,
        values: [&'static str; LABELS],
    ) -> Histogram {
        match self.values(metric.definition()) {
            Values::Histogram(family) => family.get_or_create_owned(&labels(metric.definition(), values)),
            _ => unreachable!("{} is a histogram by its type", metric.definition().name),
        }
    }

    /// Removes a gauge that says nothing any more. A value that nobody keeps true must not be read.
    pub fn remove_gauge<const LABELS: usize>(&self, metric: &Metric<Gauge, LABELS>, values: [&'static str; LABELS]) {
        if let Values::Gauge(family) = self.values(metric.definition()) {
            family.remove(&labels(metric.definition(), values));
        }
    }

    /// All values, in Prometheus' text format.
    #[must_use]
    pub fn scrape(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail, and no label of ours refuses to be written.
        if let Err(error) = prometheus_text::encode(&mut text, &self.inner.registry) {
            unreachable!("a metric could not be written: {error}");
        }
        text
    }

    fn values(&self, definition: &Definition) -> &Values {
        match self.inner.families.get(definition.name) {
            Some(values) => values,
            None => unreachable!("{} is not in the table", definition.name),
        }
    }
}

impl Values {
    fn register(definition: &Definition, registry: &mut Registry) -> Values {
        let Definition { name, meaning, .. } = *definition;
        match definition.kind {
            Kind::Counter => {
                let family = Family::<Labels, Counter>::default();
                registry.register(name, meaning, family.clone());
                Values::Counter(family)
            }
            Kind::Gauge => {
                let family = Family::<Labels, Gauge>::default();
                registry.register(name, meaning, family.clone());
                Values::Gauge(family)
            }
            Kind::Histogram(bounds) => {
                let family = Family::new_with_constructor(Bounds(bounds));
                registry.register(name, meaning, family.clone());
                Values::Histogram(family)
            }
        }
    }
}

fn labels<const LABELS: usize>(definition: &Definition, values: [&'static str; LABELS]) -> Labels {
    Labels { names: definition.labels, values: values.to_vec() }
}
