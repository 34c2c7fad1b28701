//! `sagaproof canary`: two orchestrators in the same worlds, and whether the candidate may take the baseline's place.

use std::ffi::OsStr;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use regex_lite::Regex;

use super::orchestrator::{no_hub, policy};
use super::output::{self, Format, Output};
use super::{Failure, duration, progress, run, select};
use crate::canary::split::{PLAN, SplitError, walk};
use crate::canary::{CanaryError, Margin, Order, Place, witnesses};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::nearest::nearest;
use crate::exit::Exit;
use crate::report::canary::{self, Report, Walk};
use crate::report::{html, replay_command, words};
use crate::scenario::Shift;
use crate::version::foreign::{Command, TIME_OUT};
use crate::version::{self, Orchestrator};

/// How the verdict comes about, for the help.
const ABOUT: &str = "\
A and B are each
  a name           an orchestrator that is built in, as `sagaproof list` names them
  FILE.yaml        the shipped hub with the policy of a file: `policy:`, and under it what a scenario may say there
  .../sagaproof    a binary of this program, of another build: its shipped hub
  a command        a program that speaks the protocol of docs/process-protocol.md

Both run in the same worlds: the same scenarios, seeds and faults. A draw hashes the seed and the exchange, so a fault
stays with the exchange that both make; the report counts what only one of them came to.

FAIL          a checker convicts in a world of the candidate, and not in that of the baseline, whatever the averages;
              or a cost is surely above the margin
PASS          no such world in 299 seeds or more (so with 95 % confidence in less than one seed of a hundred), and
              every cost surely within the margin; or all worlds are alike, whatever their number
INCONCLUSIVE  neither; it says how many more seeds would decide

The margin is a share of the baseline's mean; of what is rare, at least of one in ten worlds. Costs:
  latency         virtual time from a client's first sending until its outcome was known, where both told it
  calls           requests to vendors
  retries         writes that had been sent before, byte for byte
  wasted effects  writes that a vendor accepted and that served nothing: accepted before, taken back, or taking back
  parked sagas    how often a saga was parked for the operator
  open outcomes   operations whose client never learnt their outcome

With --split both run at once, half of the processes each, over one store. Who comes to which follows from the customer's
number: so many per cent to the candidate, more at each stage of the plan. In the worlds that a stage is compared with, the
same customers come to the same processes, and all of them run the baseline. PASS at a stage goes on to the next one;
INCONCLUSIVE holds at the stage before; FAIL rolls back to 0 %: the candidate takes nothing up any more, finishes what it
has for ten seconds, and is replaced. Then it is told whom it had touched, and what became of them.

Exit codes: 0 pass, 1 fail, 2 bad input, 3 could not run, 4 inconclusive.";

/// How many seeds are run where nobody says.
const SEEDS: u64 = 1_000;

/// The same where it may stop sooner.
const SEEDS_AT_MOST: u64 = 10_000;

