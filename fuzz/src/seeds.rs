//! Inputs to start from, taken from the conformance cases and from the machines of the corpus.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use arbitrary::Unstructured;
use asl_conformance::{
    case::Definition,
    suite::{Suite, entries},
};
use asl_generator::{hostile, seeded_bytes};
use serde_json::{Value, json};

use crate::{path_steps, random::Bytes};

/// Longest seed, in bytes: libFuzzer mutates short inputs best.
const LONGEST: usize = 4096;
/// Random seeds of each target whose bytes are decisions and no text.
const RANDOM: usize = 64;
/// Targets whose bytes are decisions.
const DECIDING: &[&str] = &[
    "path_eval",
    "reference_path_assign",
    "intrinsic_eval",
    "timestamp",
    "choice_eval",
    "document_validate",
    "machine_relations",
    "machine_run",
];

/// Seeds by target.
#[derive(Debug, Default)]
pub struct Seeds(BTreeMap<&'static str, BTreeSet<Vec<u8>>>);

impl Seeds {
    /// Those of the embedded cases, of the definitions in the folder `machines`, and some random ones.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn collect(machines: &Path) -> io::Result<Self> {
        let mut seeds = Self::default();
        let suite = Suite::embedded();
        for file in &suite.files {
            // One case of a file shows its members.
            let first = entries(&file.text).ok().and_then(|cases| cases.into_iter().next());
            seeds.add("case_file", json!({ "cases": first.as_slice() }).to_string());
        }
        for case in &suite.cases {
            match &case.definition {
                Definition::Json(document) => seeds.document(document),
                Definition::Text(text) => seeds.add("document_parse", text),
            }
        }
        for entry in fs::read_dir(machines)? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(".asl.json") {
                let text = fs::read_to_string(&path)?;
                seeds.document(&serde_json::from_str(&text).map_err(io::Error::other)?);
            }
        }
        for at in 0..RANDOM as u64 {
            let bytes = seeded_bytes(at, 256);
            let mut u = Unstructured::new(&bytes);
            seeds.add("path_parse", path_steps::print(&path_steps::draw(&mut u)));
            seeds.add("path_parse", hostile::path(&mut u));
            seeds.add("path_parse", hostile::reference_path(&mut u));
            seeds.add("intrinsic_parse", hostile::intrinsic(&mut u));
            seeds.add("jsonata_parse", hostile::jsonata(&mut u));
            seeds.add("jsonata_eval", hostile::jsonata(&mut u));
        }
        for name in DECIDING {
            let mut bytes = Bytes::seeded(0);
            let bound =
                if ["document_validate", "machine_relations", "machine_run"].contains(name) { 2048 } else { 256 };
            (0..RANDOM).for_each(|_| seeds.add(name, bytes.input(bound)));
        }
        Ok(seeds)
    }

    fn add(&mut self, target: &'static str, seed: impl AsRef<[u8]>) {
        let seed = seed.as_ref();
        if seed.len() <= LONGEST {
            self.0.entry(target).or_default().insert(seed.to_owned());
        }
    }

    /// The document itself, and every text in it that has a syntax of its own.
    fn document(&mut self, document: &Value) {
        self.add("document_parse", document.to_string());
        let mut pending = vec![document];
        while let Some(value) = pending.pop() {
            match value {
                Value::String(text) => self.text(text),
                Value::Array(items) => pending.extend(items),
                Value::Object(members) => pending.extend(members.values()),
                _ => {}
            }
        }
    }

    fn text(&mut self, text: &str) {
        if text.starts_with('$') {
            self.add("path_parse", text);
        } else if let Some(inner) = text.strip_prefix("{%").and_then(|text| text.strip_suffix("%}")) {
            self.add("jsonata_parse", inner.trim());
            self.add("jsonata_eval", inner.trim());
        } else if text.starts_with("States.") && text.contains('(') {
            self.add("intrinsic_parse", text);
        } else if text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(':') {
            self.add("timestamp", text);
        }
    }

    /// Writes each seed to `corpus/TARGET/`, named by a hash of its bytes, where no file has that name.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, corpus: &Path) -> io::Result<BTreeMap<&'static str, usize>> {
        let mut counts = BTreeMap::new();
        for (target, seeds) in &self.0 {
            let folder = corpus.join(target);
            fs::create_dir_all(&folder)?;
            for seed in seeds {
                let file = folder.join(format!("seed-{:016x}", fnv(seed)));
                if !file.exists() {
                    fs::write(file, seed)?;
                }
            }
            counts.insert(*target, seeds.len());
        }
        Ok(counts)
    }
}

/// FNV-1a: names need to differ, and to stay the same from one version of Rust to the next.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}
