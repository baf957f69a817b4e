//! What the server measures of itself, through handles that it takes once. Most routes never give most statuses: a pair gets
//! its series when it is first answered.

use std::sync::OnceLock;
use std::time::Duration;

use protocol::routes::{self, ROUTES, Route};
use telemetry::metrics::{channel as metrics, node};
use telemetry::{ByCode, Counter, Gauge, Histogram, Telemetry};
use tokio::time::Instant;

use crate::bounds::EVENT_LOOP_LOOKED_AT_EVERY;

/// The statuses that have a series of their own.
const STATUSES: [(u16, &str); 24] = [
    (200, "200"),
    (202, "202"),
    (400, "400"),
    (401, "401"),
    (403, "403"),
    (404, "404"),
    (405, "405"),
    (406, "406"),
    (408, "408"),
    (409, "409"),
    (411, "411"),
    (413, "413"),
    (414, "414"),
    (415, "415"),
    (422, "422"),
    (429, "429"),
    (431, "431"),
    (500, "500"),
    (501, "501"),
    (502, "502"),
    (503, "503"),
    (504, "504"),
    (505, "505"),
    (507, "507"),
];

/// Stands for every other status.
const OTHER: &str = "other";
/// Stands for no status: the client left before its answer.
const LEFT: &str = "left";
/// Stands for no route and its method.
const NONE: &str = "none";

/// What the server measures.
pub(crate) struct Measures {
    telemetry: Telemetry,
    /// As [`ROUTES`], and one more for what is no route.
    routes: Vec<RouteMeasures>,
    requests_in_flight: Gauge,
    bodies_in_flight: Gauge,
    problems: ByCode,
}

/// What is measured of the requests of one route.
struct RouteMeasures {
    method: &'static str,
    route: &'static str,
    seconds: OnceLock<Histogram>,
    /// As [`STATUSES`], then others, then those that left.
    by_status: [OnceLock<Counter>; STATUSES.len() + 2],
}

/// Something that is under way, until it is dropped.
pub(crate) struct UnderWay(Gauge);

impl UnderWay {
    pub(crate) fn begin(gauge: &Gauge) -> UnderWay {
        gauge.inc();
        UnderWay(gauge.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// What a request is counted under.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RoutePlace(usize);

impl Measures {
    pub(crate) fn new(telemetry: &Telemetry) -> Measures {
        telemetry.gauge(&node::BUILD, [env!("CARGO_PKG_VERSION")]).set(1.0);
        let named = ROUTES.iter().map(|route| (route.method.name(), label(route)));
        let routes = named.chain([(NONE, NONE)]).map(|(method, route)| RouteMeasures {
            method,
            route,
            seconds: OnceLock::new(),
            by_status: [const { OnceLock::new() }; STATUSES.len() + 2],
        });
        Measures {
            routes: routes.collect(),
            requests_in_flight: telemetry.gauge(&metrics::REQUESTS_IN_FLIGHT, []),
            bodies_in_flight: telemetry.gauge(&metrics::BODIES_IN_FLIGHT, []),
            problems: ByCode::new(telemetry, &metrics::PROBLEMS),
            telemetry: telemetry.clone(),
        }
    }

    pub(crate) fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }

    /// The place of a request, from its method, the template that its path fits, if it does, and its query.
    pub(crate) fn place_of(&self, method: &str, template: Option<&str>, query: &str) -> RoutePlace {
        let route = template.and_then(|template| Route::of(method, template, query));
        let place = route.and_then(|route| ROUTES.iter().position(|one| one == route));
        RoutePlace(place.unwrap_or(ROUTES.len()))
    }

    /// A request has begun.
    pub(crate) fn request(&self) -> UnderWay {
        UnderWay::begin(&self.requests_in_flight)
    }

    /// A body has begun to arrive.
    pub(crate) fn body(&self) -> UnderWay {
        UnderWay::begin(&self.bodies_in_flight)
    }

    /// A request was answered with a status, after this time; `None` when its client left.
    pub(crate) fn answered(&self, RoutePlace(place): RoutePlace, status: Option<u16>, time: Duration) {
        let Some(of_route) = self.routes.get(place) else { return };
        let RouteMeasures { method, route, .. } = *of_route;
        let known = status.map(|status| STATUSES.iter().position(|(number, _)| *number == status));
        let (place, label) = match known {
            Some(Some(place)) => (place, STATUSES[place].1),
            Some(None) => (STATUSES.len(), OTHER),
            None => (STATUSES.len() + 1, LEFT),
        };
        let counter = || self.telemetry.counter(&metrics::REQUESTS, [method, route, label]);
        of_route.by_status[place].get_or_init(counter).inc();
        if status.is_some() {
            let histogram = || self.telemetry.histogram(&metrics::REQUEST_SECONDS, [method, route]);
            of_route.seconds.get_or_init(histogram).observe(time.as_secs_f64());
        }
    }

    /// A client was told of a problem.
    pub(crate) fn problem(&self, code: rulebook::Code) {
        self.problems.count(code, 1);
    }

    /// Measures for ever how late this runtime wakes a task.
    pub(crate) async fn watch_the_event_loop(&self) {
        let delay = self.telemetry.histogram(&metrics::EVENT_LOOP_DELAY, []);
        loop {
            let due = Instant::now() + EVENT_LOOP_LOOKED_AT_EVERY;
            tokio::time::sleep_until(due).await;
            delay.observe(due.elapsed().as_secs_f64());
        }
    }
}

/// What a route is called: its path, and the parameter by which it differs from another one.
fn label(route: &Route) -> &'static str {
    match (route.path, route.parameter) {
        (routes::PAYMENTS, Some(_)) => "/v1/payments?submission",
        (path, _) => path,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_route_has_a_name_of_its_own() {
        let names: BTreeSet<_> = ROUTES.iter().map(|route| (route.method.name(), label(route))).collect();
        assert_eq!(names.len(), ROUTES.len());
    }

    #[test]
    fn what_nobody_foresaw_is_counted_together() {
        let telemetry = Telemetry::new();
        let measures = Measures::new(&telemetry);
        let place = |method, template| measures.place_of(method, template, "");
        measures.answered(place("GET", Some("/v1/heartbeat")), Some(299), Duration::ZERO);
        measures.answered(place("BREW", Some("/v1/heartbeat")), Some(405), Duration::ZERO);
        measures.answered(place("GET", None), None, Duration::ZERO);
        let text = telemetry.scrape();
        for series in [
            "{method=\"GET\",route=\"/v1/heartbeat\",status=\"other\"} 1",
            "{method=\"none\",route=\"none\",status=\"405\"} 1",
            "{method=\"none\",route=\"none\",status=\"left\"} 1",
        ] {
            assert!(text.contains(&format!("tdam_http_requests_total{series}")), "{series}: {text}");
        }
    }
}
