//! Ports that trials share out among themselves: no two have the same one at a time, though none knows of the others.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

/// A port that no other trial on this machine takes while this is there.
#[derive(Debug)]
pub(super) struct Port {
    pub(super) number: u16,
    lock: PathBuf,
    /// It is locked; the lock of a trial that is killed ends with it.
    _held: File,
}

impl Port {
    /// Takes it, where no trial has it and nobody listens there.
    pub(super) fn take(number: u16) -> Option<Self> {
        let lock = std::env::temp_dir().join(format!("sagaproof-test-port-{number}"));
        let held = File::options().create(true).truncate(false).write(true).open(&lock).ok()?;
        held.try_lock().ok()?;
        // Whoever had it before may have taken the file away meanwhile: then another file has the name, and the say.
        if !is_named(&held, &lock) {
            return None;
        }
        let port = Self { number, lock, _held: held };
        TcpListener::bind((Ipv4Addr::LOCALHOST, number)).ok()?;
        Some(port)
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        // What may be left is locked by nobody.
        let _ = fs::remove_file(&self.lock);
    }
}

/// Whether this is the file with that name.
#[cfg(unix)]
fn is_named(held: &File, lock: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    matches!((held.metadata(), fs::metadata(lock)), (Ok(held), Ok(named)) if held.ino() == named.ino())
}

#[cfg(not(unix))]
const fn is_named(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_somebody_has_is_not_given_again() {
        let port = (30_000..32_000).rev().find_map(Port::take).unwrap();
        let (number, lock) = (port.number, port.lock.clone());
        assert!(lock.exists());
        assert!(Port::take(number).is_none());
        drop(port);
        let listens = TcpListener::bind((Ipv4Addr::LOCALHOST, number)).unwrap();
        assert!(Port::take(number).is_none());
        drop(listens);
        assert!(Port::take(number).is_some());
    }
}
