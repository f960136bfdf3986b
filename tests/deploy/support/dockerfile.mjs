import { readFileSync } from "node:fs";
import { ROOT } from "./compose.mjs";

export const dockerfileText = () => readFileSync(`${ROOT}Dockerfile`, "utf8");

/**
 * The stages, in order: { name, base, steps: [{ word, text }] }. Comments and continued lines are
 * resolved; flags stay in the text.
 */
export function readDockerfile(text = dockerfileText()) {
  const lines = text.replaceAll(/^\s*#.*\n/gm, "").replaceAll(/\\\n\s*/g, " ");
  const stages = [];
  for (const line of lines.split("\n").filter((each) => each.trim())) {
    const [, word, rest] = /^(\S+)\s+(.*)$/.exec(line);
    const from = word === "FROM" && /^(\S+)(?: AS (\S+))?$/.exec(rest);
    if (from) stages.push({ name: from[2], base: from[1], steps: [] });
    else stages.at(-1).steps.push({ word, text: rest });
  }
  return stages;
}

export const stepsOf = (stage, word) =>
  stage.steps.filter((step) => step.word === word).map(({ text }) => text);

/** NAME=VALUE pairs of the ENV steps. */
export const environmentOf = (stage) =>
  Object.fromEntries(
    stepsOf(stage, "ENV").flatMap((text) =>
      [...text.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
    ),
  );

/** Of the COPY steps, what comes from the repository. */
export const copiedFrom = (stage) =>
  stepsOf(stage, "COPY")
    .filter((text) => !text.startsWith("--from="))
    .flatMap((text) => text.split(/\s+/).slice(0, -1));

/** The stages that are named by COPY --from and by mounts. */
export const stagesUsed = (stage) =>
  stage.steps.flatMap(({ text }) =>
    [...text.matchAll(/(?:--from=|,from=)([\w-]+)/g)].map(([, name]) => name),
  );

/** What .dockerignore leaves out, as its lines. */
export const ignored = () =>
  readFileSync(`${ROOT}.dockerignore`, "utf8")
    .split("\n")
    .filter((line) => line && !line.startsWith("#"));
