//! Writes the seeds of all targets: `cargo run -p asl-fuzz --example seed_corpus [CORPUS]` at the root of the repository.

use std::{env, io, path::PathBuf};

use asl_fuzz::seeds::Seeds;

fn main() -> io::Result<()> {
    let corpus = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "corpus".to_owned()));
    for (target, count) in Seeds::collect(&corpus.join("machines"))?.write(&corpus)? {
        println!("{target}: {count} seeds");
    }
    Ok(())
}
