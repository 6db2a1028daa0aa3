//! libFuzzer shim of the target `timestamp`.
#![cfg_attr(fuzzing, no_main)]

asl_fuzz::shim!(timestamp);
