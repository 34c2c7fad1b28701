//! Crowds: thousands of connections that rest, and bodies of a hundred megabytes. Fleet and hub answer others meanwhile,
//! and take no more memory than their bounds allow.

use std::fs::{self, File};
use std::process::Command;

use crate::live::{Running, ask, fleet, hub};

/// Opens as many connections as told to each address, and lets them rest; then sends a body of 100 MB to each, once with
/// its length told and once without, and prints the statuses. Ends when its input does.
const CROWD: &str = r#"
import resource, socket, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
count, addresses = int(sys.argv[1]), [address.rsplit(":", 1) for address in sys.argv[2:]]
addresses = [(host, int(port)) for host, port in addresses]
resting = [socket.create_connection(address) for address in addresses for _ in range(count)]
def told(address, headers, chunk):
    with socket.create_connection(address) as stream:
        head = "POST /api/customers HTTP/1.1\r\nhost: x\r\n" + headers + "\r\n"
        try:
            stream.sendall(head.encode())
            for _ in range(100):
                stream.sendall(chunk)
        except OSError:
            pass
        return stream.recv(12).decode()
block = b"x" * 1_000_000
for address in addresses:
    print(told(address, "content-length: 100000000\r\n", block), flush=True)
    print(told(address, "transfer-encoding: chunked\r\n", b"f4240\r\n" + block + b"\r\n"), flush=True)
sys.stdin.read()
"#;

/// So many connections rest at each.
const CONNECTIONS: usize = 5_000;
/// So much memory they may take, in KiB. A connection that rests takes some 28; a body of 100 MB that was kept has no room.
const MOST: u64 = 40 * CONNECTIONS as u64;

/// The most memory that a process ever had, in KiB.
fn peak(running: &Running) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", running.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse().unwrap()
}

#[test]
fn thousands_that_rest_and_bodies_of_a_hundred_megabytes_cost_little_and_harm_nobody() {
    let fleet = fleet(&[]);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("hub.yaml"), "horizon: 5s\n").unwrap();
    let hub = hub(&fleet, folder.path(), File::create(folder.path().join("hub.log")).unwrap().into());
    let desk = fleet.told("SUPPORT_URL");
    let token = format!("authorization: Bearer {}", fleet.told("SUPPORT_TOKEN"));
    let before = [peak(&fleet), peak(&hub)];
    let address = |url: &str| url.strip_prefix("http://").unwrap().to_owned();
    let crowd = Command::new("python3")
        .args(["-c", CROWD, &CONNECTIONS.to_string(), &address(desk), &address(hub.told("HUB_URL"))])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn();
    let mut crowd = Running::of(crowd.unwrap());
    let told = crowd.lines(4);
    assert_eq!(told, ["HTTP/1.1 401", "HTTP/1.1 401", "HTTP/1.1 413", "HTTP/1.1 413"]);
    let body = r#"{"cust_no":"C001","email":"ann@example.org","given_name":"Ann","family_name":"Lee"}"#;
    assert_eq!(ask(hub.told("HUB_URL"), "POST /api/customers", &[], body).unwrap().status, 201);
    assert_eq!(ask(desk, "GET /api/v2/users.json", &[&token], "").unwrap().status, 200);
    for (running, before) in [&fleet, &hub].into_iter().zip(before) {
        let grown = peak(running) - before;
        assert!(grown < MOST, "{grown} KiB more");
    }
}
