//! libFuzzer shim of the target `machine_relations`.
#![cfg_attr(fuzzing, no_main)]

asl_fuzz::shim!(machine_relations);
