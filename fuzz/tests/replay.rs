//! Every target on its corpus, on its regressions, and on pseudo-random bytes.

use std::{collections::BTreeSet, fs, path::PathBuf};

use asl_fuzz::{TARGETS, Target, random::Bytes, replay};

/// Pseudo-random inputs for each target.
const INPUTS: u64 = 300;
/// They are shorter than this many bytes.
const LONGEST: u64 = 160;

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../corpus")
}

fn replay_folder(target: &Target, folder: PathBuf) -> usize {
    if !folder.exists() {
        return 0;
    }
    let files = replay::files(&folder).unwrap();
    for file in &files {
        // Shown when the property is violated.
        println!("{}", file.display());
        (target.run)(&fs::read(file).unwrap());
    }
    files.len()
}

fn replay(name: &str) {
    let target = asl_fuzz::target(name).unwrap();
    let seeds = replay_folder(target, corpus().join(name));
    assert!(seeds > 0, "{name} has no seeds");
    replay_folder(target, corpus().join("regressions").join(name));
    let mut bytes = Bytes::seeded(1);
    for at in 0..INPUTS {
        println!("pseudo-random input {at}");
        (target.run)(&bytes.input(LONGEST));
    }
}

macro_rules! replays {
    ($($name:ident),+ $(,)?) => {
        const REPLAYED: &[&str] = &[$(stringify!($name)),+];

        $(#[test] fn $name() { replay(stringify!($name)); })+
    };
}

replays!(
    path_parse,
    path_eval,
    reference_path_assign,
    intrinsic_parse,
    intrinsic_eval,
    timestamp,
    choice_eval,
    document_parse,
    document_validate,
    case_file,
    jsonata_eval,
    jsonata_parse,
    machine_relations,
    machine_run,
);

fn names(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned());
    names.collect()
}

#[test]
fn every_target_is_replayed_and_has_a_shim_options_and_a_program() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(REPLAYED.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>(), targets);
    assert_eq!(names("fuzz_targets"), targets);
    assert_eq!(names("options"), targets);
    let manifest = include_str!("../Cargo.toml");
    for name in &targets {
        assert!(manifest.contains(&format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"")), "{name}");
    }
}

#[test]
fn every_folder_of_the_corpus_belongs_to_a_target() {
    for folder in [corpus(), corpus().join("regressions")] {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let is_other = [".gitattributes", "machines", "regressions", "README.md"].contains(&name.as_str());
            assert!(is_other || asl_fuzz::target(&name).is_some(), "{name}");
        }
    }
}

#[test]
fn every_regression_has_its_document() {
    for target in TARGETS {
        let folder = corpus().join("regressions").join(target.name);
        let files = if folder.exists() { replay::files(&folder).unwrap() } else { Vec::new() };
        for file in files {
            assert!(file.with_extension(replay::DOCUMENT).exists(), "{} has no document", file.display());
        }
    }
}

#[test]
fn structured_inputs_are_shown_as_machines_that_are_json() {
    for name in ["path_eval", "reference_path_assign", "intrinsic_eval", "timestamp", "choice_eval"] {
        let mut bytes = Bytes::seeded(2);
        for _ in 0..50 {
            let shown = (asl_fuzz::target(name).unwrap().show)(&bytes.input(LONGEST));
            let document: serde_json::Value = serde_json::from_str(&shown).unwrap();
            assert!(document["States"].is_object(), "{name}: {shown}");
        }
    }
}
