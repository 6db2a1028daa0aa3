//! Runs a target on files: `cargo run -p asl-fuzz -- TARGET [--show] FILE...`

fn main() -> std::process::ExitCode {
    asl_fuzz::replay::main(None)
}