#[derive(Debug, Args)]
#[command(after_long_help = ABOUT)]
pub(super) struct Arguments {
    /// What runs today
    #[arg(long, value_name = "A")]
    baseline: String,
    /// What shall run instead
    #[arg(long, value_name = "B")]
    candidate: String,
    /// Scenario files, or folders of them (default: the suites built in)
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How many worlds of each scenario: the seeds 0 to N-1 (default: 1000, with --split at each stage; with --until-decided
    /// 10000 at most)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    seeds: Option<u64>,
    /// Looks after every 50 seeds, and stops as soon as it is decided; its intervals hold however often one looks
    #[arg(long)]
    until_decided: bool,
    /// By how much the candidate may be worse, as a share of the baseline's mean
    #[arg(long, value_name = "SHARE", default_value = "5%", value_parser = margin)]
    margin: Margin,
    /// How many of the violations that were introduced are shrunk and told
    #[arg(long, value_name = "N", default_value_t = 3)]
    witnesses: usize,
    /// Only the scenarios in whose names this regular expression is found
    #[arg(long, value_name = "RE")]
    filter: Option<Regex>,
    /// Lets both run at once over one store and shifts the customers to the candidate, stage by stage
    #[arg(long)]
    split: bool,
    /// How many per cent of the customers the candidate has at each stage of the split (default: 5,25,50,100)
    #[arg(long, value_name = "SHARES", requires = "split", value_parser = plan)]
    plan: Option<Shift>,
    /// How many threads (default: one for each core)
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// How long a program may take for one answer, in real time (default: 10s)
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    process_time_out: Option<Duration>,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    #[command(flatten)]
    output: Output,
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
    let patience = arguments.process_time_out.unwrap_or(TIME_OUT);
    let baseline = orchestrator(&arguments.baseline, "--baseline", patience)?;
    let candidate = orchestrator(&arguments.candidate, "--candidate", patience)?;
    let scenarios = select::scenarios(&arguments.paths, arguments.filter.as_ref())?;
    let scenarios = select::suited(scenarios, &[&baseline, &candidate], err)?;
    let order = Order {
        scenarios: &scenarios,
        baseline: &baseline,
        candidate: &candidate,
        seeds: arguments.seeds.unwrap_or(if arguments.until_decided { SEEDS_AT_MOST } else { SEEDS }),
        until_decided: arguments.until_decided,
        margin: arguments.margin,
        threads: run::threads(arguments.threads),
    };
    if arguments.split {
        return split(arguments, &order, out, err);
    }
    let output = arguments.output.open()?;
    let bar = progress::bar(order.pairs(), "pairs of worlds");
    let compared = order.run(&|pairs| bar.inc(pairs));
    bar.finish_and_clear();
    let compared = compared.map_err(|error| failure(&error, &order))?;
    let witnesses = witnesses(&order, &compared.pairs, arguments.witnesses).map_err(|error| failure(&error, &order))?;
    let report = Report { order: &order, compared: &compared, witnesses: &witnesses };
    output::write(output, out, err, |out| match arguments.format {
        Format::Terminal => canary::terminal(&report, out),
        Format::Json => canary::json(&report, out),
        Format::Html => html::canary(&report, out),
    })?;
    Ok(compared.judgement.verdict.into())
}

/// Walks the plan of a split.
fn split(arguments: &Arguments, order: &Order<'_>, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
    let plan = arguments.plan.or_else(|| Shift::of(&PLAN)).ok_or_else(|| Diagnostic::new("there is no plan"))?;
    let output = arguments.output.open()?;
    let bar = progress::bar(order.pairs() * plan.shares().len() as u64, "pairs of worlds");
    let walked = walk(order, &plan, arguments.witnesses, &|pairs| bar.inc(pairs));
    bar.finish_and_clear();
    let walked = walked.map_err(|error| match error {
        SplitError::NoHub(one) => no_hub(&one).fix("split two versions of the hub, or leave `--split` out").into(),
        SplitError::Canary(error, sides) => {
            let [baseline, candidate] = &*sides;
            failure(&error, &Order { baseline, candidate, ..*order })
        }
    })?;
    let report = Walk { order, plan: &plan, walked: &walked };
    output::write(output, out, err, |out| match arguments.format {
        Format::Json => canary::split_json(&report, out),
        Format::Terminal => canary::split(&report, out),
        Format::Html => html::split(&report, out),
    })?;
    Ok(walked.verdict().into())
}

/// Reads a plan: shares that rise.
fn plan(text: &str) -> Result<Shift, String> {
    let shift = Shift::read(text).ok_or("is no list of shares: write whole per cents, as `5,25,50,100`")?;
    let shares = shift.shares();
    if shares.first() == Some(&0) || !shares.is_sorted_by(|one, next| one < next) {
        return Err("does not rise: write more than 0 first, and more at each stage".to_owned());
    }
    Ok(shift)
}

/// Whether this is a build of ours, by its name: `sagaproof`, `sagaproof-old`.
fn is_sagaproof(path: &Path) -> bool {
    let letters = |ending: &str| ending.chars().all(char::is_alphabetic);
    let script = path.extension().and_then(OsStr::to_str).is_some_and(|ending| letters(ending) && ending != "exe");
    let name = path.file_stem().map(|name| name.to_string_lossy()).unwrap_or_default();
    !script && (name == "sagaproof" || name.starts_with("sagaproof-"))
}

/// The orchestrator that is meant: by name, by the path of a policy file or of a binary, or by a command.
fn orchestrator(written: &str, flag: &str, patience: Duration) -> Result<Orchestrator, Failure> {
    let written = written.trim();
    if let Some(built_in) = Orchestrator::built_in(written) {
        return Ok(built_in);
    }
    if let Some(policy) = policy(written) {
        return policy;
    }
    let path = Path::new(written);
    if path.is_file() {
        // A shell looks for a name without a slash elsewhere.
        let here = if written.contains('/') { written.to_owned() } else { format!("./{written}") };
        let text = if is_sagaproof(path) {
            format!("{} process --orchestrator {}", words::quoted(&here), version::DEFAULT)
        } else {
            words::argument(&here)
        };
        return program(&text, flag, patience);
    }
    if written.contains(char::is_whitespace) {
        return program(written, flag, patience);
    }
    let message = format!("`{flag}`: there is no orchestrator `{written}`");
    let unknown = Diagnostic::new(message).value(written).nearest(nearest(written, version::names()));
    Err(unknown.fix("name one that `sagaproof list` names, a policy file, a sagaproof binary, or a command").into())
}

fn program(text: &str, flag: &str, patience: Duration) -> Result<Orchestrator, Failure> {
    let empty = || Diagnostic::new(format!("`{flag}` names no orchestrator")).fix("see them with `sagaproof list`");
    Command::new(text, patience).map(Orchestrator::Program).ok_or_else(|| empty().into())
}

/// Reads a share: per cent, or a fraction of one.
fn margin(text: &str) -> Result<Margin, String> {
    let (digits, scale) = text.trim().strip_suffix('%').map_or((text.trim(), 6), |number| (number.trim_end(), 4));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    let wrong = || "is no share: write it per cent, as `5%`, or as a fraction of one, as `0.05`".to_owned();
    if whole.is_empty() || fraction.len() > scale || !plain(whole) || !plain(fraction) {
        return Err(wrong());
    }
    let millionths: u64 = format!("{whole}{fraction:0<scale$}").parse().map_err(|_| wrong())?;
    if millionths > 10_000_000 { Err("is more than 1000 %".to_owned()) } else { Ok(Margin(millionths)) }
}

/// Why there was no comparison, in words.
fn failure(error: &CanaryError, order: &Order<'_>) -> Failure {
    let alone = |place: &Place| {
        let (scenario, side) = (&order.scenarios[place.scenario], place.side.name());
        let replay = replay_command(scenario, place.seed, order.orchestrator(place.side));
        format!("in the {side}'s world of {}; run it alone with: {replay}", scenario.name)
    };
    Failure::Run(match error {
        CanaryError::NoOrchestrator(side) => format!("there is no orchestrator `{}`", order.orchestrator(*side).name()),
        CanaryError::Thread(error) => format!("a thread cannot be started: {error}"),
        CanaryError::Panicked(place) => format!("something panicked {}", alone(place)),
        CanaryError::Broken(place, why) => format!("{why}\n  {}", alone(place)),
        CanaryError::Unlike(place) => {
            format!("a world ran otherwise the second time, so no difference means anything: {}", alone(place))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_margin_is_per_cent_or_a_fraction_of_one() {
        for (text, millionths) in [("5%", 50_000), ("0.05", 50_000), ("2.5 %", 25_000), ("0", 0), ("1", 1_000_000)] {
            assert_eq!(margin(text), Ok(Margin(millionths)), "{text}");
        }
        for text in ["", "-1%", "5 per cent", "1e-3", "0.00000001", "1001%", ".5", "99999999999999999999%"] {
            assert!(margin(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_plan_rises() {
        assert_eq!(plan("5, 25%,100").map(|shift| shift.to_string()).as_deref(), Ok("5,25,100"));
        for text in ["", "0,5", "5,5", "25,5", "5,101", "five"] {
            assert!(plan(text).is_err(), "{text}");
        }
    }

    #[test]
    fn orchestrators_are_names_policies_binaries_and_commands() {
        let meant = |written: &str| orchestrator(written, "--candidate", TIME_OUT);
        assert_eq!(meant("naive").unwrap().name(), "naive");
        assert_eq!(meant("python3 own.py").unwrap().name(), "process: python3 own.py");
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let policy = file("patient.yaml", "policy: {attempts: 9}\n");
        assert!(matches!(meant(&policy), Ok(Orchestrator::Policy(file)) if file.policy.attempts == Some(9)));
        let binary = file("sagaproof-1.2", "");
        assert_eq!(meant(&binary).unwrap().name(), format!("process: '{binary}' process --orchestrator saga"));
        let script = file("sagaproof_own.py", "");
        assert_eq!(meant(&script).unwrap().name(), format!("process: {script}"));
        let spaced = file("a policy.yaml", "policy: {attempts: 8}\n");
        assert!(matches!(meant(&spaced), Ok(Orchestrator::Policy(file)) if file.policy.attempts == Some(8)));
        for split in [format!("saga+{policy}@5,25,0"), format!("{policy}+impatient@50")] {
            let meant = meant(&split).unwrap();
            assert_eq!(meant.name(), split);
            assert!(meant.version().is_some());
        }
        for wrong in [format!("naive+{policy}@5"), format!("saga+no-such-{policy}@5"), "saga+no-such.yaml@5".to_owned()]
        {
            assert!(matches!(meant(&wrong), Err(Failure::Input(_))), "{wrong}");
        }
        assert!(matches!(meant("niave"), Err(Failure::Input(_))));
        assert!(matches!(meant("no-such.yaml"), Err(Failure::Input(_))));
    }
}
