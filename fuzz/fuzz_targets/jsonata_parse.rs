//! libFuzzer shim of the target `jsonata_parse`.
#![cfg_attr(fuzzing, no_main)]

asl_fuzz::shim!(jsonata_parse);
