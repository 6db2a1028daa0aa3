//! Runs cases against engines: each on a thread that may panic or hang without harm to the others.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc, Mutex, Once, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    case::{Case, Profile},
    compare::{self, Difference, Observed},
    engine::{Description, Engine, Fault, Observable, Reply, Request},
    script::{Script, ScriptError},
};

/// Makes engines, each used on one thread only.
pub type Factory = Arc<dyn Fn() -> Result<Box<dyn Engine>, Fault> + Send + Sync>;

/// How long engines may take to end once no more is asked of them.
const FAREWELL: Duration = Duration::from_secs(3);

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything that was compared agrees.
    Pass,
    /// Something differs.
    Fail {
        /// What; never empty.
        differences: Vec<Difference>,
    },
    /// The engine says that it lacks what the case needs.
    Unsupported {
        /// What it lacks.
        reason: String,
    },
    /// The engine gave up, or its answer cannot be understood.
    Errored {
        /// What it said.
        reason: String,
    },
    /// The engine panicked or died.
    Crashed {
        /// Its last words.
        reason: String,
    },
    /// The engine did not answer.
    TimedOut {
        /// How long it was waited for, in seconds of real time.
        limit: f64,
    },
}

impl Verdict {
    /// The names of the verdicts, in the order of tables.
    pub const NAMES: [&str; 6] = ["pass", "fail", "unsupported", "errored", "crashed", "timed-out"];

    /// The name of this verdict.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail { .. } => "fail",
            Self::Unsupported { .. } => "unsupported",
            Self::Errored { .. } => "errored",
            Self::Crashed { .. } => "crashed",
            Self::TimedOut { .. } => "timed-out",
        }
    }
}

/// A case in a profile, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseResult {
    /// Id of the case.
    pub id: String,
    /// The profile in which it ran.
    pub profile: Profile,
    /// What became of it.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What the case expects and the engine does not report: not compared.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unchecked: BTreeSet<Observable>,
    /// Why the list of known failures names it, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
    /// Whether the verdict is a pass or unsupported, or the one that the list of known failures foretells.
    pub expected: bool,
    /// Seconds of real time.
    pub seconds: f64,
}

/// Runs cases against the engines of one factory.
pub struct Runner {
    factory: Factory,
    limit: Duration,
    idle: Mutex<Vec<Worker>>,
    description: Description,
}

impl Runner {
    /// A runner that waits `limit` for each answer.
    ///
    /// # Errors
    /// [`Fault`] when no engine can be made, or it cannot be asked for its description.
    pub fn new(factory: Factory, limit: Duration) -> Result<Self, Fault> {
        capture_panics();
        let worker = Worker::start(&factory)?;
        let description = match worker.ask(Question::Describe, limit)? {
            Answer::Description(description) => description,
            Answer::Run(_) => return Err(Fault::Protocol("no description".to_owned())),
        };
        Ok(Self { factory, limit, idle: Mutex::new(vec![worker]), description })
    }

