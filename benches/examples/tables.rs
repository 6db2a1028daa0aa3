//! Writes the tables of `benches/README.md` between their markers: what criterion has measured, and one run of the
//! benches behind `asl-conformance bench`.
//!
//! ```text
//! cargo bench -p asl-benches
//! cargo run --release -p asl-benches --example tables
//! ```

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use asl_conformance::{bench, factory, reference::Reference};
use serde_json::Value;

fn main() -> ExitCode {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| package.join("../target"), PathBuf::from);
    match write(&package.join("README.md"), &target.join("criterion")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn write(readme: &Path, criterion: &Path) -> Result<(), String> {
    let failed = |error: io::Error| error.to_string();
    let measured = Measured::read(criterion).map_err(failed)?;
    let mut text = fs::read_to_string(readme).map_err(failed)?;
    let tables = [
        ("machine", machine()),
        ("transitions", measured.transitions()),
        ("growth", measured.growth()),
        // Like with like: references beside references, copies beside copies.
        (
            "paths",
            [
                measured.ratios("path/", &["asl-engine, in place", "serde_json_path", "jsonpath-rust"]),
                measured.ratios("path/", &["asl-engine", "serde_json_path, cloned"]),
            ]
            .join("\n"),
        ),
        ("twins", measured.ratios("twins/", &["JSONPath", "JSONata"])),
        ("documents", measured.documents()),
        ("functions", measured.times(&["intrinsic", "template", "reference path"])),
        ("suite", measured.rates(&["generator", "suite"])),
        ("engines", engines()?),
    ];
    for (name, table) in tables {
        text = replaced(&text, name, &table)?;
    }
    fs::write(readme, text).map_err(failed)
}

/// The text with what stands between the markers of `name` replaced.
fn replaced(text: &str, name: &str, table: &str) -> Result<String, String> {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&begin).ok_or(format!("no marker {begin}"))?;
    let (_, after) = rest.split_once(&end).ok_or(format!("no marker {end}"))?;
    Ok(format!("{before}{begin}{table}{end}{after}"))
}

/// Processor and system.
fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let model = model.map_or("unknown processor", |(_, model)| model.trim());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{model}, {cores} cores, {} {}\n", env::consts::OS, env::consts::ARCH)
}

/// One benchmark.
struct Benchmark {
    /// Median time of one iteration, in nanoseconds.
    nanoseconds: f64,
    /// Elements or bytes of one iteration.
    amount: Option<f64>,
}

/// The results of criterion by group and function.
struct Measured(BTreeMap<String, BTreeMap<String, Benchmark>>);

