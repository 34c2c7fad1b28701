//! What the node hears of each thing that can befall a call on a real socket.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::driver::run::Ear;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nX-Told: yes\r\ncontent-length: 2\r\n\r\nhi";
/// Longer than anything here takes.
const LONG: Nanos = Nanos::secs(60);

/// A vendor that does this with each connection, of which it is told the number.
async fn vendor<F: Future<Output = ()> + Send + 'static>(
    serve: impl Fn(TcpStream, usize) -> F + Send + 'static,
) -> Base {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let base = format!("http://{}/w/blue", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream, number));
        }
    });
    base
}

/// Reads a request, whose body ends with an exclamation mark.
async fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"!") {
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            break;
        }
    }
    String::from_utf8(bytes).unwrap()
}

struct Caller {
    outbound: Outbound,
    ear: Ear,
}

impl Caller {
    fn of(base: &Base) -> Self {
        let (mouth, ear) = Mouth::new();
        let limits = Limits { answer: 100, ..Limits::default() };
        let bases = std::array::from_fn(|_| base.clone());
        Self { outbound: Outbound::new((bases, None), Clock::start(), limits, mouth, Arc::default()), ear }
    }

    async fn call(&mut self, time_out: Nanos, not_after: Instant) -> Answer {
        let mut headers = Headers::default();
        headers.push("x-correlation-id", "c1");
        let request = Request { method: Method::Post, target: "/users?x=1".into(), headers, body: b"body!".to_vec() };
        self.outbound.call(7, Vendor::Support, request, time_out, not_after);
        loop {
            match self.ear.recv().await {
                Some(Message::Event(Event::Answer { call: 7, answer })) => return answer,
                Some(Message::Unconnected { call: 7, to: Vendor::Support, .. }) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn hears(&mut self) -> Answer {
        self.call(LONG, Instant(u64::MAX)).await
    }
}

#[tokio::test]
async fn a_request_leaves_as_it_is_and_its_answer_comes_as_it_is() {
    let base = vendor(async |mut stream, _| {
        let told = request(&mut stream).await;
        assert!(told.starts_with("POST /w/blue/users?x=1 HTTP/1.1\r\n"), "{told}");
        assert!(told.contains("x-correlation-id: c1\r\n") && told.contains("content-length: 5\r\n"), "{told}");
        assert!(told.contains("host: 127.0.0.1:"), "{told}");
        stream.write_all(OK).await.unwrap();
    });
    let answer = Caller::of(&base.await).hears().await.unwrap();
    assert_eq!((answer.status, &*answer.body, answer.headers.get("x-told")), (200, &b"hi"[..], Some("yes")));
}

#[tokio::test]
async fn what_never_left_is_told_as_such() {
    let gone = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap();
    let base: Base = format!("http://{gone}").parse().unwrap();
    assert_eq!(Caller::of(&base).hears().await, Err(CallError::Refused));
    let base = vendor(async |_, _| panic!("nothing leaves after the node's word")).await;
    assert_eq!(Caller::of(&base).call(LONG, Instant(0)).await, Err(CallError::NotSent));
}

#[tokio::test]
async fn whatever_may_have_happened_is_told_as_unknown() {
    let reset = vendor(async |mut stream, _| {
        request(&mut stream).await;
        stream.set_zero_linger().unwrap();
    });
    assert_eq!(Caller::of(&reset.await).hears().await, Err(CallError::Reset));
    let ended = vendor(async |mut stream, _| drop(request(&mut stream).await));
    assert_eq!(Caller::of(&ended.await).hears().await, Err(CallError::Reset));
    let garbage = vendor(async |mut stream, _| {
        request(&mut stream).await;
        stream.write_all(b"no answer at all\r\n\r\n").await.unwrap();
    });
    assert_eq!(Caller::of(&garbage.await).hears().await, Err(CallError::Reset));
    let cut = vendor(async |mut stream, _| {
        request(&mut stream).await;
        stream.write_all(&OK[..OK.len() - 1]).await.unwrap();
    });
    assert_eq!(Caller::of(&cut.await).hears().await, Err(CallError::Truncated));
    let large = vendor(async |mut stream, _| {
        request(&mut stream).await;
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 101\r\n\r\n";
        // The caller may have hung up by then.
        let _ = stream.write_all(&[&head[..], &[b'x'; 101]].concat()).await;
    });
    assert_eq!(Caller::of(&large.await).hears().await, Err(CallError::Truncated));
    let silent = vendor(async |mut stream, _| {
        request(&mut stream).await;
        // Until the caller hangs up, which it must.
        assert_eq!(stream.read(&mut [0]).await.unwrap_or(0), 0);
    });
    assert_eq!(Caller::of(&silent.await).call(Nanos::millis(20), Instant(u64::MAX)).await, Err(CallError::TimedOut));
}

#[tokio::test]
async fn connections_are_used_again_and_one_that_ended_meanwhile_is_no_attempt() {
    // Each connection answers twice and then ends.
    let base = vendor(async |mut stream, number| {
        for _ in 0..2 {
            request(&mut stream).await;
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{number}");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let mut caller = Caller::of(&base.await);
    let mut numbers = Vec::new();
    for _ in 0..6 {
        numbers.push(caller.hears().await.unwrap().body[0] - b'0');
        // The connection rests once its task has run.
        tokio::task::yield_now().await;
    }
    assert!(numbers.is_sorted() && numbers[5] < 6, "{numbers:?}");
}