    /// Who the engine is and what it can do.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Runs every entry of `plan` with `jobs` engines at a time, telling `progress` each result as it comes.
    /// The results are in the order of the plan.
    pub fn run(
        &self,
        plan: &[(Arc<Case>, Profile)],
        jobs: usize,
        progress: &(dyn Fn(&CaseResult) + Sync),
    ) -> Vec<CaseResult> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut results = Vec::new();
            while let Some((index, (case, profile))) =
                Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|index| plan.get(index).map(|entry| (index, entry)))
            {
                let result = self.run_case(case, *profile);
                progress(&result);
                results.push((index, result));
            }
            results
        };
        let mut results: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..jobs.clamp(1, plan.len().max(1))).map(|_| scope.spawn(work)).collect();
            threads
                .into_iter()
                .flat_map(|thread| thread.join().unwrap_or_else(|panic| panic::resume_unwind(panic)))
                .collect()
        });
        results.sort_by_key(|(index, _)| *index);
        results.into_iter().map(|(_, result)| result).collect()
    }

    /// Runs one case in one profile.
    #[must_use]
    pub fn run_case(&self, case: &Arc<Case>, profile: Profile) -> CaseResult {
        let start = Instant::now();
        let missing: Vec<_> = case.requires.difference(&self.description.features).map(ToString::to_string).collect();
        let (verdict, unchecked) = if missing.is_empty() {
            match self.ask(Question::Run(Arc::clone(case), profile, BTreeSet::new())) {
                Ok(Answer::Run(run)) => self.judge(case, &run),
                Ok(Answer::Description(_)) => (errored("a description instead of a reply"), BTreeSet::new()),
                Err(fault) => (fault_verdict(&fault), BTreeSet::new()),
            }
        } else {
            let reason = format!("the engine does not declare: {}", missing.join(", "));
            (Verdict::Unsupported { reason }, BTreeSet::new())
        };
        CaseResult {
            id: case.id.clone(),
            profile,
            expected: matches!(verdict, Verdict::Pass | Verdict::Unsupported { .. }),
            verdict,
            unchecked,
            known: None,
            seconds: start.elapsed().as_secs_f64(),
        }
    }

    /// What the engine replies to a case, whatever the case expects, and the inputs of the task calls by state. The
    /// engine is asked to report what is in `observe`.
    ///
    /// # Errors
    /// [`Fault`] when there is no reply, or a call had no answer.
    pub fn observe(
        &self,
        case: &Arc<Case>,
        profile: Profile,
        observe: &BTreeSet<Observable>,
    ) -> Result<(Reply, BTreeMap<String, Vec<Value>>), Fault> {
        match self.ask(Question::Run(Arc::clone(case), profile, observe.clone()))? {
            Answer::Run(Run { fault: Some(fault), .. }) => Err(Fault::Script(fault)),
            Answer::Run(run) => Ok((run.reply?, run.inputs)),
            Answer::Description(_) => Err(Fault::Protocol("a description instead of a reply".to_owned())),
        }
    }

    /// Asks an idle worker, or a new one. One that did not answer is abandoned with its engine.
    fn ask(&self, question: Question) -> Result<Answer, Fault> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let worker = idle.map_or_else(|| Worker::start(&self.factory), Ok)?;
        let answer = worker.ask(question, self.limit);
        if !matches!(answer, Err(Fault::TimedOut(_))) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        }
        answer
    }

    fn judge(&self, case: &Case, run: &Run) -> (Verdict, BTreeSet<Observable>) {
        let reply = match (&run.reply, &run.fault) {
            (Err(fault @ (Fault::Crashed(_) | Fault::TimedOut(_))), _) => {
                return (fault_verdict(fault), BTreeSet::new());
            }
            (Err(Fault::Script(fault)), _) | (_, Some(fault)) => return (script_verdict(fault), BTreeSet::new()),
            (Err(fault @ Fault::Protocol(_)), None) => return (fault_verdict(fault), BTreeSet::new()),
            (Ok(reply), None) => reply,
        };
        match reply {
            Reply::Unsupported { reason } => (Verdict::Unsupported { reason: reason.clone() }, BTreeSet::new()),
            Reply::Error { message } => (errored(message), BTreeSet::new()),
            reply => {
                let observed = Observed { reply, task_inputs: &run.inputs, observables: &self.description.observables };
                let comparison = compare::compare(&case.expect, observed);
                let verdict = if comparison.differences.is_empty() {
                    Verdict::Pass
                } else {
                    Verdict::Fail { differences: comparison.differences }
                };
                (verdict, comparison.unchecked)
            }
        }
    }
}

impl Drop for Runner {
    /// Waits for the engines to end: some are processes.
    fn drop(&mut self) {
        let idle = self.idle.get_mut().unwrap_or_else(PoisonError::into_inner);
        let ending: Vec<_> = idle.drain(..).map(|Worker { answers, .. }| answers).collect();
        let deadline = Instant::now() + FAREWELL;
        for answers in ending {
            // No answer comes: the channel closes when the thread ends.
            let _ = answers.recv_timeout(deadline.saturating_duration_since(Instant::now()));
        }
    }
}

fn errored(reason: impl ToString) -> Verdict {
    Verdict::Errored { reason: reason.to_string() }
}