impl Measured {
    fn read(folder: &Path) -> io::Result<Self> {
        let mut measured = Self(BTreeMap::new());
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            if folder.ends_with("new") {
                measured.add(&folder)?;
                continue;
            }
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                }
            }
        }
        Ok(measured)
    }

    fn add(&mut self, folder: &Path) -> io::Result<()> {
        let json = |name: &str| -> io::Result<Value> { Ok(serde_json::from_slice(&fs::read(folder.join(name))?)?) };
        let (benchmark, estimates) = (json("benchmark.json")?, json("estimates.json")?);
        let text = |name: &str| benchmark[name].as_str().map(str::to_owned);
        let Some(group) = text("group_id") else { return Ok(()) };
        let Some(function) = text("function_id").or_else(|| text("value_str")) else { return Ok(()) };
        let amount = benchmark["throughput"].as_object().and_then(|amounts| amounts.values().next()?.as_f64());
        let nanoseconds = estimates["median"]["point_estimate"].as_f64().unwrap_or(f64::NAN);
        self.0.entry(group).or_default().insert(function, Benchmark { nanoseconds, amount });
        Ok(())
    }

    fn groups(&self, prefix: &str) -> impl Iterator<Item = (&str, &BTreeMap<String, Benchmark>)> {
        self.0.iter().filter_map(move |(name, group)| Some((name.strip_prefix(prefix)?, group)))
    }

    fn transitions(&self) -> String {
        let mut table = header(&["workload", "transitions/s", "trace ÷ none", "history ÷ none", "none ÷ floor"]);
        for (name, group) in self.groups("transitions/") {
            let Some(none) = group.get("no observer") else { continue };
            let over = |function: &str| group.get(function).map(|other| other.nanoseconds / none.nanoseconds);
            let ratio = |ratio: Option<f64>| ratio.map_or_else(String::new, |ratio| format!("{ratio:.1}"));
            let throughput = millions(none.amount.unwrap_or_default() / none.nanoseconds * 1e3);
            let floor = ratio(over("floor").map(f64::recip));
            row(&mut table, &[name, &throughput, &ratio(over("trace")), &ratio(over("full history")), &floor]);
        }
        table
    }

    /// Nanoseconds a unit, by size.
    fn growth(&self) -> String {
        let mut table = header(&["by", "smallest", "× 10", "× 100", "× 1,000"]);
        for (name, group) in self.groups("growth/") {
            let mut sizes: Vec<_> =
                group.iter().filter_map(|(size, figure)| Some((size.parse::<u64>().ok()?, figure))).collect();
            sizes.sort_by_key(|(size, _)| *size);
            let cells = sizes.iter().map(|(size, figure)| {
                let unit = figure.nanoseconds / figure.amount.unwrap_or(f64::NAN);
                format!("{size}: {unit:.0} ns")
            });
            let cells: Vec<String> = std::iter::once(name.to_owned()).chain(cells).collect();
            row(&mut table, &cells.iter().map(String::as_str).collect::<Vec<_>>());
        }
        table
    }

    /// The time of the first function, and how many times as long the others take.
    fn ratios(&self, prefix: &str, functions: &[&str]) -> String {
        let mut columns = vec![prefix.trim_end_matches('/').to_owned()];
        columns.extend(functions.iter().map(|function| (*function).to_owned()));
        let mut table = header(&columns.iter().map(String::as_str).collect::<Vec<_>>());
        for (name, group) in self.groups(prefix) {
            let Some(first) = functions.first().and_then(|first| group.get(*first)) else { continue };
            let mut cells = vec![name.to_owned(), time(first.nanoseconds)];
            cells.extend(functions.iter().skip(1).map(|function| {
                group
                    .get(*function)
                    .map_or_else(String::new, |other| format!("× {:.1}", other.nanoseconds / first.nanoseconds))
            }));
            row(&mut table, &cells.iter().map(String::as_str).collect::<Vec<_>>());
        }
        table
    }

    /// Megabytes a second.
    fn documents(&self) -> String {
        const SIZES: [&str; 4] = ["1 KB", "10 KB", "100 KB", "1000 KB"];
        let mut table = header(&["stage, in MB/s", "1 KB", "10 KB", "100 KB", "1 MB"]);
        for stage in ["parse", "validate", "compile"] {
            let Some(group) = self.0.get(stage) else { continue };
            let speed = |size: &&str| {
                let figure = group.get(*size)?;
                Some(format!("{:.1}", figure.amount? / figure.nanoseconds * 1e3))
            };
            let cells: Vec<String> = SIZES.iter().map(|size| speed(size).unwrap_or_default()).collect();
            let cells: Vec<&str> = std::iter::once(stage).chain(cells.iter().map(String::as_str)).collect();
            row(&mut table, &cells);
        }
        table
    }

    fn rates(&self, groups: &[&str]) -> String {
        let mut table = header(&["what", "a second"]);
        for (function, figure) in groups.iter().filter_map(|group| self.0.get(*group)).flatten() {
            let amount = figure.amount.unwrap_or(1.0);
            row(&mut table, &[function, &format!("{:.0}", amount / figure.nanoseconds * 1e9)]);
        }
        table
    }

    fn times(&self, groups: &[&str]) -> String {
        let mut table = header(&["what", "time"]);
        for group in groups {
            for (function, figure) in self.0.get(*group).into_iter().flatten() {
                let name =
                    if function.starts_with("States.") { function.clone() } else { format!("{group}: {function}") };
                row(&mut table, &[&name, &time(figure.nanoseconds)]);
            }
        }
        table
    }
}

/// The tables of `asl-conformance bench`.
fn engines() -> Result<String, String> {
    let report =
        bench::bench(&[factory(Reference::default)], Duration::from_secs(20)).map_err(|error| error.to_string())?;
    let mut text = header(&["engine", "start-up", "empty machine"]);
    for figure in &report.engines {
        row(
            &mut text,
            &[&figure.engine, &time(figure.start_up_seconds * 1e9), &time(figure.empty_machine_seconds * 1e9)],
        );
    }
    text.push('\n');
    text.push_str(&header(&["workload", "engine", "transitions/s", "÷ floor"]));
    for figure in &report.workloads {
        let floor = figure.floor_ratio.map_or_else(String::new, |ratio| format!("{ratio:.1}"));
        row(&mut text, &[&figure.workload, &figure.engine, &millions(figure.transitions_per_second / 1e6), &floor]);
    }
    text.push('\n');
    text.push_str(&header(&["quota", "unit", "published", "in a second", "headroom"]));
    for figure in &report.limits {
        let headroom = if figure.headroom < 10.0 {
            format!("{:.1} ×", figure.headroom)
        } else {
            format!("{:.0} ×", figure.headroom)
        };
        let measured = format!("{:.0}", figure.measured);
        row(&mut text, &[&figure.quota, &figure.unit, &figure.published.to_string(), &measured, &headroom]);
    }
    Ok(text)
}

fn millions(number: f64) -> String {
    format!("{number:.2} M")
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        small if small < 1e3 => format!("{small:.0} ns"),
        medium if medium < 1e6 => format!("{:.1} µs", medium / 1e3),
        large => format!("{:.1} ms", large / 1e6),
    }
}

/// The first two lines of a table; all columns but the first are numbers.
fn header(columns: &[&str]) -> String {
    let mut text = String::new();
    row(&mut text, columns);
    let mut rules = vec!["---"];
    rules.resize(columns.len(), "--:");
    row(&mut text, &rules);
    text
}

fn row(table: &mut String, cells: &[&str]) {
    let _ = writeln!(table, "| {} |", cells.join(" | "));
}
