// An adapter for aws-local-stepfunctions (npm, MIT), which runs in this process.
//
//     npm install aws-local-stepfunctions
//     asl-conformance run --command 'node conformance/adapters/aws-local-stepfunctions.mjs'
//
// The package is looked for from the working folder on.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { serve } from "./wire.mjs";

// The package uses what Node has from version 22 on.
Promise.withResolvers ??= () => {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};

const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const { StateMachine } = require("aws-local-stepfunctions");
const manifest = new URL("../package.json", pathToFileURL(require.resolve("aws-local-stepfunctions")));

const description = {
  name: "aws-local-stepfunctions",
  version: JSON.parse(readFileSync(manifest)).version,
  language: "JavaScript",
  features: ["task"],
  observables: [],
  profiles: ["aws"],
};

async function run(request, callTask) {
  if (request.definition === undefined) return { reply: "unsupported", reason: "definitions as text" };
  if (request.input === undefined) return { reply: "unsupported", reason: "inputs as text" };
  let machine;
  try {
    machine = new StateMachine(request.definition);
  } catch (error) {
    console.error(error);
    return { reply: "invalid" };
  }
  if (request.validateOnly) return { reply: "valid" };
  try {
    const { result } = machine.run(request.input, { overrides: overrides(request.definition, callTask) });
    return { reply: "outcome", status: "SUCCEEDED", output: await result };
  } catch (error) {
    return failed(error);
  }
}

// Task states are answered by the runner. Nothing waits that need not: an override hides what a Path selects, and in
// states that run side by side the time decides what comes first. What waits in earnest may time out: no fault of the engine.
function overrides(definition, callTask) {
  const found = { taskResourceLocalHandlers: {}, waitTimeOverrides: {}, retryIntervalOverrides: {} };
  for (const [name, state, isNested] of states(definition)) {
    if (!isNested) found.retryIntervalOverrides[name] = 0;
    if (!isNested && ("Seconds" in state || "Timestamp" in state)) found.waitTimeOverrides[name] = 0;
    if (state.Type === "Task") found.taskResourceLocalHandlers[name] = (input) => task(name, state.Resource, input, callTask);
  }
  return found;
}

// All states of a machine, nested ones included.
function* states(machine, isNested = false) {
  for (const [name, state] of Object.entries(machine.States ?? {})) {
    yield [name, state, isNested];
    for (const inner of [...(state.Branches ?? []), state.ItemProcessor ?? state.Iterator]) {
      if (inner) yield* states(inner, true);
    }
  }
}

async function task(name, resource, input, callTask) {
  const { result, output, error, cause } = await callTask(name, resource, input);
  if (result === "output") return output;
  const thrown = new Error(cause ?? "");
  thrown.name = result === "timeout" ? "States.Timeout" : (error ?? "");
  throw thrown;
}

function failed(error) {
  if (error.name === "ExecutionTimeoutError") return { reply: "outcome", status: "TIMED_OUT" };
  if (error.name !== "ExecutionError") return { reply: "error", message: `${error.stack ?? error}` };
  const { name, message } = error.cause;
  return { reply: "outcome", status: "FAILED", error: name || undefined, cause: message || undefined };
}

await serve(description, run);
