//! libFuzzer shim of the target `machine_run`.
#![cfg_attr(fuzzing, no_main)]

asl_fuzz::shim!(machine_run);
