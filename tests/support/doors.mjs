// The tables of docs/security.md: who may do what. The program's own tests compare them with the
// program (`HasADoorInTheDocuments…`), so whoever needs a list of events or routes takes it from here.
import { readFileSync } from "node:fs";

const document = readFileSync(new URL("../../docs/security.md", import.meta.url), "utf8");
const WORD = /`([^`]+)`/g;

/** The rows of the first table below a headline, each an array of cells. */
function tableBelow(headline) {
  const [, text] = document.split(`\n${headline}\n`);
  if (text === undefined) throw new Error(`docs/security.md has no headline "${headline}"`);
  const lines = text.split(/\n#{2,3} /)[0].split("\n");
  const rows = lines.filter((line) => line.startsWith("|")).map(cellsOf);
  return rows.slice(2); // the head and the rule below it
}

const cellsOf = (line) => {
  const cells = line.split("|").slice(1, -1);
  return cells.map((cell) => cell.trim());
};
const wordsOf = (cell) => [...cell.matchAll(WORD)].map(([, word]) => word);

/** { operation, method, path, scope } of each row. */
export const restDoors = tableBelow("### REST, at the gateway").map(([operation, asked, scope]) => {
  const [method, path] = wordsOf(asked)[0].split(" ");
  return { operation: wordsOf(operation)[0], method, path, scope: wordsOf(scope)[0] };
});

/** What each client event needs, by its name. */
export const eventDoors = new Map(
  tableBelow("### Socket.IO, at signaling").flatMap(([events, need]) =>
    wordsOf(events).map((name) => [name, need]),
  ),
);
export const allEvents = [...eventDoors.keys()];
/** Those that are refused before a join. */
export const eventsInTheCall = allEvents.filter((name) =>
  eventDoors.get(name).startsWith("to be in the call"),
);

/** { service, callers } of each row. */
export const grpcDoors = tableBelow("### gRPC, between the services").map(([service, callers]) => ({
  service: wordsOf(service)[0],
  callers,
}));

/** { paths, readers } of each row. */
export const pageDoors = tableBelow("### Pages and numbers").map(([paths, readers]) => ({
  paths: wordsOf(paths),
  readers,
}));

/** { paths, readers } of each row. */
export const logDoors = tableBelow("### Logs, at `confab logs` and in `confab serve`").map(
  ([paths, readers]) => ({ paths: wordsOf(paths), readers }),
);

/** { attack, tests, breaks } of each row: files, and names of tests/mutants. */
export const attacks = tableBelow("## Against attacks").map(([attack, , tests, breaks]) => ({
  attack,
  tests: wordsOf(tests),
  breaks: wordsOf(breaks),
}));
