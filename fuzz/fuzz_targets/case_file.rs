//! libFuzzer shim of the target `case_file`.
#![cfg_attr(fuzzing, no_main)]

asl_fuzz::shim!(case_file);
