import { parseArgs } from "node:util";

const OTHERS = ["pages", "senders", "lean"];

/** The flags of join_latency.mjs, checked. Throws a sentence for people. */
export function readOptions(flags, scenarios) {
  const { values } = parseArgs({
    args: flags,
    options: {
      joins: { type: "string", default: "30" },
      scenarios: { type: "string", default: scenarios.join() },
      others: { type: "string", default: "pages" },
      clip: { type: "string", default: "640x360@20" },
      json: { type: "string" },
    },
  });
  return {
    joins: readCount(values.joins),
    scenarios: values.scenarios.split(",").map((name) => oneOf(scenarios, "scenarios", name)),
    others: oneOf(OTHERS, "others", values.others),
    clip: readClip(values.clip),
    json: values.json,
  };
}

function readCount(text) {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`--joins ${text}: give a number from 1`);
  return Number(text);
}

function oneOf(known, flag, name) {
  if (!known.includes(name)) throw new Error(`--${flag} ${name}: there are ${known.join(", ")}`);
  return name;
}

function readClip(text) {
  const numbers = /^([1-9]\d*)x([1-9]\d*)@([1-9]\d*)$/.exec(text)?.slice(1).map(Number);
  if (!numbers) throw new Error(`--clip ${text}: write it as 640x360@20`);
  const [width, height, framesPerSecond] = numbers;
  return { width, height, framesPerSecond, frames: 5 * framesPerSecond };
}
