// PostgreSQL ends and is away for a while.
import { until } from "../../services/support/waiting.mjs";
import { Visitors, visitOnce } from "./support/visitors.mjs";

const STORED_MS = 30_000;

export default {
  name: "PostgreSQL stopped 30 s",

  async run(trial) {
    const { world } = trial;
    const { stack } = world;
    const visitors = new Visitors(world);
    await visitors.untilLetIn(performance.now());
    await stack.end("postgres", "SIGINT");
    const away = performance.now();
    await trial.lasting(4000, 30_000);
    trial.expect(
      !visitors.letIn.some(({ at }) => at > away),
      "somebody was let in while nobody could know whether the invitation was used",
    );
    await stack.up();
    trial.took("joins again", await visitors.untilLetIn(performance.now()), 5000);
    await visitors.close();
    const clear = visitors.refusals.filter((code) => code !== "unavailable");
    trial.expect(clear.length === 0, `joins were refused with ${clear.join(", ")}`);
    trial.heardAll();
    await storedOnce(trial, visitors);
  },
};

/** Whoever was let in is in the record once, and their invitation is used. */
export async function storedOnce(trial, visitors) {
  const { stack } = trial.world;
  const ids = visitors.letIn.map(({ id }) => id);
  const counts = () => new Map(stack.sql("SELECT id, count(*) FROM sessions GROUP BY id"));
  await until(() => ids.every((id) => counts().has(id)), "the record", STORED_MS).catch(() => {});
  const stored = counts();
  const wrong = ids.filter((id) => stored.get(id) !== "1");
  trial.expect(wrong.length === 0, `${wrong.length} of ${ids.length} are not in the record once`);
  const refused = visitors.visits.length - visitors.letIn.length;
  trial.note(`${ids.length} joins stored once, ${refused} refused`);
  for (const { room, token } of [visitors.letIn[0], visitors.letIn.at(-1)]) {
    const { outcome } = await visitOnce(stack.origin, room, "again 0", token);
    trial.expect(outcome === "unauthorized", `a used invitation a second time: ${outcome}`);
  }
}