fn fault_verdict(fault: &Fault) -> Verdict {
    match fault {
        Fault::Crashed(reason) => Verdict::Crashed { reason: reason.clone() },
        Fault::TimedOut(limit) => Verdict::TimedOut { limit: *limit },
        Fault::Protocol(reason) => errored(reason),
        Fault::Script(fault) => script_verdict(fault),
    }
}

/// A call without an answer is a difference: the script of a case proves the number of calls.
fn script_verdict(fault: &ScriptError) -> Verdict {
    let difference =
        Difference { path: "tasks".to_owned(), expected: "no such call".to_owned(), got: fault.to_string() };
    Verdict::Fail { differences: vec![difference] }
}

enum Question {
    Describe,
    /// A case, with what to report beyond what it compares.
    Run(Arc<Case>, Profile, BTreeSet<Observable>),
}

enum Answer {
    Description(Description),
    Run(Run),
}

/// What an engine answered, and what it asked of the script.
struct Run {
    reply: Result<Reply, Fault>,
    inputs: BTreeMap<String, Vec<Value>>,
    fault: Option<ScriptError>,
}

/// A thread with an engine of its own.
struct Worker {
    questions: Sender<Question>,
    answers: Receiver<Result<Answer, Fault>>,
}

impl Worker {
    fn start(factory: &Factory) -> Result<Self, Fault> {
        let (questions, inbox) = mpsc::channel();
        let (outbox, answers) = mpsc::channel();
        let factory = Arc::clone(factory);
        let thread = thread::Builder::new().name("engine".to_owned());
        thread
            .spawn(move || serve(&factory, &inbox, &outbox))
            .map_err(|error| Fault::Protocol(format!("no thread: {error}")))?;
        Ok(Self { questions, answers })
    }

    fn ask(&self, question: Question, limit: Duration) -> Result<Answer, Fault> {
        let gone = || Fault::Crashed("the thread of the engine is gone".to_owned());
        self.questions.send(question).map_err(|_| gone())?;
        self.answers.recv_timeout(limit).unwrap_or_else(|error| {
            Err(match error {
                RecvTimeoutError::Timeout => Fault::TimedOut(limit.as_secs_f64()),
                RecvTimeoutError::Disconnected => gone(),
            })
        })
    }
}

/// Answers questions until nobody asks any more. After a panic the engine is replaced.
fn serve(factory: &Factory, questions: &Receiver<Question>, answers: &Sender<Result<Answer, Fault>>) {
    let mut engine = None;
    for question in questions {
        CAPTURING.set(true);
        let answer = panic::catch_unwind(AssertUnwindSafe(|| {
            let engine = match &mut engine {
                Some(engine) => engine,
                empty => empty.insert(factory()?),
            };
            Ok(answer(engine.as_mut(), question))
        }))
        .unwrap_or_else(|payload| {
            // Dropping an engine that panicked may panic again.
            let _ = panic::catch_unwind(AssertUnwindSafe(|| engine = None));
            Err(Fault::Crashed(last_words(payload.as_ref())))
        });
        CAPTURING.set(false);
        if answers.send(answer).is_err() {
            return;
        }
    }
}

fn answer(engine: &mut dyn Engine, question: Question) -> Answer {
    match question {
        Question::Describe => Answer::Description(engine.describe()),
        Question::Run(case, profile, observe) => {
            let mut script = Script::new(&case.tasks);
            let mut request = Request::of(&case, profile);
            request.observe.extend(observe);
            let reply = engine.run(&request, &mut script);
            Answer::Run(Run { reply, inputs: script.inputs().clone(), fault: script.fault().cloned() })
        }
    }
}

thread_local! {
    static CAPTURING: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps panics of engines out of the terminal: they become verdicts.
fn capture_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if CAPTURING.get() {
                PLACE.set(info.location().map(ToString::to_string).unwrap_or_default());
            } else {
                previous(info);
            }
        }));
    });
}

fn last_words(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    format!("panicked at {}: {}", PLACE.take(), text.unwrap_or("no message"))
}
