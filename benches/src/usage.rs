//! What the system says that this process uses: processor time by thread, and memory.

use std::collections::BTreeMap;
use std::fs;

/// Nanoseconds on a processor so far, by the names of threads.
#[must_use]
pub fn busy() -> BTreeMap<String, u64> {
    let mut busy = BTreeMap::new();
    for task in fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        let read = |file: &str| fs::read_to_string(task.path().join(file)).unwrap_or_default();
        let on = read("schedstat").split(' ').next().and_then(|nanos| nanos.parse::<u64>().ok());
        *busy.entry(read("comm").trim().to_owned()).or_default() += on.unwrap_or(0);
    }
    busy
}

/// The name of this thread there.
#[must_use]
pub fn here() -> String {
    fs::read_to_string("/proc/thread-self/comm").unwrap_or_default().trim().to_owned()
}

/// Bytes of memory that are resident.
#[must_use]
pub fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// The one in the middle.
///
/// # Panics
/// Where there is none.
#[must_use]
pub fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values[values.len() / 2]
}
