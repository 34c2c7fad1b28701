//! What the control API of a served fleet gets besides the fleet's own requests: rules as scenarios write them, and
//! `GET /check`.

use std::sync::Arc;
use std::time::Duration;

use sagaproof_sim::chaos::rule::{Chaos, CrashRule, DiskRule};
use sagaproof_sim::server::{Answering, Extension, World};
use sagaproof_sim::wire::{Headers, Method, Request, Response};
use serde_json::json;

use super::check::check;
use crate::diagnostic::Source;
use crate::scenario;

/// A fleet that this crate serves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Served;

impl Extension for Served {
    fn read_rules(&self, text: &str) -> Result<Chaos, String> {
        let chaos = scenario::read_rules(&Source::new("rules", text)).map_err(|wrong| wrong.to_string())?;
        let of_the_whole = [
            ("swarm", chaos.swarm),
            ("at_most", chaos.at_most.is_some()),
            ("exactly_one", chaos.exactly_one),
            ("ties", chaos.ties),
            ("crash", chaos.crash != CrashRule::default()),
            ("disk", chaos.disk != DiskRule::default()),
        ];
        match of_the_whole.into_iter().find(|(_, given)| *given) {
            Some((name, _)) => {
                Err(format!("`{name}` holds for a whole world from its beginning, and is no rule to add"))
            }
            None => Ok(chaos),
        }
    }

    fn answer<'a>(&'a self, world: Arc<World>, request: &'a Request) -> Option<Answering<'a>> {
        (request.method == Method::Get && request.path() == "/check").then(|| {
            let answering: Answering<'a> = Box::pin(answer(world, request.query()));
            answering
        })
    }
}

/// What a check is asked for.
struct Asked {
    facade: String,
    customers: Vec<String>,
    within: Duration,
}

async fn answer(world: Arc<World>, query: &str) -> Response {
    let asked = match Asked::of(query) {
        Ok(asked) => asked,
        Err(wrong) => return problem(400, &wrong),
    };
    match check(&world, &asked.facade, &asked.customers, asked.within).await {
        Ok(checked) => Response::json(200, checked.json().to_string()),
        Err(why) => problem(502, &why),
    }
}

impl Asked {
    fn of(query: &str) -> Result<Self, String> {
        let (mut facade, mut customers, mut within) = (None, Vec::new(), Duration::ZERO);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decoded(value);
            match name {
                "facade" => facade = Some(value),
                "cust_no" => customers.push(value),
                "within_ms" => {
                    let millis =
                        value.parse().map_err(|_| format!("`within_ms={value}` is no number of milliseconds"))?;
                    within = Duration::from_millis(millis);
                }
                other => return Err(format!("there is no parameter `{other}`: write facade, cust_no, within_ms")),
            }
        }
        let facade = facade.ok_or("`facade` is missing: write /check?facade=http://127.0.0.1:8080")?;
        Ok(Self { facade, customers, within })
    }
}

/// A parameter of a query without its percent-encoding; a plus stays one, for e-mails and numbers have it.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let pair = after.get(..2).and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        match (first, pair) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn problem(status: u16, detail: &str) -> Response {
    let mut headers = Headers::new();
    headers.push("content-type", "application/problem+json");
    Response { status, headers, body: json!({ "status": status, "detail": detail }).to_string().into_bytes() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_are_added_speak_of_exchanges_and_windows_only() {
        assert_eq!(Served.read_rules("exchanges: [{fates: [html], rate: 1%}]").map(|chaos| chaos.rules.len()), Ok(1));
        let told = Served.read_rules("{swarm: true, windows: []}").unwrap_err();
        assert!(told.starts_with("`swarm` holds for a whole world"), "{told}");
        assert!(
            Served.read_rules("exchanges: [{fates: [htlm], rate: 1%}]").unwrap_err().contains("did you mean `html`?")
        );
    }

    #[test]
    fn what_a_check_is_asked_for_is_read_from_its_query() {
        let asked = Asked::of("facade=http%3A%2F%2F127.0.0.1:1&cust_no=C001&cust_no=C+2&within_ms=50").unwrap();
        assert_eq!(
            (&*asked.facade, asked.customers),
            ("http://127.0.0.1:1", vec!["C001".to_owned(), "C+2".to_owned()])
        );
        assert_eq!(asked.within, Duration::from_millis(50));
        for (query, told) in
            [("", "`facade` is missing"), ("facade=x&within_ms=soon", "`within_ms=soon`"), ("x=1", "`x`")]
        {
            assert!(Asked::of(query).err().is_some_and(|wrong| wrong.contains(told)), "{query}");
        }
        assert_eq!(decoded("100%&%4"), "100%&%4");
    }
}
