//! libFuzzer shim of the target `path_eval`.
#![cfg_attr(fuzzing, no_main)]

asl_fuzz::shim!(path_eval);
