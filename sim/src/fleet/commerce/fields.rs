//! `fields`: of each customer or order that an answer tells of, only what is asked for. Names that it has not are
//! skipped.

use super::super::body::Body;
use super::super::json::write_text;
use super::super::target::Query;
use crate::wire::{Method, Request, Response};

/// Leaves of an answer to a read or a list what the request wants of it.
pub(super) fn narrow(request: &Request, mut response: Response) -> Response {
    if request.method != Method::Get || response.status != 200 {
        return response;
    }
    let wanted = Query(request.query()).get("fields").filter(|wanted| !wanted.is_empty());
    if let Some(narrowed) = wanted.and_then(|wanted| narrowed(&response.body, &wanted)) {
        response.body = narrowed;
    }
    response
}

fn narrowed(body: &[u8], wanted: &str) -> Option<Vec<u8>> {
    let wanted: Vec<_> = wanted.split(',').map(str::trim).collect();
    let mut out = vec![b'{'];
    Body::read(body, |body| {
        body.object(|name, body| {
            write_text(&mut out, name);
            out.push(b':');
            match body.is_list() {
                true => {
                    out.push(b'[');
                    body.list(|body| write_item(body, &wanted, &mut out))?;
                    out.push(b']');
                    Some(())
                }
                false => write_item(body, &wanted, &mut out),
            }
        })
    })?;
    out.push(b'}');
    Some(out)
}

fn write_item(body: &mut Body<'_>, wanted: &[&str], out: &mut Vec<u8>) -> Option<()> {
    if out.last() == Some(&b'}') {
        out.push(b',');
    }
    out.push(b'{');
    body.object(|name, body| {
        let value = body.raw()?;
        if wanted.contains(&name) {
            if out.last() != Some(&b'{') {
                out.push(b',');
            }
            write_text(out, name);
            out.push(b':');
            out.extend_from_slice(value.as_bytes());
        }
        Some(())
    })?;
    out.push(b'}');
    Some(())
}
