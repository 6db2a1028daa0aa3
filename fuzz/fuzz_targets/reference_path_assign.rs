//! libFuzzer shim of the target `reference_path_assign`.
#![cfg_attr(fuzzing, no_main)]

asl_fuzz::shim!(reference_path_assign);
