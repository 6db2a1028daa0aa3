//! The suite as an ordinary `cargo test` target of an engine's own crate.

use std::{
    env,
    process::{self, ExitCode},
    sync::Arc,
    time::Duration,
};

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::{
    engine::{Engine, Fault},
    known::Known,
    plan::Plan,
    report,
    runner::{Factory, Runner, Verdict},
    suite::Suite,
};

/// How long an engine may take for one case, in real time.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// When this environment variable is set, the first failure ends the run: for those who only ask whether one fails.
pub const FAIL_FAST: &str = "ASL_FAIL_FAST";

/// The `main` of a test target with `harness = false`: a test for each case and profile, with the options of
/// `cargo test`. Cases that the engine does not support are reported as ignored.
///
/// In `Cargo.toml`: `[[test]] name = "conformance"`, `harness = false`. In `tests/conformance.rs`, with your engine in
/// the place of the reference interpreter:
///
/// ```no_run
/// use std::process::ExitCode;
///
/// fn main() -> ExitCode {
///     asl_conformance::test_main(asl_conformance::reference::Reference::default)
/// }
/// ```
pub fn test_main<E, F>(make: F) -> ExitCode
where
    E: Engine + 'static,
    F: Fn() -> E + Send + Sync + 'static,
{
    test_main_with(make, &Known::default())
}

/// Like [`test_main`], with failures that are known: these tests pass as long as they fail in the way that is known.
pub fn test_main_with<E, F>(make: F, known: &Known) -> ExitCode
where
    E: Engine + 'static,
    F: Fn() -> E + Send + Sync + 'static,
{
    let arguments = Arguments::from_args();
    match trials(factory(make), known) {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(fault) => {
            eprintln!("the engine cannot be tested: {fault}");
            ExitCode::from(3)
        }
    }
}

/// A factory of engines that live in this process.
pub fn factory<E, F>(make: F) -> Factory
where
    E: Engine + 'static,
    F: Fn() -> E + Send + Sync + 'static,
{
    Arc::new(move || Ok(Box::new(make())))
}

/// A test for each case and profile, `<profile>::<case id>`, and one for the suite itself.
///
/// # Errors
/// [`Fault`] when no engine can be made, or it cannot be asked for its description.
pub fn trials(factory: Factory, known: &Known) -> Result<Vec<Trial>, Fault> {
    let runner = Arc::new(Runner::new(factory, TIME_LIMIT)?);
    let suite = Suite::embedded();
    let plan = Plan::new(&suite, &[], runner.description());
    let faults: Vec<_> = suite.faults.iter().map(ToString::to_string).collect();
    let unknown: Vec<_> = known.known.iter().filter(|entry| suite.case(&entry.case).is_none()).collect();
    let unknown: Vec<_> = unknown.iter().map(|entry| format!("{}: known failure of no case", entry.case)).collect();
    let whole = Trial::test("suite::is_read_in_full", move || {
        let faults = [faults, unknown].concat();
        if faults.is_empty() { Ok(()) } else { Err(Failed::from(faults.join("\n"))) }
    });
    let known = Arc::new(known.clone());
    let cases = plan.runs.into_iter().map(|(case, profile)| {
        let (runner, known) = (Arc::clone(&runner), Arc::clone(&known));
        Trial::ignorable_test(format!("{}::{}", profile.name(), case.id), move || {
            let mut result = runner.run_case(&case, profile);
            known.mark(std::slice::from_mut(&mut result));
            match &result.verdict {
                _ if !result.expected => Err(failed(report::failure(&case, &result))),
                Verdict::Unsupported { reason } => Ok(Completion::ignored_with(reason)),
                _ => Ok(Completion::Completed),
            }
        })
    });
    Ok(std::iter::once(whole).chain(cases).collect())
}

/// The failure of a test; the end of all of them when [`FAIL_FAST`] is set.
fn failed(explanation: String) -> Failed {
    if env::var_os(FAIL_FAST).is_some() {
        eprintln!("{explanation}");
        process::exit(101);
    }
    Failed::from(explanation)
}
