//! What an operator presses, read off the request on its way to the node. What goes wrong then is each bug's own.

use sagaproof_orchestrator::event::Event;
use sagaproof_orchestrator::message::Method;
use sagaproof_orchestrator::saga::SagaId;

/// The saga on which this button is pressed with this event, if it is.
pub(super) fn pressed(event: &Event, button: &str) -> Option<u64> {
    let Event::Request { request, .. } = event else { return None };
    let (saga, pressed) = request.target.strip_prefix("/operator/sagas/")?.split_once('/')?;
    if pressed != button || request.method != Method::Post {
        return None;
    }
    SagaId::parse(saga).map(|id| id.0)
}
