//! A program with all that it starts, so that it can be killed as one. On Unix that is a process group; elsewhere what
//! the shell has started outlives it, unless it ends with its input.

use std::process::{Child, Command, ExitStatus, Stdio};

/// A command as a shell understands it, with pipes.
pub(crate) fn shell(command: &str) -> Command {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut shell = Command::new(shell);
    shell.args([flag, command]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    lead(&mut shell);
    shell
}

/// Kills a program with all that it started, and waits until nothing is left: how it ended.
pub(crate) fn end(mut program: Child) -> Option<ExitStatus> {
    // Its number is its own until it has been waited for, and with it the group's.
    kill(&mut program);
    let status = program.wait().ok();
    bury(&program);
    status
}

/// Lets a program that is about to start lead a group of its own.
#[cfg(unix)]
pub(crate) fn lead(command: &mut Command) {
    adopt();
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(unix)]
fn kill(program: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let _ = kill_process_group(Pid::from_child(program), Signal::KILL);
}

/// Waits for the dead whom the program left behind.
#[cfg(unix)]
fn bury(program: &Child) {
    use rustix::process::{Pid, WaitOptions, waitpgid};
    while waitpgid(Pid::from_child(program), WaitOptions::empty()).is_ok() {}
}

/// Whose parent has died becomes our child, so that it can be waited for even where nobody else would do it: in a
/// container whose first process is no init.
#[cfg(target_os = "linux")]
fn adopt() {
    use rustix::process::{getpid, set_child_subreaper};
    let _ = set_child_subreaper(Some(getpid()));
}

#[cfg(all(unix, not(target_os = "linux")))]
const fn adopt() {}

#[cfg(not(unix))]
pub(crate) const fn lead(_: &mut Command) {}

#[cfg(not(unix))]
fn kill(program: &mut Child) {
    let _ = program.kill();
}

#[cfg(not(unix))]
const fn bury(_: &Child) {}
