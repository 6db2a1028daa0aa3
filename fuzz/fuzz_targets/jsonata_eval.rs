//! libFuzzer shim of the target `jsonata_eval`.
#![cfg_attr(fuzzing, no_main)]

asl_fuzz::shim!(jsonata_eval);
