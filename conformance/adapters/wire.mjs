// The protocol of conformance/WIRE.md, for engines in JavaScript.

import { createInterface } from "node:readline";

// Answers the runner until it says stop. `run(request, callTask)` gives the reply to a request, or a promise of it;
// `callTask(state, resource, effectiveInput)` gives a promise of what the task answers: {result: "output", output},
// {result: "error", error, cause} or {result: "timeout"}.
export async function serve(description, run) {
  // Whatever the engine prints would get in between: let it print to standard error.
  console.log = console.info = console.error;
  const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const { type, seq, ...message } = JSON.parse(line.value);
    if (type === "stop") break;
    if (type === "start") send({ type: "started", protocol: 1, ...description });
    if (type === "run") {
      // Calls of branches that run side by side are answered in the order in which they are made.
      const callTask = async (state, resource, input) => {
        send({ type: "task", seq, state, resource, input });
        return JSON.parse((await lines.next()).value);
      };
      send({ type: "reply", seq, ...(await run(message, callTask)) });
    }
  }
  process.exit(0);
}
